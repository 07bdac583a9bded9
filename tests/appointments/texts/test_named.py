"""Several visits in one line: whoever reads it knows who is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from appointments.texts import named
from tests.factories import AppointmentFactory, CustomerFactory

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("Leo Diaz", "Leo Ruiz"), "Leo D. 9:00 AM, Leo R. 9:30 AM"),
        (("Ruiz, Leo", "Leo Diaz Paz"), "Leo R. 9:00 AM, Leo P. 9:30 AM"),
        (("Leo Diaz Sr.", "Leo Diaz Jr."), "Leo Sr. 9:00 AM, Leo Jr. 9:30 AM"),
        (("Leo Diaz", "Leo"), "Leo D. 9:00 AM, Leo 9:30 AM"),
        (("Leo Diaz", "Leo Duran"), "Leo D. 9:00 AM, Leo D. 9:30 AM"),
        (("Leo Diaz", "Amy Diaz"), "Leo 9:00 AM, Amy 9:30 AM"),
    ],
)
def test_two_of_one_first_name_have_the_letter_of_their_last_name(names: tuple[str, ...], told: str) -> None:
    visits = [
        AppointmentFactory.create(
            customer=CustomerFactory.create(name=name),
            starts_at=NINE + place * timedelta(minutes=30),
            timezone="America/New_York",
        )
        for place, name in enumerate(names)
    ]
    assert named.line(visits, language="en", reader_zone="", profile="healthcare") == f"Tue, Dec 1: {told}"


def test_one_person_with_two_visits_is_called_by_the_first_name() -> None:
    person = CustomerFactory.create(name="Ana Diaz")
    visits = [
        AppointmentFactory.create(customer=person, starts_at=NINE + hours * timedelta(hours=1), timezone="UTC")
        for hours in (0, 1)
    ]
    assert "Ana 2:00 PM, Ana 3:00 PM" in named.line(visits, language="en", reader_zone="", profile="healthcare")


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ((0, 0, 0), "Tue, Dec 1, 9:00 AM: Tom, Amy, Zoe"),
        ((0, 0, 30), "Tue, Dec 1, 9:00 AM: Tom, Amy; 9:30 AM: Zoe"),
        ((0, 30, 24 * 60), "Tue, Dec 1, 9:00 AM: Tom; 9:30 AM: Amy; Wed, Dec 2, 9:00 AM: Zoe"),
    ],
)
def test_when_space_is_short_each_hour_is_said_once_with_who_comes_then(minutes: tuple[int, ...], told: str) -> None:
    visits = [
        AppointmentFactory.create(
            customer=CustomerFactory.create(name=name),
            starts_at=NINE + timedelta(minutes=after),
            timezone="America/New_York",
        )
        for name, after in zip(("Tom Ray", "Amy Ray", "Zoe Ray"), minutes, strict=True)
    ]
    line = named.line(visits, language="en", reader_zone="", profile="healthcare", by_hour=True)
    assert sorted(line) == sorted(told)
    assert [part for part in line.split() if part[0].isdigit()] == [part for part in told.split() if part[0].isdigit()]
