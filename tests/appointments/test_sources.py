from __future__ import annotations

import pytest

from appointments import sources
from integrations.providers import ADAPTERS


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("calendly", "Calendly"),
        ("calcom", "Cal.com"),
        ("easyappointments", "Easy!Appointments"),
        ("custom", "your own booking system"),
        ("import", "an imported file"),
        ("manual", "the front desk"),
    ],
)
def test_staff_read_the_name_that_the_maker_writes(source: str, words: str) -> None:
    assert sources.in_words(source) == words


def test_no_booking_system_is_called_by_its_code() -> None:
    for name in ADAPTERS:
        assert sources.in_words(name) != name
