"""What a reply to "will you come?" wishes: another time, not to come, to be waited for.

The lists of `wordlists.Changes` say it all.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from workflows.replies.meanings import favours
from workflows.replies.text.normalize import sentences
from workflows.replies.words import wordlists
from workflows.replies.words.grammar import anywhere

# "Out sick, can't": nothing follows, so the visit is meant.
_UNFINISHED: Final = re.compile(r"\b(?:i )?(?:can not|no puedo) (?:sorry |thanks |thank you |perdon |gracias )*$")


# "Cancel. Knees better": the first word says it.
_CANCEL_FIRST: Final = re.compile(
    r"^(?:please |hi |hello |sorry |ok |yes |no |nah |hola |perdon |buenas )*"
    r"(?:cancel|cancelar|cancelen|cancele|cancela|anular) (?!fee |policy |text|message|reminder|subscription|order )"
    r"(?!(?:my|our|mi) )"
)
# "Perfect, I'll be in Spain then": whoever is in another place is not here.
_IN_A_PLACE: Final = re.compile(
    r"\b(?:(?:am|be|estare|estoy|(?:voy|vamos|va) a estar) (?:on site |out |over |up |down |away |back |stuck |fuera )?"
    r"|working |trabajando )(?:(?:in|at|en) (?:the |my |el |la |mi )?|on (?:a|an) )(\S+) "
)
_HERE: Final = frozenset(
    (
        "then", "there", "for", "time", "on", "at", "by", "person", "your", "office", "clinic", "today", "tomorrow",
        "manana", "persona", "punto", "about", "around", "early", "a", "su", "consultorio", "clinica", "waiting",
        "morning", "afternoon", "evening", "tarde",
    )
)  # fmt: skip
# Longer messages tell a story: what is said in them is rarely an answer.
_MOST_WORDS: Final = 24


def is_late(words: str) -> bool:
    return _finds("late", words) and not is_no_lateness(words)


def says_when_they_arrive(words: str) -> bool:
    return _finds("arrives", words)


def is_other_business(words: str) -> bool:
    """A day or hour is that of a call, an answer or a schedule: "call me after 6", "le contesto mas tarde"."""
    return _finds("other_business", words)


def turns(words: str) -> bool:
    """An X with more behind it than why."""
    return _finds("x_trap", words)


def wants_no_new_time(words: str) -> bool:
    return _finds("no_new_time", words)


def without_refusals(words: str) -> str:
    """Without "no need to rebook", which wishes for nothing, where somebody does not come."""
    rest = _pattern("no_new_time").sub(". ", words)
    bare = "".join(sentence.words for sentence in sentences(rest))
    return rest if wants_cancel(bare) or will_not_come(bare) or _finds("not_coming", bare) else words


def is_no_lateness(words: str) -> bool:
    return _finds("late_trap", words) or is_not_late(words)


def is_not_late(words: str) -> bool:
    """ "Sorry for the late reply", "no voy a llegar tarde": plainer than a trap."""
    return _finds("not_late", words)


def wants_move(words: str) -> bool:
    return _finds("move_now", words) and not _finds("move_trap", words)


def wants_cancel(words: str) -> bool:
    """Asks for it in so many words."""
    found = _finds("cancel_now", words) or _CANCEL_FIRST.match(words) is not None
    return found and not is_no_cancel(words) and not _finds("move_now", words)


def will_not_come(words: str) -> bool:
    found = _finds("not_arriving", words) or _UNFINISHED.search(words) is not None
    return found and not is_no_cancel(words) and not _finds("move_now", words)


def asks_for_time(words: str) -> bool:
    """Of a question that names another day or hour: does it wish for it?"""
    return wishes_time(words) and not _finds("no_wish", words)


def wishes_time(words: str) -> bool:
    return _finds("wish_for_time", words)


def takes_back(words: str) -> bool:
    """ "X no sorry typo. C": which of the two counts, only a person can tell."""
    return _finds("corrected", words)


def is_no_yes(words: str) -> bool:
    """ "Will confirm tomorrow", "Tuesday is my birthday"."""
    return is_elsewhere(words) or favours.goes_elsewhere(words) or _finds("not_yet", words)


def is_elsewhere(words: str) -> bool:
    """Whoever is in a place that is not the clinic does not come, whatever yes stands beside it."""
    return any(place not in _HERE for place in _IN_A_PLACE.findall(words))


def is_more_than_asked(words: str) -> bool:
    """ "Can I come later", "who is Denise lol": a wish or an outcry in the shape of a question."""
    return _finds("ask_trap", words)


def is_no_move(words: str) -> bool:
    return _finds("move_trap", words)


def is_no_cancel(words: str) -> bool:
    """ "Not coming alone", "if it rains I won't make it", "he can't come to the phone"."""
    return _finds("cancel_trap", words) or says_it_stands(words)


def says_it_stands(words: str) -> bool:
    """ "Don't give it to someone else", "cancel that, I'm coming"."""
    return _finds("stays", words)


def is_on(words: str, *, marked: str) -> bool:
    """The visit stands, or "cancel my ride" is about another thing: `marked` has the commas, for "I have to cancel, my
    sitter is sick" is about the visit."""
    return says_it_stands(words) or _finds("other_thing", marked)


def _finds(idea: str, words: str) -> bool:
    """`idea`: a list of `wordlists.Changes`."""
    return words.count(" ") <= _MOST_WORDS and _pattern(idea).search(words) is not None


@cache
def _pattern(idea: str) -> re.Pattern[str]:
    """Compiled when the first reply is read."""
    return anywhere(getattr(wordlists.everything().changes, idea), vocabulary=wordlists.vocabulary())
