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
        ("0044 20 7946 0958", "+442079460958"),
        ("00 49 30 901820", "+4930901820"),
        ("(00) 44 20 7946 0958", "+442079460958"),
        ("0044 (0)20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("011 44 20 7946 0958", "+442079460958"),
        ("call 646-555-0142 after 5", "+16465550142"),
        ("my number is 0044 20 7946 0958", "+442079460958"),
        ("646 555 0142 (mom)", "+16465550142"),
        ("٠٠٤٤٢٠٧٩٤٦٠٩٥٨", "+442079460958"),
        ("６４６ ５５５ ０１４２", "+16465550142"),
        ("+52 1 55 1234 5678", "+525512345678"),
    ],
)
def test_usual_spellings_become_e164(raw: str, expected: str) -> None:
    assert phones.normalise(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "  ",
        "555-0142",
        "12345",
        "call me",
        "+1",
        "ann@example.org",
        "0" * 65,
        "+" + "9" * 40,
        "\x00",
        "٣",
        "646-555-0142 or 646-555-0143",
        "0001 646 555 0142",
        "000000",
        "ssn 123-45-6789",
        "2026-12-03",
        "1 646 555 0142 1",
        "000-000-0000",
        "123-456-7890",
        "999 999 9999",
        "1111111111",
        "555-555-5555",
        "+1 012 345 6789",
        "0612345678",
        "0412 345 678",
        "212-055-0142",
    ],
)
def test_what_cannot_be_a_number_is_empty(raw: str) -> None:
    assert phones.normalise(raw) == ""


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        ("49170 1234567", "DE", "+491701234567"),
        ("491701234567", "DE", "+491701234567"),
        ("0170 1234567", "DE", "+491701234567"),
        ("030 901820", "DE", "+4930901820"),
        ("34612345678", "ES", "+34612345678"),
        ("612 34 56 78", "ES", "+34612345678"),
        ("3906123456", "IT", "+393906123456"),
        ("07700 900123", "GB", "+447700900123"),
        ("11 2345 6789", "AR", "+541123456789"),
        ("15 2345 6789", "AR", ""),
        ("+54 15 2345 6789", "AR", "+541523456789"),
        ("07999", "GB", ""),
    ],
)
def test_a_national_form_is_read_where_the_countrys_plan_knows_it(raw: str, region: str, expected: str) -> None:
    assert phones.normalise(raw, region) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "1 800 555 0199", "+1 (888) 555-0142", "800-555-0199", "+44 800 111 1111", "646 555 0142 ext. 5",
        "646-555-0142 x5", "646-555-0142, extension 12", "(646) 555-0142 #204", "646 555 0142 anexo 3",
        "+1 646 555 0142;ext=4", "tel:+1-646-555-0142;ext=4", "tel:+16465550142;isub=12", "tel:+16465550142;postd=pp4",
        "tel:6465550142;phone-context=example.com", "6465550142,,4", "6465550142,4", "6465550142;4", "+16465550142p4",
        "646-555-0142 , , 12#", "6465550142*4", "646 555 0142 ext: 4", "646 555 0142 then press 4",
        "646 555 0142 option 2", "646 555 0142 opción 2", "６４６５５５０１４２，，４",
    ],
)  # fmt: skip
def test_what_is_an_offices_line_is_no_number_to_text(raw: str) -> None:
    assert phones.normalise(raw)
    assert phones.texted(raw) == ""


@pytest.mark.parametrize(
    "raw",
    [
        "646-555-0142", "+1 646 555 0142 (next to Bea)", "cell 2: 646 555 0142", "15005550006",
        "tel:6465550142;phone-context=+1", "tel:555-0142;phone-context=+1646", "646 555 0142, call after 5",
        "646 555 0142 after 5 pm",
    ],
)  # fmt: skip
def test_a_persons_own_line_is(raw: str) -> None:
    assert phones.texted(raw) == phones.normalise(raw) != ""


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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+5511987654321", "+551187654321"),
        ("+5491123456789", "+541123456789"),
        ("+5215512345678", "+525512345678"),
    ],
)
def test_a_mobile_line_with_two_spellings_has_both(one: str, other: str) -> None:
    assert set(phones.variants(one)) == set(phones.variants(other)) == {one, other}


@pytest.mark.parametrize("phone", ["+14155550142", "+551132345678", "+442079460958", "ana@example.com", ""])
def test_any_other_address_has_one_spelling(phone: str) -> None:
    assert phones.variants(phone) == (phone,)
