"""Is a sentence a question for information? Asking for another time is not: see `changes`."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from workflows.replies.words import wordlists
from workflows.replies.words.grammar import compile_forms

_LEAD: Final = (
    r"^(?:(?:and|but|also|so|ok|well|oh|then|actually|please|sorry|just|first|by the way|one question|y|pero"
    r"|hola|senorita|senora|senor|disculpe|disculpa|oiga|oye) )*"
)
_ASKING_WORD: Final = (
    r"(?:what|where|when|which|who|whom|whose|why|how|at what|in which|in what|at which|on what|for how|from which"
    r"|from what"
    r"|que|cual|cuando|donde|quien|cuanto|cuanta|cuantos|por que|a que|en que|como)\b"
)
_AUXILIARY: Final = (
    r"(?:is|are|am|was|were|do|does|did|has|have|had|will|would|shall|should|can|could|may|might"
    r"|tiene|tienen|hay|es|esta|estan|puede|pueden|debo|tengo)(?: not)? "
    r"(?:it|they|he|she|that|this|these|those|there|the|their|its|my|your|you|we|i|any|a|an|also|parking|pets|el|la"
    r"|los|un|una|que)\b"
)
_THERE_IS: Final = re.compile(r"^hay (?!que |mucho |muchos |trafico |atasco |un |cola )")
# Without a question mark and without a pronoun: "does medicare cover this one", "puedo llevar a mis otros ninos".
_MAY_I: Final = re.compile(
    rf"{_LEAD}(?:(?:does|do|is|are|will|can) (?:\w+ ){{1,4}}(?:cover|covered|accepted|included|free|required|needed"
    r"|allowed|available|accept|take|offer)\b"
    r"|(?:puedo|puede|podemos|pueden) (?:llevar|comer|tomar|entrar|pagar|ir con|ir mi|acompanar\w*|traer|pasar|beber"
    r"|manejar)\b)"
)
_WHICH_LETTER: Final = re.compile(
    r"^(?:do i (?:reply|send|text|put|say|press) )?(?:[a-z0-9]|yes|no|si) (?:or|o) (?:[a-z0-9]|yes|no) $"
)
_REQUEST: Final = (
    r"(?:(?:can|could|would|will|may|might) (?:you|i|u) (?:please |also |just |kindly |be able to )*|please "
    r"|kindly |and |also |i want to |i want you to "
    r"|i would like to |i would like you to |i would like |i need to |i need you to |i need |i want |i wanted to "
    r"|i am curious |let me |do me a favor and |puede |puedes |me puede |me puedes )*"
)
_INFORM: Final = (
    r"(?:tell|give|provide|send|share|find|check|show|know|get|have|inform|let me know|look up|see if|see what"
    r"|see whether|ask|wonder|wondering|find out|text me the|verify|"
    r"forward|supply|list|mention|specify|say|clarify|explain|repeat|describe|learn|double check|decir|dar|decirme"
    r"|darme|mandar|enviar)\b"
)
_LOOKS_ASKING: Final = re.compile(rf"{_LEAD}(?:{_ASKING_WORD}|{_AUXILIARY})")
_ASKS_FOR_INFORMATION: Final = re.compile(rf"{_LEAD}{_REQUEST}{_INFORM}")
_ASKS_FOR_ACTION: Final = re.compile(
    rf"{_LEAD}(?:(?:can|could|would|will|may|might) (?:you|we|i|it|that)|puede|puedes|podemos|podria|podriamos"
    rf"|is it possible|any chance|how about|what about|what if) "
)
_ABOUT: Final = re.compile(
    r"^(?:and |also |is |are )*(?:their|the|its|any|your) (?:\w+ ){0,4}(?:address|number|phone|price|cost|rating"
    r"|location|parking|hours)\b"
)


def is_question(words: str, *, asks: bool) -> bool:
    """`asks`: the sentence ended with a question mark."""
    return (
        asks
        or asks_what_we_do(words)
        or any(
            pattern.search(words)
            for pattern in (_LOOKS_ASKING, _ASKS_FOR_INFORMATION, _ABOUT, _THERE_IS, _MAY_I, _WHICH_LETTER)
        )
    )


def asks_what_we_do(words: str) -> bool:
    """ "Yall see folks on Sundays", "aceptan tarjeta": about the clinic, and often without a question mark."""
    return _what_we_do().match(words) is not None


@cache
def _what_we_do() -> re.Pattern[str]:
    """Compiled when the first reply is read."""
    forms = compile_forms(wordlists.everything().questions.what_we_do, vocabulary=wordlists.vocabulary())
    return re.compile(rf"{_LEAD}(?:{forms.pattern})")


def asks_for_action(words: str) -> bool:
    """ "Can you make it two?": not a question for information but a wish, which a yes before it does not cover."""
    return _ASKS_FOR_ACTION.search(words) is not None and _ASKS_FOR_INFORMATION.search(words) is None
