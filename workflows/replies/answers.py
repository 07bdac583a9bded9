"""How people say yes, no and thanks: whole phrases, so that an unexplained word is always noticed."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import cache
from typing import Final

from workflows.replies.grammar import compile_forms
from workflows.replies.vocabulary import VOCABULARY


class Piece(Enum):
    YES = auto()
    DO_IT = auto()
    NO = auto()
    ENOUGH = auto()
    POLITE = auto()


YES_FORMS: Final = (
    "{yes}", "{great} [{too}] [{for_me}]", "{it} {be} [{very}] {good} [{too}] [{for_me}] [{too}]",
    "{be} [{very}] {good} [{too}] [{for_me}] [{too}]", "{it} [{very}] {work} [{very}] [{well}] [{for_me}] [{too}]",
    "{work} [{very}] [{well}] {for_me} [{too}]", "{very} {great} [{for_me}]", "works", "will do",
    "i [{very}] {agree} [with] [{that}] [{for_me}]", "{someone} {will} be there [{when}]", "{someone} {will} be here",
    "see you [{when}]", "see you all [{when}]", "looking forward to {that}", "looking forward to seeing you",
    "{someone} {will} make it", "{someone} can make it", "{someone} can come", "{someone} {will} come",
    "{someone} {will} attend", "{someone} can attend", "{someone} am coming", "{someone} are coming",
    "{someone} is coming", "{someone} {will} see you [{when}]", "confirm",
    "confirm [my] [the] [our] [{that}] [{visit}] [{when}]", "confirming", "i confirm my {visit}",
    "i confirm the {visit}", "i confirm", "i am confirming [{that}]", "i do confirm [{that}]",
    "i can confirm [{that}]", "i would like to confirm [{that}]", "i want to confirm [{that}]",
    "i would like to confirm my {visit}", "that is confirmed", "it is confirmed", "consider it confirmed",
    "consider me confirmed", "confirmed [{for_me}]", "i confirm all", "i accept [{that}]", "{it} is", "{it} does",
    "{it} will", "{it} would", "{it} are", "{it} should", "you are [{very}] {good}", "you are [{very}] correct",
    "you got {that} [{good}]", "you have {that} [{good}]", "you have got {that} [{good}]", "you did",
    "you got it all {good}", "you have it", "you have got it", "i am [{very}] {good} with {that}",
    "i am [{very}] happy with {that}", "i am okay with {that}", "i like {that}", "i love {that}",
    "i like the sound of {that}", "i will take {that}", "i would like to do that", "no problem", "no problem at all",
    "not a problem", "no worries", "that is what i want", "that is what i need", "that is what i said",
    "you read my mind", "confirmo", "confirmado", "confirmada", "confirmo mi {visit}", "confirmo la {visit}",
    "confirmo asistencia", "confirmo mi asistencia", "confirmo que voy", "esta bien", "todo bien", "esta perfecto",
    "me parece bien", "muy bien", "bien", "asistire", "ahi estare", "alli estare", "ahi estaremos", "alli estaremos",
    "nos vemos [manana] [alli] [ahi]", "voy a ir", "ahi voy a estar", "si voy", "voy a asistir", "listo", "seguro",
    "perfecto", "correcto", "puedo ir", "podre ir", "ahi nos vemos", "claro ahi estare", "estare ahi", "estare alli",
    "ire", "{will} be there [{when}]", "{will} be here", "si asistire", "cuenten conmigo", "cuente conmigo",
    "that is [{very}] a {good}", "fine by me", "all is [{very}] {good}", "i am sure", "sounds like a plan",
    "sounds like a {good} plan", "{it} sounds like a [{good}] plan",
)  # fmt: skip
DO_IT_FORMS: Final = (
    "{go} [{too}]", "{want} {do} {thing} [{for_me}] [{too}]", "{do} {thing} [{for_me}] [{too}]", "{want} {do}",
    "{want} {go}", "{want} {that}", "{go} and {do} {thing} [{for_me}]", "{go} with {thing}",
    "[{want}] {go} {do} {thing}", "{go} {do}", "book now", "reserve now", "book please", "i would like {that}",
    "i would love {that}", "i would like to", "i would love to", "i want {that}", "i want to", "i do", "i am",
    "i will", "i would", "i can", "we do", "we are", "we will", "we can", "you can", "you may",
)  # fmt: skip
NO_FORMS: Final = (
    "{no}", "not now", "not right now", "not at the moment", "not at this moment", "not at this time", "not yet",
    "not today", "not this time", "not for now", "not just yet", "not necessary", "not needed", "not interested",
    "no need [to]", "no need for {that}", "maybe later", "perhaps later", "possibly later", "later",
    "some other time", "another time", "maybe another time", "perhaps another time", "maybe some other time",
    "maybe next time", "i am good", "i am fine", "i am ok", "i am set", "i am all set", "i will pass", "pass",
    "i pass", "hold off", "forget it", "never mind", "nevermind", "do not bother", "do not worry about it",
    "leave it", "let it be", "skip it", "i do not", "i do not want {that}", "i do not want to",
    "i do not need {that}", "i do not need to", "{it} will not work", "{it} does not work", "{it} will not",
    "{it} does not work {for_me}", "{it} will not work {for_me}", "{it} does not", "{it} is not necessary",
    "{it} will not be necessary", "{it} would not be necessary", "i am not interested", "i will do it later",
    "i will do that later", "i will let you know", "i will think about it", "ahora no", "claro que no",
    "no por ahora", "no me interesa", "no hace falta", "en otro momento", "quizas despues", "i changed my mind",
    "do not {do} {thing}", "i do not want to {do} {thing}", "i do not need to {do} {thing}", "i would rather not",
    "i will handle it", "hold on", "not for me", "do not do that", "do not", "i am good for now", "i am fine for now",
)  # fmt: skip
ENOUGH_FORMS: Final = (
    "that is it", "that is all", "that is all for {when}", "that is all i need", "that is all i needed",
    "that is everything", "that will be all", "that would be all", "that will be it", "nothing else", "i am done",
    "that is all i want", "that was all", "that was all i needed", "that is all for now", "that is it for now",
    "that will be all for now", "i do not need anything else", "all set", "this is all i need", "nada mas",
    "eso es todo", "that was it", "that is all thanks", "that is everything i need", "that is all i need for now",
    "that is all for today",
)  # fmt: skip
POLITE_FORMS: Final = ("{polite}", "{filler}")

_VOCABULARY: Final = VOCABULARY | {"agree": ("agree", "accept", "approve", "confirm", "concur")}
_FORMS: Final = (
    (Piece.ENOUGH, ENOUGH_FORMS),
    (Piece.NO, NO_FORMS),
    (Piece.YES, YES_FORMS),
    (Piece.DO_IT, DO_IT_FORMS),
    (Piece.POLITE, POLITE_FORMS),
)


@cache
def _patterns() -> tuple[tuple[Piece, re.Pattern[str]], ...]:
    """Compiled when the first reply is read: it takes a good part of a second, and most processes read none."""
    return tuple((piece, compile_forms(forms, vocabulary=_VOCABULARY)) for piece, forms in _FORMS)


def pieces(words: str) -> tuple[list[Piece], str]:
    """The known phrases a sentence begins with, in order, and what is left from the first unknown word on."""
    found: list[Piece] = []
    at, started = 0, 0
    while at < len(words):
        piece, end = _longest(words, at)
        if end == at:
            break
        found.append(piece)
        at, started = end, at
    if at < len(words) and found and found[-1] is Piece.DO_IT:
        # "make it" agrees, "make it three" does not: an order counts only when it was understood to its end.
        return found[:-1], words[started:]
    return found, words[at:]


def _longest(words: str, at: int) -> tuple[Piece, int]:
    ends = [(match.end(), piece) for piece, pattern in _patterns() if (match := pattern.match(words, at))]
    end, piece = max(ends, key=lambda pair: pair[0], default=(at, Piece.POLITE))
    return piece, end
