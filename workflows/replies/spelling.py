"""Spelling tables: contractions, texting shorthand, typing slips and emoji, each to its plain form."""

from __future__ import annotations

from typing import Final

# What may carry an 's that means "is" (elsewhere it is a possessive and is simply dropped).
TAKES_IS: Final = ("that", "it", "what", "where", "who", "how", "there", "here", "when", "everything", "he", "she")
SUFFIXES: Final = (("ll", "will"), ("m", "am"), ("d", "would"), ("re", "are"), ("ve", "have"))

SHORTHAND: Final[dict[str, str]] = {
    "thats": "that is", "thts": "that is", "its": "it is", "im": "i am", "ive": "i have", "youre": "you are",
    "theyre": "they are", "lets": "let us", "whats": "what is", "wheres": "where is", "hows": "how is",
    "whos": "who is", "dont": "do not", "doesnt": "does not", "didnt": "did not", "wont": "will not",
    "cant": "can not", "cannot": "can not", "cnt": "can not", "couldnt": "could not", "wouldnt": "would not",
    "isnt": "is not", "arent": "are not", "wasnt": "was not", "shouldnt": "should not", "havent": "have not",
    "hasnt": "has not", "aint": "am not", "itll": "it will", "thatll": "that will", "gonna": "going to",
    "wanna": "want to", "gotta": "got to", "gimme": "give me", "lemme": "let me", "dunno": "do not know",
    "pls": "please", "plz": "please", "plse": "please", "plese": "please", "pleas": "please", "u": "you", "ur": "your",
    "thx": "thanks", "tx": "thanks", "ty": "thanks", "tks": "thanks", "thnx": "thanks",
    "thnks": "thanks", "thanx": "thanks", "tysm": "thanks", "cheers": "thanks",
    "appt": "appointment", "appts": "appointments", "appmt": "appointment", "apptment": "appointment",
    "apt": "appointment", "apointment": "appointment", "resched": "reschedule",
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "2moro": "tomorrow", "2morrow": "tomorrow",
    "2mrw": "tomorrow", "tomorow": "tomorrow", "tommorow": "tomorrow", "tommorrow": "tomorrow", "tonite": "tonight",
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "weds": "wednesday",
    "thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday", "msg": "message",
    "msgs": "messages", "txt": "text", "txts": "texts", "txting": "texting", "texing": "texting",
    "msging": "messaging", "cuz": "because", "bc": "because", "tho": "though", "k": "ok", "kk": "ok",
    "okay": "ok", "okey": "ok", "okie": "ok", "oki": "ok", "okk": "ok", "okayy": "ok", "ohk": "ok",
    "yess": "yes", "yse": "yes", "yesh": "yes", "yas": "yes", "ys": "yes", "yea": "yeah",
    "yeh": "yeah", "yeahh": "yeah", "yah": "yeah", "yeap": "yep", "yepp": "yep", "yupp": "yup",
    "surre": "sure", "shure": "sure", "noo": "no", "nop": "nope", "np": "no problem", "idk": "i do not know",
    "sii": "si", "comfirm": "confirm", "comfirmed": "confirmed", "conferm": "confirm", "xq": "porque",
    "pq": "porque", "q": "que", "grax": "gracias", "min": "minutes", "mins": "minutes",
    "minute": "minutes", "hr": "hours", "hrs": "hours", "hour": "hours", "oclock": "o clock", "omw": "on my way",
    "alrite": "alright", "aight": "alright", "gr8": "great", "cu": "see you",
}  # fmt: skip

# Words worth recognising when one letter is missing or two are swapped. Long ones only: short slips hit real words.
SLIPPABLE: Final = (
    "appointment", "reschedule", "confirm", "confirmed", "confirmo", "cancel", "tomorrow", "correct", "perfect",
    "please", "thanks", "definitely", "absolutely", "available", "instead", "morning", "afternoon", "evening",
    "wednesday", "thursday", "saturday", "unsubscribe", "running", "traffic", "sounds",
)  # fmt: skip


def _slips(word: str) -> set[str]:
    missing = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
    doubled = {word[: i + 1] + word[i:] for i in range(len(word))}
    return missing | swapped | doubled


def _all_slips() -> dict[str, str]:
    real = {*SLIPPABLE, "tanks", "sound", "confirms", "please", "pleas", "cancer", "thank", "thanks"}
    return {slip: word for word in SLIPPABLE for slip in _slips(word) if slip not in real}


WORDS: Final[dict[str, str]] = _all_slips() | SHORTHAND

# An emoji that can be irony ("hm") must stay a word that no rule explains.
EMOJI: Final[dict[str, str]] = (
    dict.fromkeys("\U0001f44d\u2705\u2714\u2611\U0001f4af\U0001f197\U0001f44c", "yes")
    | dict.fromkeys("\U0001f64f", "thanks")
    | dict.fromkeys("\U0001f44e\u274c\u2716\U0001f645", "no")
    | dict.fromkeys(
        "\U0001f642\U0001f60a\U0001f600\U0001f603\U0001f604\U0001f601\u2764\U0001f495\U0001f917\u263a\U0001f60d", " "
    )
    | dict.fromkeys(
        "\U0001f644\U0001f612\U0001f914\U0001f602\U0001f923\U0001f605\U0001f62d\U0001f621\U0001f620\U0001f643\U0001f937",
        "hm",
    )
)
