from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.models import Appointment, Business, Customer, Deposit
from appointments.texts import values
from appointments.texts.values import TextError


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Anna Smith", "Anna"),
        ("  anna  ", "Anna"),
        ("Smith, Anna Maria", "Anna"),
        ("Dr. Anna Smith", "Anna"),
        ("Mr. Smith", ""),
        ("José Ñandú", "José"),
        ("Mary-Jane O'Neil", "Mary-Jane"),
        ("O’Neil", "O’Neil"),
        ("J.R. Ewing", "J.R."),
        ("नमस्ते", "नमस्ते"),
        ("evil.example", ""),
        ("http://evil.example", ""),
        ("R2D2", ""),
        ("+12025550142", ""),
        ("ann@example.org", ""),
        ("{{ link }}", ""),
        ("Dr. med. Bea Ruiz", "Bea"),
        ("Prof. Dr. Ruiz", ""),
        ("Prof. Dr. Bea Ruiz", "Bea"),
        ("Frau Dr. Mueller", ""),
        ("Herr Mueller", ""),
        ("Bea Ruiz, DDS", "Bea"),
        ("Bea Ruiz, M.D., PhD", "Bea"),
        ("Ruiz, Bea, Jr.", "Bea"),
        ("Ruiz Jr., Bea", "Bea"),
        ("undefined undefined", ""),
        ("null", ""),
        ("None None", ""),
        ("no name", ""),
        ("N/A", ""),
        ("New Client", ""),
        ("DO NOT CALL", ""),
        ("Walk-in", ""),
        ("Dr.", ""),
        ("No Le", "No"),
        ("Do Nguyen", "Do"),
        ("", ""),
        ("\u202eanna\x00", "Anna"),
        ("ANA DIAZ", "Ana"),
        ("ana", "Ana"),
        ("ÍÑIGO RUIZ", "Íñigo"),
        ("MARY-ANN RAY", "Mary-Ann"),
        ("O'NEIL RAY", "O'Neil"),
        ("d'angelo ray", "D'Angelo"),
        ("ANA Diaz", "ANA"),
        ("AJ Smith", "AJ"),
        ("AJ SMITH", "AJ"),
        ("J.R. EWING", "J.R."),
        ("MCKENZIE RAY", "MCKENZIE"),
        ("İPEK KAYA", "İPEK"),
        ("АННА ИВАНОВА", "АННА"),
        ("Baby Ray", ""),
        ("BABY BOY RAY", ""),
    ],
)
def test_a_person_is_addressed_by_first_name_or_not_at_all(name: str, expected: str) -> None:
    assert values.first_name(name) == expected


@given(st.text(max_size=200))
def test_no_name_brings_digits_links_or_invisible_characters_into_a_text(name: str) -> None:
    first = values.first_name(name)
    assert len(first) <= 40
    assert not any(c.isdigit() or c.isspace() or c in "@/:{}" or not c.isprintable() for c in first)


@given(st.text(max_size=200))
def test_a_cleaned_value_is_one_short_printable_line(value: str) -> None:
    found = values.cleaned(value)
    assert len(found) <= 40
    assert found == found.strip()
    assert not any(c in "\r\n\t\x00\u200b\u202e\u2028" for c in found)


def test_a_link_is_whole_or_refused() -> None:
    long = "https://book.example/" + "a" * 400
    assert values.link(long) == long
    assert values.link("") == ""
    for bad in (
        "javascript:alert(1)",
        "book.example",
        "https://a b",
        "https://a\nb",
        "https://" + "a" * 500,
        "https://",
    ):
        with pytest.raises(TextError, match="not a web address"):
            values.link(bad)


def test_a_visit_is_told_in_its_own_zone() -> None:
    starts_at = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    assert values.when(starts_at, zone="America/New_York") == {"date": "Tue, Nov 24", "time": "9:00 AM"}
    assert values.when(starts_at, zone="Asia/Tokyo", language="es") == {"date": "mar 24 nov", "time": "11:00 pm"}


def test_the_visit_before_and_after_a_clock_change_is_told_as_the_clock_shows() -> None:
    assert values.when(datetime(2026, 3, 8, 6, 30, tzinfo=UTC), zone="America/New_York")["time"] == "1:30 AM"
    assert values.when(datetime(2026, 3, 8, 7, 30, tzinfo=UTC), zone="America/New_York")["time"] == "3:30 AM"


@pytest.mark.parametrize(
    ("zone", "reader_zone", "expected"),
    [
        ("America/New_York", "America/New_York", "9:00 AM"),
        ("America/New_York", "America/Toronto", "9:00 AM"),
        ("America/New_York", "", "9:00 AM"),
        ("America/New_York", "America/Los_Angeles", "9:00 AM EST"),
        ("America/Sao_Paulo", "America/New_York", "11:00 AM UTC-03"),
    ],
)
def test_the_zone_is_named_when_the_readers_clock_differs(zone: str, reader_zone: str, expected: str) -> None:
    starts_at = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    assert values.when(starts_at, zone=zone, reader_zone=reader_zone)["time"] == expected


@pytest.mark.parametrize(("hour", "expected"), [(0, "12:00 AM"), (11, "11:00 AM"), (12, "12:00 PM"), (23, "11:00 PM")])
def test_noon_and_midnight_are_told_right(hour: int, expected: str) -> None:
    assert values.when(datetime(2026, 11, 24, hour, tzinfo=UTC), zone="UTC")["time"] == expected


def test_money_is_short() -> None:
    told = [
        values.money(Decimal(amount), currency)
        for amount, currency in [("50.00", "USD"), ("49.5", "EUR"), ("5", "CAD")]
    ]
    assert told == ["$50", "€49.50", "5 CAD"]


def test_filling_is_one_pass_and_asks_for_what_is_missing() -> None:
    assert values.fill("{{ a }} {{b}}", {"a": "{{ b }}", "b": "x"}) == "{{ b }} x"
    with pytest.raises(TextError, match="needs date, time"):
        values.fill("{{ time }} {{ date }}", {})


def test_the_values_of_a_visit_come_from_its_rows() -> None:
    business = Business(name="Harbor Street Dental", phone="+12025550123", timezone="America/New_York")
    customer = Customer(name="Anna Smith", language="es", timezone="America/Chicago")
    visit = Appointment(
        starts_at=datetime(2026, 11, 24, 14, 0, tzinfo=UTC), timezone="America/New_York", service="Crown"
    )
    deposit = Deposit(amount=Decimal("50.00"), currency="USD")
    found = values.values_for(
        business=business, customer=customer, appointment=visit, link="https://pay.example/1", deposit=deposit
    )
    assert found == {
        "customer_name": "Anna Smith",
        "business_name": "Harbor Street Dental",
        "business_phone": "(202) 555-0123",
        "link": "https://pay.example/1",
        "emergency_number": "911",
        "amount": "$50",
        "service": "Crown",
        "date": "mar 24 nov",
        "time": "9:00 am EST",
    }
    assert "date" not in values.values_for(business=business, customer=customer, appointment=None)


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Rev. John Doe", "John"), ("Sister Mary", ""), ("Fr. Tom Ryan", "Tom"), ("Hon. Ana Diaz", "Ana"),
        ("Capt. Kirk", ""), ("Pastor Joe Lee", "Joe"), ("Sgt Ana Diaz", "Ana"), ("Señora Ana Diaz", "Ana"),
        ("Mme Roux", ""), ("Mme Ana Roux", "Ana"), ("Estate of Bea Ruiz", ""), ("The Estate of Bea Ruiz", ""),
        ("DECEASED", ""), ("DO NOT CONTACT", ""), ("Do not text", ""), ("Estate Brown", "Estate"),
        ("Bea Ruiz (new)", "Bea"), ("(new) Bea Ruiz", "Bea"), ("*VIP* Bea Ruiz", "Bea"), ("[HOLD] Bea Ruiz", "Bea"),
        ("\U0001d4d1\U0001d4ee\U0001d4ea Ruiz", "Bea"), ("ＢＥＡ　ＲＵＩＺ", "Bea"),
        ("Renée Roux", "Renée"),
    ],
)  # fmt: skip
def test_titles_and_what_is_put_beside_a_name_are_not_called(name: str, greeted: str) -> None:
    assert values.first_name(name) == greeted


@pytest.mark.parametrize(
    "name",
    [
        "for my son Leo", "Mother of Tom", "Mom", "la mama de Tom", "de la Cruz Ana", "Ana's mom", "Toms' dad", "Self",
        "Me", "Guest", "Win a prize", "Reply YES", "Lunch", "Blocked", "NP Bea Ruiz", "VIP Bea Ruiz", "ZZZ Bea Ruiz",
        "INACTIVE Bea Ruiz", "No Show Bea", "No show", "Appointment with Bea Ruiz", "Recall", "First Last",
        "see notes", "my daughter Ana", "Late", "Emergency", "Dhr. Jansen", "Duplicate Ruiz", "para mi hijo Leo",
    ],
)  # fmt: skip
def test_a_first_word_that_is_nobodys_name_is_not_called(name: str) -> None:
    assert values.first_name(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "No Le", "Do Nguyen", "My Nguyen", "Son Tran", "Win Tun", "See Lee", "Al Ruiz", "Ed Le", "Per Lie", "Nina Fox",
        "Tia Moss", "Una Kelly", "Mine Kaya", "Gift Obi", "Hope Diaz", "Rip Torn", "Ng Wei", "Art Moss", "Grace",
    ],
)  # fmt: skip
def test_a_first_name_that_is_a_word_as_well_is_called(name: str) -> None:
    assert values.first_name(name) == name.split()[0]


@pytest.mark.parametrize("name", ["Botox Ana Diaz", "Chemo", "HIV Ana Diaz", "Dr.", "Asma Khan", "MRN Ruiz", "MRI"])
def test_a_word_that_no_text_may_say_is_not_called(name: str) -> None:
    assert values.first_name(name) == ""


def test_nor_does_a_last_name_say_it() -> None:
    assert (values.last_name("Ana Chemo"), values.last_name("Ana Diaz")) == ("", "Diaz")
