"""How many segments a text takes: 160 or 153 characters in GSM-7, 70 or 67 in UCS-2 (3GPP TS 23.038)."""

from __future__ import annotations

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_TWICE = frozenset("^{}\\[~]|€\f")


def segments(body: str) -> int:
    """At least 1, for an empty text too."""
    if all(char in _GSM_7 or char in _GSM_7_TWICE for char in body):
        return _parts(len(body) + sum(char in _GSM_7_TWICE for char in body), single=160, several=153)
    return _parts(len(body.encode("utf-16-le", "surrogatepass")) // 2, single=70, several=67)


def _parts(units: int, *, single: int, several: int) -> int:
    return 1 if units <= single else -(-units // several)
