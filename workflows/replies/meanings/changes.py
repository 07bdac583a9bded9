"""Wishes to move, wishes to cancel, and news of being late."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from workflows.replies.meanings import wishes
from workflows.replies.meanings.wishes import is_no_cancel, is_no_move, wishes_time
from workflows.replies.words import wordlists
from workflows.replies.words.grammar import anywhere

_VISIT: Final = "|".join(wordlists.vocabulary()["visit"])
RETRY: Final = re.compile(
    r"\b(?:try|attempt|again|rebook|retry|make (?:it|the|a|that)|how about|what about|instead|book|reservation"
    r"|reserve|appointment|"
    r"schedule|check for|search|look)\b"
)
ASKS_ABOUT_OURS: Final = re.compile(
    r"^(?:and |so |but |sorry |wait |just |ok )*"
    r"(?:(?:is|was|are)(?: not)? (?:it|my|the|that|this|everything|they|he|she)\b"
    r"|(?:mine|my (?:appointment|visit)) (?:is|was) |(?:no )?(?:es|era) (?:el|la|a|para|de|mi)\b"
    r"|what time|what day|when|where|who|why|how (?:long|much|many|far)|do i|did i|am i|does)"
)
CANCEL_LOOSE: Final = re.compile(
    r"\b(?:cancel|delete|remove|erase|cancelar|cancele|annul|call off|clear|get rid of|drop|scrap|dismiss|undo"
    r"|close|clean) "
    r"(?:off |up |out )?(?:all |of |my |the |our |this |that |next |upcoming |his |her |mi |la |any |future "
    r"|tomorrows |todays |tonights )+(?:\w+ ){0,4}?"
    rf"(?:{_VISIT}) "
)
BARE_CANCEL_WORDS: Final = re.compile(
    r"^(?:please |yes |ok |no |just |i (?:want|need|have|would like) to |i will |can you |can i |sorry |hi |hello "
    r"|quiero |necesito |deseo |hola |por favor )*"
    r"(?:x|cancel|cancelar|cancele|cancelled|canceled|cancela) (?:please |it |this |that |thanks |thank you "
    r"|for me |mine |por favor |gracias )*$"
)
# A cancel word that is not this person's wish to cancel.
CANCEL_TRAP: Final = re.compile(
    r"\b(?:(?:do|did|does|will|would|should|can|could|must|may|might) not (?:want to |need to |wish to |have to "
    r"|wanna )?(?:cancel|delete|remove)"
    r"|no (?:cancele|cancelen|cancelar|quiero cancelar)|not cancel|never cancel|did you cancel"
    r"|(?<!can )(?<!could )(?<!would )(?<!will )you cancel"
    r"|you cancelled|you canceled|was cancelled|was canceled"
    r"|cancellation (?:policy|fee)|cancel fee|to cancel fee|if i cancel|should i cancel|might|may not|may (?:have"
    r"|need) to"
    r"|maybe|not sure|unless|if i|do i (?:need|have) to cancel|why|not .*but (?!thank)|without|in case"
    r"|instead of cancel|charge|not cancell?ing|already cancell?ed|i can come but"
    r"|not .*(?:yes|will be there|see you))\b"
    r"|\b(?:friends?|persons?|people|guests?|others?|of (?:us|them|my friends)) (?:who |that )?(?:can|could|will|is"
    r"|are|am) not "
)
_MOVE_TRAP: Final = re.compile(
    r"\b(?:not (?:want to |need to |have to |wish to )?(?:reschedul\w+|move|change)|no need to (?:reschedule|change"
    r"|move)|never|resched\w+ (?:policy|fee)"
    r"|did you|you (?:rescheduled|moved|changed)|(?:was|been|got) (?:rescheduled|moved|changed)|why|without|if i"
    r"|might|maybe|not sure|cancel\w*)\b"
)
_MOVES: Final = re.compile(
    r"\b(?:instead|reschedul\w*|rebook|move|(?<!not )(?<!to )make it|how about|what about|another|until|different)\b"
)
_VISIT_NOUN: Final = re.compile(rf"\b(?:{_VISIT})\b")
# Words that may stand around a lone time: "no, on the 7th".
_AROUND_A_TIME: Final = frozenset(
    (
        "no", "nope", "not", "on", "at", "for", "the", "of", "in", "a", "an", "to", "from", "by", "and", "wait",
        "sorry", "it", "is", "actually", "wrong", "right", "that", "this", "please", "oh", "am", "pm", "correct",
        "un", "mejor", "la", "el", "las", "oops", "day", "week", "but", "pero", "only", "solo", "can", "could", "be",
        "yes", "yeah", "ok", "si", "like", "sea", "que", "or", "o", "y",
    )
)  # fmt: skip
_WHO_IS_LATE: Final = r"(?:i|we|he|she|they|am|is|will|would|might|may|could|probably|gonna|going to|going)"
LATE: Final = re.compile(
    rf"\b(?:running (?:a (?:bit|little|few|tad) |very |super |so |\d+ minutes )?(?:late|behind)|(?:minutes"
    rf"|hours) (?:late|behind)"
    rf"|{_WHO_IS_LATE} (?:be |a (?:bit|little|tad|few minutes) |about \d+ minutes |slightly |probably |arrive "
    rf"|come |get there |running )*late\b"
    r"|(?:be|get) there in (?:about |like )?(?:\d+|a few|five|ten|fifteen|twenty) (?:more )?minutes|stuck (?:in"
    r"|behind)|(?:in|heavy|bad|of|to|the|hit) traffic"
    r"|traffic (?:jam|is)|held up|got delayed|am delayed|\d+ minutes away|on my way (?:\w+ )?\d+ minutes"
    r"|late (?:by )?(?:about )?\d+ minutes"
    r"|(?:llego|llegare|llegar|voy|llegamos|llegaremos|vamos) (?:un poco |unos minutos |\d+ minut\w+ )?(?:tarde"
    r"|retrasad\w+)|minutos tarde|atascad[oa]|mucho trafico|hay trafico|retrasad[oa])\b"
)


# Cheap look before the long patterns: without one of these no form of cancelling can match.
_MAY_CANCEL: Final = re.compile(
    r"\b(?:no|not|unable|miss|take|scratch|strike|cross|d/c|x)\b"
    r"|\b(?:cancel|delet|remov|eras|annul|call off|get rid|drop|scrap|undo|void|anular"
    r"|dismiss|repeal|unbook|unreserve|clos|forget|clear|clean|eliminate|kill)"
)


# A day or time that belongs to something else than this visit.
OTHER_BUSINESS: Final = re.compile(
    r"\b(?:eat|eating|drink|drinking|fast|fasting|taking|comer|beber|ayunas|ayuno"
    r"|leave by|need to leave|be done|finish\w*|out by|get off|pick (?:me|him|her|us) up|copy|records?|bill"
    r"|invoice|receipt"
    r"|x rays?|prescription|refill|results?|insurance|i had|i was"
    r"|call me|text me|birthday|meds|medicine|medication|pills|llamame|llameme"
    r"|(?:sons?|daughters?|husbands?|wifes?|mothers?|fathers?|kids?|childs?) (?:appointment|visit|has|needs|can"
    r"|will))\b"
)


# What fills a day besides this visit: its hour is a wish only where one is said.
_ELSEWHERE: Final = re.compile(r"\b(?:work|works|trabajo|home|school|class|meeting|casa|escuela|clase)\b")


@cache
def _pattern(idea: str) -> re.Pattern[str]:
    """Compiled when the first reply is read: it takes a good part of a second, and most processes read none."""
    return anywhere(getattr(wordlists.everything().changes, idea), vocabulary=wordlists.vocabulary())


def _finds(idea: str, words: str) -> bool:
    """`idea`: a list of `wordlists.Changes`."""
    return _pattern(idea).search(words) is not None


def asks_for_that_time(words: str, *, around: str) -> bool:
    """Of words that name a time: do they ask for it? `around`: the same words without the days and hours."""
    if is_other_business(words) or (_ELSEWHERE.search(words) and not wishes_time(words)):
        return False
    return _finds("move_cue", words) or only_time(around)


def is_other_business(words: str) -> bool:
    return OTHER_BUSINESS.search(words) is not None or wishes.is_other_business(words)


# "Cancel it, yes" and "no, cancel my visit" answer something; where we asked nothing, that was somebody else.
ANSWERS_SOMETHING: Final = re.compile(r"^(?:yes|no|yeah|yep|nope) |(?:yes|no|yeah|yep|nope) $")


def wants_visit_moved(words: str) -> bool:
    return _finds("move_visit", words) and not _is_no_move(words)


def wants_vague_change(words: str) -> bool:
    return _finds("move_vague", words) and not _is_no_move(words)


def _is_no_move(words: str) -> bool:
    return _MOVE_TRAP.search(words) is not None or is_no_move(words)


def wants_cancel(words: str, *, visit_is_topic: bool, new_time: bool) -> bool:
    """`visit_is_topic`: we have just asked about the visit, so "cannot come" needs no noun.

    `new_time`: a time that we did not name. "Cannot come until Friday" is a wish to move, not to cancel.
    """
    if not _MAY_CANCEL.search(words):
        return False
    if CANCEL_TRAP.search(words) or _finds("move_vague", words) or _MOVES.search(words):
        return False
    if _finds("cancel_visit", words) or CANCEL_LOOSE.search(words):
        return True
    if new_time:
        return False
    not_coming = says_not_coming(words)
    if visit_is_topic:
        return not_coming or BARE_CANCEL_WORDS.search(words) is not None
    return not_coming and _VISIT_NOUN.search(words) is not None


def says_not_coming(words: str) -> bool:
    return _finds("not_coming", words) and not is_no_cancel(words)


def only_time(around: str) -> bool:
    return all(word in _AROUND_A_TIME or word in ".,?" for word in around.split())
