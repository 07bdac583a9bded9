"""A family on one phone is asked for one review and offered the next visit once; nobody who has booked is offered it.

One person with several visits likewise.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from appointments.models import Appointment, Business, Customer, Message
from appointments.services import messages
from appointments.services.visit import visits
from aro import clock
from aro.models import Due
from compliance import consent
from compliance.models import Actor, Purpose
from tests.factories import AppointmentFactory, CustomerFactory
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import PHONE, ana, sends, told, twilio, work

__all__ = ["ana", "twilio"]
pytestmark = pytest.mark.django_db(transaction=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def tuesday_noon() -> Iterator[None]:
    """When a review may be asked for, in New York."""
    with time_machine.travel(datetime(2026, 11, 24, 17, tzinfo=UTC), tick=True):
        yield


@pytest.fixture(autouse=True)
def wanted(tuesday_noon: None, ana: Customer) -> None:
    Business.objects.update(google_place_id="ChIJ_harbour-0123456789abcd", booking_url="https://clinic.example/book")
    Customer.objects.filter(pk=ana.pk).update(email="")
    ana.refresh_from_db()
    consent.give(PHONE, "sms", Purpose.MARKETING, method="verbal")


def came(name: str = "", ago: timedelta = 8 * HOUR, *, who: Customer | None = None) -> Appointment:
    """A completed visit that began so long ago."""
    person = who or CustomerFactory.create(name=name, phone=PHONE, email="")
    visit = AppointmentFactory.create(customer=person, starts_at=clock.now() - ago)
    Appointment.objects.filter(pk=visit.pk).update(created_at=visit.starts_at - 9 * DAY)
    visit.refresh_from_db()
    with transaction.atomic():
        visits.complete(visit, actor=Actor.ADMIN, actor_id="ada")
    return visit


def fates(kind: str, *of: Appointment) -> list[tuple[str, str]]:
    sent = [sends(visit, kind, purpose=Purpose.MARKETING) for visit in of]
    return [(one.status, one.reason) for one in sent]


def test_three_of_a_family_on_one_day_are_asked_for_one_review(twilio: Loopback, ana: Customer) -> None:
    family = [came(name) for name in ("Tom Ray", "Amy Ray", "Zoe Ray")]
    assert fates("review", *family) == [("queued", ""), *[("blocked", "asked_recently")] * 2]
    assert len(twilio.requests) == 1


def test_and_offered_the_next_visit_once(twilio: Loopback, ana: Customer) -> None:
    family = [came(name, 30 * HOUR) for name in ("Tom Ray", "Amy Ray", "Zoe Ray")]
    assert fates("rebooking", *family) == [("queued", ""), *[("blocked", "offered_recently")] * 2]
    assert len(twilio.requests) == 1


@pytest.mark.parametrize("kinds", [("review", "rebooking"), ("rebooking", "review")])
def test_one_of_a_family_is_not_written_to_on_the_heels_of_the_other(
    twilio: Loopback, ana: Customer, kinds: tuple[str, str]
) -> None:
    tom, amy = came("Tom Ray", 30 * HOUR), came("Amy Ray", 30 * HOUR)
    assert fates(kinds[0], tom) == [("queued", "")]
    assert fates(kinds[1], amy) == [("held", "spaced_out")]
    Message.objects.filter(kind=kinds[0]).update(sent_at=clock.now() - 13 * HOUR)
    Due.objects.update(due_at=clock.now() - timedelta(seconds=1))
    work()
    assert Message.objects.get(kind=kinds[1]).status == "queued"


def test_an_offer_keeps_behind_a_request_to_the_phone_that_is_still_to_come(twilio: Loopback, ana: Customer) -> None:
    """Both were due while ARO was away, and the offer is looked at first."""
    tom, amy = came("Tom Ray", 30 * HOUR), came("Amy Ray", 30 * HOUR)
    messages.plan(key="x", kind="review", appointment=tom, customer=tom.customer, purpose=Purpose.MARKETING)
    assert fates("rebooking", amy) == [("held", "spaced_out")]


def test_another_phone_is_asked_for_itself(twilio: Loopback, ana: Customer) -> None:
    other = "+12125550178"
    consent.give(other, "sms", Purpose.MARKETING, method="verbal")
    leo = came(who=CustomerFactory.create(name="Leo Diaz", phone=other, email=""))
    assert fates("review", came(who=ana), leo) == [("queued", ""), ("queued", "")]


def test_a_request_that_reached_nobody_leaves_room_for_the_next(twilio: Loopback, ana: Customer) -> None:
    tom, amy = came("Tom Ray"), came("Amy Ray")
    sends(tom, "review", purpose=Purpose.MARKETING)
    Message.objects.update(status="undelivered")
    assert fates("review", amy) == [("queued", "")]


def test_a_request_that_is_tried_again_is_not_stopped_by_itself(twilio: Loopback, ana: Customer) -> None:
    sent = sends(came(who=ana), "review", purpose=Purpose.MARKETING)
    told(sent, "undelivered", "30003")
    Due.objects.update(due_at=clock.now() - timedelta(seconds=1))
    work()
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == ("queued", "")


def test_one_person_with_two_visits_is_offered_the_next_one_once(twilio: Loopback, ana: Customer) -> None:
    first, second = came(who=ana, ago=31 * HOUR), came(who=ana, ago=30 * HOUR)
    assert fates("rebooking", first, second) == [("queued", ""), ("blocked", "offered_recently")]
    Message.objects.update(sent_at=clock.now() - 6 * DAY)
    assert fates("rebooking", second) == [("blocked", "offered_recently")]
    Message.objects.update(sent_at=clock.now() - 8 * DAY)
    assert fates("rebooking", second) == [("queued", "")]


def ahead(ana: Customer, days: int = 5, **more: object) -> Appointment:
    return AppointmentFactory.create(customer=ana, starts_at=clock.now() + days * DAY, **more)


@pytest.mark.parametrize("status", ["booked", "confirmed"])
def test_who_has_a_visit_ahead_is_not_told_to_book_one(twilio: Loopback, ana: Customer, status: str) -> None:
    visit = came(who=ana, ago=30 * HOUR)
    ahead(ana, status=status)
    assert fates("rebooking", visit) == [("blocked", "booked_again")]


def test_a_visit_that_was_cancelled_or_is_somebody_elses_is_none(twilio: Loopback, ana: Customer) -> None:
    visit = came(who=ana, ago=30 * HOUR)
    ahead(ana, status="cancelled")
    ahead(CustomerFactory.create(name="Leo Diaz", phone=PHONE, email=""), 6)
    assert fates("rebooking", visit) == [("queued", "")]


@pytest.mark.parametrize(("days_before", "reason"), [(0, "booked_again"), (3, "")])
def test_after_a_no_show_only_a_booking_made_since_counts(
    twilio: Loopback, ana: Customer, days_before: int, reason: str
) -> None:
    visit = AppointmentFactory.create(customer=ana, starts_at=clock.now() - 3 * HOUR)
    Appointment.objects.filter(pk=visit.pk).update(created_at=clock.now() - 9 * DAY)
    visit.refresh_from_db()
    with transaction.atomic():
        visits.mark_no_show(visit)
    following = ahead(ana)
    Appointment.objects.filter(pk=following.pk).update(created_at=clock.now() - days_before * DAY)
    assert [why for _, why in fates("no_show_followup", visit)] == [reason]
