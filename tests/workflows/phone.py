"""A phone that writes to the clinic, for tests on rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from appointments.inbound import BookingCreated, ReplyReceived
from appointments.models import Appointment, Escalation, Message
from appointments.services.booking import bookings
from aro import clock
from aro.ids import new_id
from aro.queue import tick
from compliance import consent
from integrations.inbound import routing
from tests.factories import BusinessFactory, booking

ASKED = "Bright Dental: Hi Ana, please confirm Tue, Dec 1 at 2:30 PM. Reply C to confirm, X if you cannot come."


def asked_about(
    visit: Appointment, body: str = ASKED, *, kind: str = "reminder_48h", ago: timedelta | None = None
) -> Message:
    """A text about it has gone to the patient."""
    at = clock.now() - (ago or timedelta(minutes=30))
    return Message.objects.create(
        direction="out",
        kind=kind,
        appointment=visit,
        customer=visit.customer,
        address=visit.customer.phone,
        body=body,
        status="delivered",
        visit_start=visit.starts_at,
        created_at=at,
        sent_at=at,
    )


def writes(visit: Appointment, text: str, **more: Any) -> Message:
    """The patient writes; the message as it was stored."""
    provider_id = f"SM{new_id().hex}"
    news = {"channel": "sms", "occurred_at": clock.now(), "sender": visit.customer.phone, **more}
    routing.apply(ReplyReceived(text=text, provider_id=provider_id, **news), correlation_id=new_id())
    return Message.objects.get(provider_id=provider_id)


def booked_and_held(said: str) -> Appointment:
    """A visit in four days whose patient's phone has said this since, so that the texts to it wait."""
    BusinessFactory.create(quiet_from="00:00", quiet_until="00:00")
    with transaction.atomic():
        news = BookingCreated(booking=booking(starts_at=clock.now() + timedelta(days=4)), occurred_at=clock.now())
        bookings.created(news, correlation_id=new_id())
    visit = Appointment.objects.select_related("customer").get()
    consent.give(visit.customer.phone, "sms", "care", method="booking_system")
    asked_about(visit)
    writes(visit, said)
    tick.drain(["events", "timers", "executions"])
    return visit


def held_for() -> set[str]:
    """Why texts wait."""
    return set(Message.objects.filter(status="held").values_list("reason", flat=True))


def answers_to(message: Message) -> list[str]:
    """The kinds of the answers that are on their way."""
    planned = Message.objects.filter(key=f"answer:{message.id}").exclude(status="blocked")
    return list(planned.values_list("kind", flat=True))


def cases() -> list[str]:
    """The reasons of the open cases."""
    return sorted(Escalation.objects.filter(status="open").values_list("reason", flat=True))


def status_of(visit: Appointment) -> str:
    return str(Appointment.objects.get(pk=visit.pk).status)
