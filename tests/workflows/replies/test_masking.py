"""What leaves for a model tells nobody's name, number or date."""

from __future__ import annotations

import pytest

from workflows.replies.text.masking import mask


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("call me on (212) 555-0142 please", "555-0142"),
        ("+1 212.555.0142 works", "212"),
        ("write to ana.lopez@example.com", "ana.lopez"),
        ("see https://example.com/p/123", "example.com"),
        ("born 03/14/1980", "1980"),
        ("on March 14th, 2026 then", "14"),
        ("el 14 de marzo", "14"),
        ("my name is ana lopez", "lopez"),
        ("this is Maria Lopez", "Maria"),
        ("can I see Dr. Gupta instead", "Gupta"),
        ("please tell Robert I am late", "Robert"),
        ("Maria here, running late", "Maria"),
    ],
)
def test_personal_data_is_masked(text: str, secret: str) -> None:
    assert secret not in mask(text)


def test_names_we_know_are_masked_however_they_are_written() -> None:
    assert "quentin" not in mask("QUENTIN cannot come, quentin is ill", names=["Quentin Ash"]).casefold()


def test_the_meaning_stays() -> None:
    assert mask("No, I can't come at 3 pm on Friday") == "No, I can't come at 3 pm on Friday"
