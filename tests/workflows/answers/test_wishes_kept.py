"""A wish for another time reaches the staff as days and hours, in the case and in the conversation."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser

from appointments.inbound import ReplyReceived
from appointments.models import Appointment, Escalation, Message, ReplyClassification
from aro import clock
from aro.ids import new_id
from tests.factories import AppointmentFactory, BusinessFactory
from workflows import inspect
from workflows.desk.pages import timeline
from workflows.replies.acting import inbox

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Denver")


@pytest.fixture
def visit() -> Appointment:
    """In two days at 14:00 where the clinic is; the reminder has asked about it."""
    BusinessFactory.create(timezone=ZONE.key)
    visit: Appointment = AppointmentFactory.create(timezone=ZONE.key, starts_at=_in_days(2, hour=14))
    asked_about(visit)
    return visit


def _in_days(days: int, *, hour: int) -> datetime:
    return (clock.now().astimezone(ZONE) + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def asked_about(visit: Appointment) -> None:
    Message.objects.create(
        direction="out",
        kind="reminder_first",
        appointment=visit,
        customer=visit.customer,
        address=visit.customer.phone,
        body="See you soon? Reply C to confirm, R to reschedule, X if you cannot come.",
        status="delivered",
    )


def writes(visit: Appointment, text: str) -> ReplyClassification:
    news = ReplyReceived(
        sender=visit.customer.phone, text=text, channel="sms", provider_id=f"SM{new_id().hex}", occurred_at=clock.now()
    )
    inbox.receive(news, correlation_id=new_id())
    return ReplyClassification.objects.latest("created_at")


def test_the_wish_is_kept_as_a_window_without_the_words(visit: Appointment) -> None:
    day = _in_days(3, hour=0)
    writes(visit, f"yes but {day:%A} after 3, my back is killing me lol")
    case = Escalation.objects.get(reason="reschedule_request")
    assert [(w["first"], w["opens"], w["closes"]) for w in case.wish] == [(day.date().isoformat(), "15:00", None)]
    assert inspect.full(visit)["escalations"][0]["wish"] == case.wish


def test_the_conversation_shows_the_wish(visit: Appointment) -> None:
    writes(visit, "can we do 4pm instead")
    assert any("Asks for: at 16:00" in entry.detail for entry in timeline.of(visit, AnonymousUser()))


def test_a_later_wish_takes_the_place_of_the_earlier_one(visit: Appointment) -> None:
    writes(visit, "can we do 4pm instead")
    writes(visit, "or can we do 5pm")
    writes(visit, "R")
    case = Escalation.objects.get(reason="reschedule_request")
    assert (case.wish_words, case.times) == ("at 17:00", 3)


@pytest.mark.parametrize("hour", ["2", "two", "14:00", "2 pm"])
def test_the_visits_own_time_where_the_clinic_is_confirms(visit: Appointment, hour: str) -> None:
    kept = writes(visit, f"{hour} on {visit.starts_at.astimezone(ZONE):%A}")
    visit.refresh_from_db()
    assert (kept.label, visit.status, kept.wish) == ("CONFIRM", Appointment.Status.CONFIRMED, [])


@pytest.mark.parametrize("text", ["yes see you tomorrow", "yes at 4", "see you at 11", "si a las cinco"])
def test_a_yes_with_another_time_does_not_confirm(visit: Appointment, text: str) -> None:
    writes(visit, text)
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.BOOKED
    assert Escalation.objects.get(reason="reschedule_request").wish


def test_of_two_visits_none_is_confirmed_by_a_time(visit: Appointment) -> None:
    other = AppointmentFactory.create(
        customer=visit.customer, timezone=ZONE.key, starts_at=visit.starts_at + timedelta(days=1)
    )
    asked_about(other)
    writes(visit, "yes at 2")
    assert set(Appointment.objects.values_list("status", flat=True)) == {Appointment.Status.BOOKED}
