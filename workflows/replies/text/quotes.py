"""How mail programs and chats mark that a part of a message is quoted: ">" before a line, "On ... wrote:"."""

from __future__ import annotations

import re
from typing import Final

from workflows.replies.text import wording

_LINE: Final = re.compile(r"^[>|]+ ?", re.MULTILINE)
_HEADER: Final = re.compile(
    r"^[ \t]*(?:"
    r"(?:on|el|le|am|em|il)\b.{4,120}?\b(?:wrote|escribio|escreveu|a ecrit|schrieb.{0,60}|ha scritto) ?:"
    r"|-{2,} ?(?:original message|forwarded message|mensaje original|mensaje reenviado|message d'origine"
    r"|mensagem original|ursprungliche nachricht|urspruengliche nachricht) ?-{0,}"
    r"|(?:begin forwarded message|original message|mensaje original|mensaje reenviado|forwarded message) ?:?"
    r")[ \t]*$",
    re.MULTILINE,
)
# How WhatsApp writes who said a line that was copied: "[1/12/26, 10:00] Bright Dental: ".
_COPIED: Final = re.compile(r"^\[[\d/.,: apm\-]{6,30}\] [^:\n]{1,60}: ", re.MULTILINE)


def split(text: str) -> tuple[str, list[str]]:
    """What stands outside the quotes, and the quotes. `text` as `wording.seen` makes it."""
    from_header = _HEADER.search(wording.levelled(text))
    own, rest = (text[: from_header.start()], text[from_header.end() :]) if from_header else (text, "")
    own, quoted = _lines(own)
    if rest.strip():
        below, marked = _lines(rest)
        # Without marks everything below the header is the quote; with marks a person may have written under it.
        own, quoted = (f"{own}\n{below}", [*quoted, *marked]) if marked else (own, [*quoted, rest.strip()])
    return _COPIED.sub("", own).strip(), quoted


def _lines(text: str) -> tuple[str, list[str]]:
    own: list[str] = []
    quoted: list[str] = []
    for line in text.split("\n"):
        (quoted if _LINE.match(line.lstrip()) else own).append(line)
    said = "\n".join(_LINE.sub("", line.lstrip()) for line in quoted).strip()
    return "\n".join(own), [said] if said else []
