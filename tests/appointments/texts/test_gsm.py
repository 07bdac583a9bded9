from __future__ import annotations

import pytest

from appointments.texts import gsm


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ñ" * 160, 1),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("a" * 70 + "á", 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_carriers_bill_them(text: str, parts: int) -> None:
    assert gsm.segments(text) == parts


def test_characters_outside_the_alphabet_are_named_once() -> None:
    assert gsm.foreign("mié sáb él ’x’ á") == "á’"
    assert not gsm.needs_unicode("¿Mañana? Ü é @ £ [ok]")
