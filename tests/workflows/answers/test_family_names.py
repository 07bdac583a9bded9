"""Who of a family is meant, by a name or an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Escalation
from tests.factories import AppointmentFactory
from tests.workflows.family import family, there, told_together
from tests.workflows.phone import asked_about, status_of, writes

pytestmark = pytest.mark.django_db


def test_a_name_that_two_share_is_for_a_person() -> None:
    visits = family("Tom", "Tom")
    told_together(visits)
    writes(visits[0], "Tom can come")
    assert [status_of(one) for one in visits] == ["booked"] * 2


@pytest.mark.parametrize("names", [("Leo Diaz", "Leo Ruiz"), ("Mary-Jane Ray", "Al Ray"), ("J.R. Ray", "李雷")])
@pytest.mark.parametrize("words", ["C", "yes, all of us"])
def test_a_yes_to_all_needs_no_names(names: tuple[str, ...], words: str) -> None:
    visits = family(*names)
    told_together(visits)
    writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["confirmed"] * 2


@pytest.mark.parametrize(
    "words",
    [
        "Leo D. can come, Leo R. can't",
        "Leo Diaz yes, Leo Ruiz no",
        "2pm ok, the 2:30 one can't make it",
        "Leo at 2 can come. Leo at 2:30 is sick",
    ],
)
def test_two_of_one_first_name_are_told_apart_by_the_last_name_or_the_hour(words: str) -> None:
    visits = family("Leo Diaz", "Leo Ruiz")
    told_together(visits)
    writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["confirmed", "booked"]
    assert Escalation.objects.get().appointment == visits[1]


@pytest.mark.parametrize(
    "words", ["can't make the 2:30 one", "I can't make it at 2:30 pm", "no puedo ir a la de las 2:30"]
)
def test_a_visit_is_known_by_its_hour(words: str) -> None:
    """The same person comes twice that day."""
    first, second = family("Ana")[0], None
    second = AppointmentFactory.create(customer=first.customer, starts_at=first.starts_at + timedelta(minutes=30))
    told_together([first, second])
    writes(first, words)
    case = Escalation.objects.get()
    assert (case.reason, case.appointment) == ("cancel_request", second)


@pytest.mark.parametrize(
    "words", ["can't make the 5pm one", "can't come after 2:30", "can't come, 2:30 is too early for us"]
)
def test_an_hour_that_is_no_visit_of_theirs_names_none(words: str) -> None:
    visits = family("Tom", "Amy")
    told_together(visits)
    writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["booked"] * 2
    assert Escalation.objects.get().appointment is None


def test_a_day_tells_two_visits_apart() -> None:
    first = family("Ana")[0]
    later = AppointmentFactory.create(customer=first.customer, starts_at=first.starts_at + timedelta(days=1))
    for visit in (first, later):
        asked_about(visit, kind="reminder_first")
    writes(first, f"can't come {there(first.starts_at):%A} but {there(later.starts_at):%A} is fine")
    assert (status_of(first), status_of(later)) == ("booked", "confirmed")
    assert Escalation.objects.get().appointment == first
