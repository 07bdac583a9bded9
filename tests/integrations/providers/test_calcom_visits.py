"""What becomes of a visit that Cal.com tells of."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from appointments.models import Appointment, BookingRef, Business, Escalation
from aro import clock
from aro.queue import tick
from integrations.models import Receipt
from tests.integrations import signers
from tests.integrations.providers.test_calcom import NEW, OLD, SECRET, changed
from tests.times import begun

S = Appointment.Status
TODAY = clock.now().replace(second=0, microsecond=0)


def deliver(client: Client, name: str, /, **payload: Any) -> None:
    """The fixture, with its visit a few days from now and told now."""
    trigger, at = payload.pop("_trigger", ""), payload.pop("_at", clock.now())
    data = json.loads(changed(name, **payload))
    data |= {"createdAt": at.isoformat(), **({"triggerEvent": trigger} if trigger else {})}
    if "startTime" in data["payload"]:
        start = TODAY + timedelta(days=9 if data["payload"]["uid"] == NEW else 5)
        data["payload"] |= {"startTime": start.isoformat(), "endTime": (start + timedelta(minutes=45)).isoformat()}
    body = json.dumps(data).encode()
    answer = client.generic(
        "POST", "/webhooks/calcom", body, "application/json", headers=signers.calcom(body, secret=SECRET)
    )
    assert answer.status_code == 200
    tick.drain(["receipts", "lookups"])
    assert not Receipt.objects.filter(outcome__in=["pending", "failed"]).exists()


def test_a_booking_becomes_a_visit(client: Client, business: Business) -> None:
    deliver(client, "booking.created")
    visit = Appointment.objects.get(source="calcom", external_id=OLD)
    assert (visit.status, visit.customer.phone, visit.timezone) == (S.BOOKED, "+351912345678", business.timezone)


def test_a_moved_booking_stays_one_visit_under_both_names(client: Client, business: Business) -> None:
    deliver(client, "booking.created")
    deliver(client, "booking.rescheduled")
    deliver(client, "booking.rescheduled")
    visit = Appointment.objects.get()
    assert (visit.external_id, visit.status, visit.moves) == (NEW, S.BOOKED, 1)
    assert BookingRef.objects.filter(appointment=visit).count() == 2


def test_a_move_before_its_booking_is_one_visit_too(client: Client, business: Business) -> None:
    deliver(client, "booking.rescheduled")
    deliver(client, "booking.created")
    assert Appointment.objects.get().external_id == NEW


def test_a_cancellation_cancels(client: Client, business: Business) -> None:
    deliver(client, "booking.created")
    deliver(client, "booking.cancelled")
    assert Appointment.objects.get().status == S.CANCELLED


def test_a_request_makes_no_visit_until_it_is_accepted(client: Client, business: Business) -> None:
    deliver(client, "booking.requested")
    assert not Appointment.objects.exists()
    deliver(client, "booking.created")
    assert Appointment.objects.get().status == S.BOOKED


def test_a_refused_request_reminds_nobody(client: Client, business: Business) -> None:
    deliver(client, "booking.requested")
    deliver(client, "booking.rejected")
    assert Appointment.objects.get().status == S.CANCELLED


def test_a_request_to_move_suspends_the_visit_and_its_acceptance_moves_it(client: Client, business: Business) -> None:
    deliver(client, "booking.created")
    deliver(client, "booking.requested.move")
    assert Appointment.objects.get().status == S.RESCHEDULED
    deliver(client, "booking.created", uid=NEW, rescheduleUid=OLD)
    visit = Appointment.objects.get()
    assert (visit.external_id, visit.status) == (NEW, S.BOOKED)


def test_a_request_to_move_that_is_refused_becomes_a_case(client: Client, business: Business) -> None:
    deliver(client, "booking.created")
    deliver(client, "booking.requested.move")
    deliver(client, "booking.rejected", uid=NEW)
    visit = Appointment.objects.get()
    assert visit.status == S.CANCELLED
    assert visit.escalations.get(status=Escalation.Status.OPEN).reason == "declined"


def test_a_first_request_that_is_refused_is_no_case(client: Client, business: Business) -> None:
    deliver(client, "booking.rejected")
    deliver(client, "booking.requested")
    assert not Escalation.objects.exists()


def test_who_is_asked_to_choose_another_time_keeps_the_visit_until_they_do(client: Client, business: Business) -> None:
    deliver(client, "booking.created")
    deliver(client, "booking.cancelled.rebook")
    assert Appointment.objects.get().status == S.RESCHEDULED
    deliver(client, "booking.rescheduled")
    visit = Appointment.objects.get()
    assert (visit.external_id, visit.status) == (NEW, S.BOOKED)


def test_a_no_show_counts_and_can_be_taken_back(client: Client, business: Business) -> None:
    deliver(client, "booking.created")
    with begun():
        deliver(client, "booking.no_show")
        assert Appointment.objects.get().status == S.NO_SHOW
        deliver(client, "booking.no_show.unmarked")
        assert Appointment.objects.get().status != S.NO_SHOW


def test_a_booking_that_was_paid_is_a_visit_though_its_creation_got_lost(client: Client, business: Business) -> None:
    deliver(client, "booking.created", _trigger="BOOKING_PAID", paymentId=3)
    deliver(client, "booking.created")
    deliver(client, "booking.created", _trigger="BOOKING_PAID", paymentId=3)
    assert Appointment.objects.get().status == S.BOOKED


def test_a_cancelled_booking_is_not_made_anew_by_an_earlier_payment(client: Client, business: Business) -> None:
    paid_at = clock.now() - timedelta(minutes=5)
    deliver(client, "booking.created")
    deliver(client, "booking.cancelled")
    deliver(client, "booking.created", _trigger="BOOKING_PAID", _at=paid_at)
    assert Appointment.objects.get().status == S.CANCELLED


def test_what_is_paid_and_waits_for_the_host_is_no_visit_yet(client: Client, business: Business) -> None:
    deliver(client, "booking.created", _trigger="BOOKING_PAID", requiresConfirmation=True)
    deliver(client, "booking.created", _trigger="BOOKING_PAID", status="PENDING")
    assert not Appointment.objects.exists()
