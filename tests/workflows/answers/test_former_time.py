"""Who answers with the time that a moved visit had counts on it: staff tell them, and nothing else is made of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appointments.models import Appointment, Escalation, Message
from aro import clock
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")
# Eight days on, at eleven; then three days later, at half past two.
FORMER = 8
MOVED = 11


def _in_days(days: int, hour: int, minute: int = 0) -> datetime:
    day = clock.now().astimezone(ZONE) + timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _told(visit: Appointment, kind: str, *, ago: timedelta) -> Message:
    at = visit.starts_at.astimezone(ZONE)
    body = f"Bright Dental: your visit is on {at:%a, %b} {at.day} at {at:%I:%M %p}. Reply R to reschedule, X to cancel."
    return asked_about(visit, body, kind=kind, ago=ago)


@pytest.fixture
def visit() -> Appointment:
    """Booked for one day, moved to another, and both told."""
    BusinessFactory.create(timezone=ZONE.key)
    customer = CustomerFactory.create(name="Ana Diaz")
    visit: Appointment = AppointmentFactory.create(starts_at=_in_days(FORMER, 11), timezone=ZONE.key, customer=customer)
    _told(visit, "confirmation", ago=timedelta(days=2))
    Appointment.objects.filter(pk=visit.pk).update(starts_at=_in_days(MOVED, 14, 30), moves=1)
    visit.refresh_from_db()
    _told(visit, "moved", ago=timedelta(days=1))
    return visit


@pytest.mark.parametrize(
    "words",
    ["yes see you {day} at 11", "ok {day} 11am", "C, {day} at 11", "see you {day}", "sí, nos vemos el {dia} a las 11"],
)
def test_a_yes_with_the_former_time_is_no_wish(visit: Appointment, words: str) -> None:
    message = writes(visit, _with_days(words, FORMER))
    assert (status_of(visit), cases(), answers_to(message)) == ("booked", ["unclear_reply"], [])
    case = Escalation.objects.get()
    assert ("former time" in case.title, case.priority, case.wish) == (True, Escalation.Priority.HIGH, [])


@pytest.mark.parametrize("words", ["yes see you at 2:30", "ok", "C", "sí, a las 2:30"])
def test_a_yes_with_its_present_time_confirms(visit: Appointment, words: str) -> None:
    writes(visit, words)
    assert status_of(visit) == "confirmed"


@pytest.mark.parametrize("words", ["yes see you {day} at 9", "can we do {day} at 4 instead?"])
def test_another_time_than_either_is_a_wish(visit: Appointment, words: str) -> None:
    writes(visit, _with_days(words, FORMER + 1))
    assert cases() == ["reschedule_request"]


@pytest.mark.parametrize(
    "words", ["can we do {day} at 11 instead?", "R, {day} at 11 please", "I need {day}, can you move it back?"]
)
def test_a_wish_for_the_former_time_means_its_date(visit: Appointment, words: str) -> None:
    writes(visit, _with_days(words, FORMER))
    case = Escalation.objects.get(reason="reschedule_request")
    assert case.wish[0]["first"] == _in_days(FORMER, 11).date().isoformat()


def _with_days(words: str, days: int) -> str:
    at = _in_days(days, 11)
    dia = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")[at.weekday()]
    return words.format(day=f"{at:%A}".lower(), dia=dia)
