"""What is known when a text goes out decides how it is worded, and whether it goes out at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from appointments.models import Appointment, Customer, Deposit, Escalation, Message
from appointments.services import escalations
from appointments.services.visit import visits
from aro import clock
from compliance import consent
from compliance.models import Actor, Purpose
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import PHONE, ana, form, sends, twilio, visit

__all__ = ["ana", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]
CURT = ("needs to know", "Still coming", "not confirmed")


def reminded(visit: Appointment) -> Message:
    return sends(visit, "reminder_last", tone="urgent", planned_for=clock.now())


def test_who_never_got_an_earlier_reminder_is_reminded_kindly(twilio: Loopback, visit: Appointment) -> None:
    assert reminded(visit).template == "reminder_last/en/2"
    assert "look forward to seeing you" in form(twilio)["Body"]


def test_who_kept_silent_is_asked_and_not_scolded(twilio: Loopback, visit: Appointment) -> None:
    sends(visit, "reminder_first")
    reminded(visit)
    said = form(twilio)["Body"]
    assert "can you make it" in said
    assert not any(words in said for words in CURT)


def test_who_waits_for_our_answer_gets_the_time_and_no_question(twilio: Loopback, visit: Appointment) -> None:
    escalations.escalate(key="q", reason="question", appointment=visit)
    sent = reminded(visit)
    assert (sent.kind, sent.status) == ("reminder_plain", "queued")
    said = form(twilio)["Body"]
    assert "Our team has your message" in said
    assert "Reply C" not in said


def test_who_cannot_come_is_not_reminded(twilio: Loopback, visit: Appointment) -> None:
    escalations.escalate(key="c", reason="cancel_request", appointment=visit)
    sent = reminded(visit)
    assert (sent.status, sent.reason) == ("blocked", "awaiting_staff")
    assert not twilio.requests


def test_who_cannot_come_is_not_reminded_of_the_deposit(twilio: Loopback, visit: Appointment) -> None:
    Deposit.objects.create(appointment=visit, status="open", amount=50, currency="USD", url="https://pay.example/x")
    escalations.escalate(key="c", reason="cancel_request", appointment=visit)
    sent = sends(visit, "deposit_reminder")
    assert (sent.status, sent.reason) == ("blocked", "awaiting_staff")


def began(visit: Appointment, ago: timedelta) -> None:
    """So long ago, and booked days before that."""
    now = clock.now()
    Appointment.objects.filter(pk=visit.pk).update(starts_at=now - ago, created_at=now - timedelta(days=4))
    visit.refresh_from_db()


@pytest.mark.parametrize(("said", "missed"), [("CANCEL", False), ("RESCHEDULE", False), ("QUESTION", True), ("", True)])
def test_who_had_said_that_they_would_not_come_is_not_missed(
    twilio: Loopback, visit: Appointment, said: str, missed: bool
) -> None:
    began(visit, timedelta(hours=2))
    Appointment.objects.filter(pk=visit.pk).update(status="no_show", last_reply_label=said)
    visit.refresh_from_db()
    sent = sends(visit, "no_show_followup")
    assert (sent.status, sent.reason) == (("queued", "") if missed else ("blocked", "awaiting_staff"))


def test_who_was_answered_by_staff_is_reminded_as_planned(twilio: Loopback, visit: Appointment) -> None:
    case = escalations.escalate(key="q", reason="question", appointment=visit)
    escalations.resolve(case, by="ada")
    assert reminded(visit).kind == "reminder_last"


def test_a_message_nobody_has_read_makes_it_a_plain_one(twilio: Loopback, visit: Appointment) -> None:
    Message.objects.create(direction="in", kind="reply", address=PHONE, status="received", body="??")
    assert reminded(visit).kind == "reminder_plain"


def test_another_persons_request_on_the_phone_leaves_this_visits_reminder(
    twilio: Loopback, ana: Customer, visit: Appointment
) -> None:
    escalations.escalate(key="c", reason="cancel_request", appointment=_visit_of(ana, days=9))
    assert reminded(visit).kind == "reminder_last"


def _visit_of(person: Customer, *, days: int) -> Appointment:
    return Appointment.objects.create(
        source="calendly",
        external_id="other",
        customer=person,
        timezone="America/New_York",
        starts_at=clock.now() + timedelta(days=days),
    )


def test_who_has_left_the_clinic_is_offered_no_visit_and_asked_for_a_review_like_everybody(
    twilio: Loopback, visit: Appointment
) -> None:
    consent.give(PHONE, "sms", Purpose.MARKETING, method="verbal")
    began(visit, timedelta(hours=8))
    with transaction.atomic():
        visits.complete(visit, actor=Actor.ADMIN, actor_id="ada")
    escalations.escalate(key="g", reason="no_longer_patient", customer=visit.customer)
    assert sends(visit, "rebooking", purpose=Purpose.MARKETING).reason == "outcome_open"
    assert sends(visit, "review", purpose=Purpose.MARKETING).reason != "outcome_open"


def test_who_had_left_before_the_visit_is_not_missed(twilio: Loopback, visit: Appointment) -> None:
    case = escalations.escalate(key="g", reason="no_longer_patient", appointment=visit)
    began(visit, timedelta(hours=2))
    Appointment.objects.filter(pk=visit.pk).update(time_set_at=visit.created_at)
    Escalation.objects.filter(pk=case.pk).update(created_at=visit.starts_at - timedelta(hours=5))
    with transaction.atomic():
        visits.mark_no_show(visit)
    assert sends(visit, "no_show_followup").reason == "awaiting_staff"


@pytest.mark.parametrize("kind", ["review", "rebooking"])
def test_the_last_look_at_whether_they_came_is_as_the_thanks_go_out(
    twilio: Loopback, visit: Appointment, kind: str
) -> None:
    consent.give(PHONE, "sms", Purpose.MARKETING, method="verbal")
    began(visit, timedelta(hours=8))
    with transaction.atomic():
        visits.complete(visit, actor=Actor.SYSTEM)
    escalations.escalate(key="c", reason="cancel_request", appointment=visit)
    sent = sends(visit, kind, purpose=Purpose.MARKETING)
    assert (sent.status, sent.reason) == ("blocked", "outcome_open")
    assert not twilio.requests
