"""Names in a reply, the person's own or "Mr. Whitfield": they say nothing about the visit and become one word."""

from __future__ import annotations

import re
from typing import Final

from workflows.replies.text.normalize import plain
from workflows.replies.text.spelling import is_known
from workflows.replies.times.repair import KNOWN as TIMES
from workflows.replies.times.repair import repaired

# What stands for every name; the word lists know it as `{name}`.
NAME: Final = "zname"
# In a longer text names are the least of what a person has to read.
LONGEST: Final = 600
_LONGEST_SIGNATURE: Final = 60
_CAPITAL: Final = "A-Z\u00c0-\u00de"
_NAME: Final = rf"[{_CAPITAL}](?:[\w'\u2019-]*[^\W\d_])"
_GREETED: Final = re.compile(rf"(?:\b(?:Hi|Hello|Hey|Hola|Dear)|confirming,|confirmar,) ({_NAME})")
_IN_A_SENTENCE: Final = re.compile(rf"(?<=[\w,&] )(?<![.!?] ){_NAME}\b")
_TITLED: Final = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Sr|Sra|Dra|Don|Do\u00f1a|[Ss]ir|[Mm]am|Ma'am)\.? {_NAME}(?: {_NAME})?"
)
_SIGNING: Final = rf"(?:{_NAME}|[{_CAPITAL}]\.?)"
_SIGNATURE: Final = re.compile(
    r"(?<=[.!?,\n\u2014-])[ \n]{0,3}(?:(?:Mr|Mrs|Ms|Dr|Sr|Sra)\.? )?"
    rf"({_SIGNING}(?: ?{_SIGNING}){{0,2}})[.!]?\s*$"
)
# "Sincerely, walter": what follows these words at the end of a message is who writes.
_SIGNED: Final = re.compile(
    r"\b(sincerely|regards|atentamente|atte|un saludo|saludos|le habla|te habla|this is|it is me) "
    r"((?:, |\w+ ){1,5})(?:\. )?$"
)


def without_names(text: str, *, context: str) -> str:
    """The text with every name in it as `NAME`; `context` is our own last message, which greets by name."""
    if len(text) > LONGEST:
        return text
    shouted = text.isupper()
    for name in set(_GREETED.findall(context)):
        text = re.sub(rf"\b{re.escape(name)}\b", NAME, text, flags=re.IGNORECASE)
    if shouted:
        return text
    body, end = text[:-_LONGEST_SIGNATURE], text[-_LONGEST_SIGNATURE:]
    text = body + _SIGNATURE.sub(_signature, end)
    text = _TITLED.sub(NAME, text)
    return _IN_A_SENTENCE.sub(lambda found: found.group() if _is_word(found.group()) else NAME, text)


def unsigned(words: str) -> str:
    """The same for the end of words that `plain` has made, which have lost their capitals."""
    return _SIGNED.sub(_signed, words) if len(words) <= LONGEST else words


def _signature(found: re.Match[str]) -> str:
    parts = re.findall(r"[^\W\d_]{2,}", found.group(1))
    return found.group() if any(map(_is_word, parts)) else f" {NAME}"


def _signed(found: re.Match[str]) -> str:
    words = [word for word in found.group(2).split() if word != ","]
    strange = sum(not is_known(word) for word in words)
    return f"{found.group(1)} {NAME} " if strange * 2 >= len(words) else found.group()


def _is_word(word: str) -> bool:
    return all(is_known(part) or part in TIMES or repaired(part) in TIMES for part in plain(word).split())
