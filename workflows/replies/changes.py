"""Wishes to move, wishes to cancel, and news of being late."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from workflows.replies.grammar import anywhere
from workflows.replies.times import TIME
from workflows.replies.vocabulary import VOCABULARY

_CHANGE_VOCABULARY: Final = VOCABULARY | {
    "move": (
        "reschedule", "rescheduling", "move", "change", "push", "push back", "postpone", "shift", "switch",
        "rearrange", "bring forward", "delay", "rebook", "modify", "update", "changing", "moving",
    ),
    "kill": (
        "cancel", "cancell", "cancelling", "canceling", "delete", "remove", "erase", "annul", "call off",
        "get rid of", "drop", "scrap", "undo", "void", "cancelar", "cancele", "cancelen", "anular", "dismiss",
        "repeal", "unbook", "unreserve", "close", "forget", "clear", "eliminate", "kill", "cancela",
    ),
    "my": (
        "my", "the", "our", "this", "that", "his", "her", "their", "your", "a", "any", "all my", "all of my",
        "all the", "all", "mi", "la", "el", "nuestra", "esta", "mis", "las", "my next", "my upcoming", "the next",
        "my whole", "these", "my son", "my daughter", "all of the", "all these", "my kids",
    ),
    "other": ("other", "another", "different", "new", "later", "earlier", "better", "otro", "otra", "alternative",
    "diferente"),
    "can": ("can", "could", "may", "might", "would", "will"),
    "not_able": (
        "can not", "could not", "will not", "will not be able to", "am not able to", "are not able to",
        "is not able to", "am unable to", "are unable to", "unable to", "will be unable to", "not able to",
        "am not going to be able to", "would not be able to", "am not gonna be able to", "will no longer be able to",
        "can no longer", "not going to", "am not going to",
    ),
    "come": ("come", "make it", "attend", "be there", "go", "be coming", "be able to come", "show up",
    "be attending", "keep the", "keep my"),
    "slot": ("day", "date", "time", "week", "slot", "hour"),
}  # fmt: skip

# Plainly about moving the visit, whatever we asked before.
_MOVE_VISIT: Final = (
    "{move} {my} {visit}", "{move} the time of {my} {visit}", "{move} the date of {my} {visit}", "reschedule",
    "rescheduling", "reschedule [{that}] [{visit}]", "{move} {my} dental {visit}", "reprogramar",
    "cambiar {my} {visit}", "mover {my} {visit}", "reagendar", "posponer {my} {visit}",
    "{move} {my} {day} of {my} {visit}", "rebook", "cambiar la hora", "cambiar la fecha", "cambiar el dia",
    "{other} {day} for {my} {visit}", "{move} {visit} to",
)  # fmt: skip
# About moving it, when a visit is what we are talking about.
_MOVE_CUE: Final = (
    "{move}", "{other} {day}", "make it", "make that", "make the", "instead", "how about", "what about", "rather",
    "prefer", "should be", "book it", "book the", "book an", "schedule it", "set it", "do it", "actually",
    "better", "want", "would like", "need", "wish", "let us", "looking for", "meant", "i said", "is there",
    "do you have", "can i", "can we", "can you", "could i", "could we", "could you", "will you", "would you",
    "book", "try", "reserve", "is it possible", "i am", "we are", "going to be", "want it", "schedule",
    "works better", "would work", "would be", "can it", "could it", "cambiar", "mejor", "otro dia", "otra hora",
    "puede ser", "podria ser", "podemos", "quisiera", "prefiero", "find", "search", "until", "before", "after",
    "hasta", "antes de", "despues de", "buy", "look for", "let the", "be for", "is for", "is on", "is at",
    "will be", "should", "check for", "planning",
)  # fmt: skip
_MOVE_VAGUE: Final = (
    "{other} {slot}", "{move} the {slot}", "{move} my {slot}", "{move} it", "{move} to {other} {slot}",
    "need to {move}", "want to {move}", "would like to {move}", "{move} the check", "{can} i {move}",
    "{can} we {move}", "{can} you {move}", "anything later", "anything earlier", "anything sooner",
    "anything else available", "anything on", "later in the {slot}", "earlier in the {slot}", "any other {slot}",
    "any openings", "otro dia", "otra hora", "otra fecha", "cambiar la {visit}", "cambiar mi {visit}",
)  # fmt: skip
RETRY: Final = re.compile(
    r"\b(?:try|attempt|again|rebook|retry|make (?:it|the|a|that)|how about|what about|instead|book|reservation"
    r"|reserve|appointment|"
    r"schedule|check for|search|look)\b"
)
ASKS_ABOUT_OURS: Final = re.compile(
    r"^(?:and |so |but |sorry |wait |just |ok )*(?:(?:is|was|are) (?:it|my|the|that|this|everything|they|he|she)\b"
    r"|what time|what day|when|where|who|why|how (?:long|much|many|far)|do i|did i|am i|does)"
)
_CANCEL_VISIT: Final = (
    "{kill} {my} {visit}", "{kill} {visit}", "{kill} tomorrow {visit}", "{kill} today {visit}",
    "{kill} tonight {visit}", "{my} {visit} cancelled", "{my} {visit} canceled", "{visit} to cancelled",
    "{visit} to canceled", "{my} {visit} to be cancelled", "{my} {visit} to be canceled", "not need {my} {visit}",
    "no longer need {my} {visit}", "not want {my} {visit}", "no longer want {my} {visit}",
    "not require {my} {visit}", "no longer require {my} {visit}", "not going to need {my} {visit}",
    "{my} {visit} is no longer needed", "{my} {visit} is not needed", "{my} {visit} is not required",
    "take me off the schedule",
)  # fmt: skip
CANCEL_LOOSE: Final = re.compile(
    r"\b(?:cancel|delete|remove|erase|cancelar|cancele|annul|call off|clear|get rid of|drop|scrap|dismiss|undo"
    r"|close|clean) "
    r"(?:off |up |out )?(?:all |of |my |the |our |this |that |next |upcoming |his |her |mi |la |any |future "
    r"|tomorrows |todays |tonights )+(?:\w+ ){0,4}?"
    rf"(?:{'|'.join(VOCABULARY['visit'])}) "
)
_NOT_COMING: Final = (
    "{not_able} {come}", "not coming", "no longer coming", "no puedo ir", "no podre ir", "no voy a ir",
    "no puedo asistir", "no podre asistir", "no voy a poder ir", "no ire", "no asistire", "no vamos a ir",
    "no podemos ir", "no puedo llegar", "not attending", "not be attending", "not going to make it",
    "not gonna make it", "not be there", "have to miss", "going to miss", "need to miss", "not make it",
    "not going to be there", "no voy a poder asistir", "no voy", "no podremos ir", "no llegare",
    "no voy a llegar", "no podre llegar", "not be able to make it",
)  # fmt: skip
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
    r"|no (?:cancele|cancelen|cancelar|quiero cancelar)|not cancel|never cancel|did you cancel|you cancel"
    r"|you cancelled|you canceled|was cancelled|was canceled"
    r"|cancellation (?:policy|fee)|cancel fee|to cancel fee|if i cancel|should i cancel|might|may not|may (?:have"
    r"|need) to"
    r"|maybe|not sure|unless|if i|do i (?:need|have) to cancel|why|not .*but (?!thank)|without|in case"
    r"|instead of cancel|charge|not .*(?:yes|will be there|see you))\b"
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
_VISIT_NOUN: Final = re.compile(rf"\b(?:{'|'.join(VOCABULARY['visit'])})\b")
# Words that may stand around a lone time: "no, on the 7th".
_AROUND_A_TIME: Final = frozenset(
    (
        "no", "nope", "not", "on", "at", "for", "the", "of", "in", "a", "an", "to", "from", "by", "and", "wait",
        "sorry", "it", "is", "actually", "wrong", "right", "that", "this", "please", "oh", "am", "pm", "correct",
        "un", "mejor", "la", "el", "las", "oops", "day", "week",
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
    r"\b(?:no|not|unable|miss|take|x)\b|\b(?:cancel|delet|remov|eras|annul|call off|get rid|drop|scrap|undo|void|anular"
    r"|dismiss|repeal|unbook|unreserve|clos|forget|clear|clean|eliminate|kill)"
)


# A day or time that belongs to something else than this visit.
_OTHER_BUSINESS: Final = re.compile(
    r"\b(?:leave by|need to leave|be done|finish\w*|out by|get off|pick (?:me|him|her|us) up|copy|records?|bill"
    r"|invoice|receipt"
    r"|x rays?|prescription|refill|results?|insurance|i had|i was"
    r"|(?:sons?|daughters?|husbands?|wifes?|mothers?|fathers?|kids?|childs?) (?:appointment|visit|has|needs|can"
    r"|will))\b"
)


@cache
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Compiled when the first reply is read: it takes a good part of a second, and most processes read none."""
    return anywhere(forms, vocabulary=_CHANGE_VOCABULARY)


def _finds(forms: tuple[str, ...], words: str) -> bool:
    return _pattern(forms).search(words) is not None


def asks_for_that_time(words: str) -> bool:
    """Of words that name a time: do they ask for it?"""
    if _OTHER_BUSINESS.search(words):
        return False
    return _finds(_MOVE_CUE, words) or only_time(words)


# "Cancel it, yes" and "no, cancel my visit" answer something; where we asked nothing, that was somebody else.
ANSWERS_SOMETHING: Final = re.compile(r"^(?:yes|no|yeah|yep|nope) |(?:yes|no|yeah|yep|nope) $")


def wants_visit_moved(words: str) -> bool:
    return _finds(_MOVE_VISIT, words) and not _MOVE_TRAP.search(words)


def wants_vague_change(words: str) -> bool:
    return _finds(_MOVE_VAGUE, words) and not _MOVE_TRAP.search(words)


def wants_cancel(words: str, *, visit_is_topic: bool, new_time: bool) -> bool:
    """`visit_is_topic`: we have just asked about the visit, so "cannot come" needs no noun.

    `new_time`: a time that we did not name. "Cannot come until Friday" is a wish to move, not to cancel.
    """
    if not _MAY_CANCEL.search(words):
        return False
    if CANCEL_TRAP.search(words) or _finds(_MOVE_VAGUE, words) or _MOVES.search(words):
        return False
    if _finds(_CANCEL_VISIT, words) or CANCEL_LOOSE.search(words):
        return True
    if new_time:
        return False
    not_coming = _finds(_NOT_COMING, words)
    if visit_is_topic:
        return not_coming or BARE_CANCEL_WORDS.search(words) is not None
    return not_coming and _VISIT_NOUN.search(words) is not None


def only_time(words: str) -> bool:
    rest = TIME.sub("", words)
    return all(word in _AROUND_A_TIME for word in rest.split())
