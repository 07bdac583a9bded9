"""How many SMS segments a text costs.

Source: 3GPP TS 23.038. 160 GSM characters, or 153 in each of several parts; of UCS-2 70, or 67.
"""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these takes an escape character besides.
EXTENDED = frozenset("\f^{}\\[~]|€")


def needs_unicode(text: str) -> bool:
    """Whether one character makes the whole text UCS-2, with less than half the room."""
    return bool(foreign(text))


def foreign(text: str) -> str:
    """The characters outside the GSM alphabet, each once, in order."""
    return "".join(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENDED))


def segments(text: str) -> int:
    """Billed parts; 0 for an empty text."""
    if needs_unicode(text):
        return _parts(len(text.encode("utf-16-le")) // 2, single=70, joined=67)
    return _parts(sum(2 if c in EXTENDED else 1 for c in text), single=160, joined=153)


def _parts(length: int, *, single: int, joined: int) -> int:
    return min(length, 1) if length <= single else -(-length // joined)
