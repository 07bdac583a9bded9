from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import phones


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("+1 415-555-0142", "+14155550142"),
        ("(415) 555-0142", "+14155550142"),
        ("415.555.0142", "+14155550142"),
        ("1 415 555 0142", "+14155550142"),
        ("+12025550199", "+12025550199"),
        ("15005550006", "+15005550006"),
        ("+15005550006", "+15005550006"),
        ("whatsapp:+12025550142", "+12025550142"),
        ("tel:+1-202-555-0142", "+12025550142"),
        ("+44 20 7946 0000", "+442079460000"),
        ("  +1 (202) 555-0142 ext. 9 ", "+12025550142"),
    ],
)
def test_usual_spellings_become_e164(raw: str, expected: str) -> None:
    assert phones.normalise(raw) == expected


@pytest.mark.parametrize(
    "raw", ["", "  ", "555-0142", "12345", "call me", "+1", "ann@example.org", "0" * 65, "+" + "9" * 40, "\x00", "٣"]
)
def test_what_cannot_be_a_number_is_empty(raw: str) -> None:
    assert phones.normalise(raw) == ""


def test_a_number_without_country_code_is_read_at_home() -> None:
    assert phones.normalise("020 7946 0000", "GB") == "+442079460000"


@given(st.text(max_size=200))
def test_no_text_makes_it_fail_and_every_number_is_stable(raw: str) -> None:
    found = phones.normalise(raw)
    assert not found or (found.startswith("+") and phones.normalise(found) == found)


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("America/New_York", "US"),
        ("America/Los_Angeles", "US"),
        ("Europe/London", "GB"),
        ("America/Mexico_City", "MX"),
        ("UTC", "US"),
        ("Nowhere/Nothing", "US"),
    ],
)
def test_the_region_comes_from_the_zone(zone: str, region: str) -> None:
    assert phones.region_of(zone) == region


def test_a_mask_shows_two_digits() -> None:
    assert phones.mask("+14155550142") == "*** 42"
    assert phones.mask("") == ""


def test_a_number_is_written_as_people_there_dial_it() -> None:
    assert phones.spoken("+12025550123", "US") == "(202) 555-0123"
    assert phones.spoken("+12025550123", "GB") == "+1 202-555-0123"
    assert phones.spoken("front desk", "US") == "front desk"
