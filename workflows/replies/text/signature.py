"""Takes off what a mail program or a polite hand adds under a message: it is no part of what is said."""

from __future__ import annotations

import re
from typing import Final

# "Sent from my iPhone", "Enviado desde mi Samsung", "Get Outlook for iOS", "Envoyé de mon iPhone".
_PROGRAM: Final = re.compile(
    r"[\s\-–—]*\b(?:sent (?:from|via|using|with)\b|get outlook for\b|enviado (?:desde|do|de|con|pelo)\b"
    r"|envoy[eé] (?:de|depuis)\b|(?:\bvia|\bfrom) my (?:iphone|android)\b)[^\n]{0,60}\s*$",
    re.IGNORECASE,
)
# "- Ana", "~Bob", "-- Mrs. E. Hollis": a dash, then at most four words that begin with a capital letter.
_DASHED: Final = re.compile(r"\s+(?:-{1,2}|–|—|~)\s?(?:[A-ZÀ-Þ][\w.'’]{0,20}\s?){1,4}$")
# The same on a line of its own, without the dash.
_LINE: Final = re.compile(r"(?<=\S)\s*\n\s*(?:-\s*)?(?:[A-ZÀ-Þ][\w.'’]{0,20}[ ,]*){1,4}\s*$")
MOST: Final = 200


def without_signature(text: str) -> str:
    """`text` without its signature; all of it when nothing else would be left."""
    head, tail = text[:-MOST], text[-MOST:]
    for pattern in (_PROGRAM, _LINE, _DASHED):
        tail = pattern.sub("", tail)
    return head + tail if (head + tail).strip() else text
