"""What asks for an answer and has to wait on its way does not go out once the answer is there."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from appointments.models import Appointment, Customer, Message
from appointments.services import messages
from appointments.services.person import family
from appointments.services.visit import visits
from aro import clock
from aro.models import Due
from compliance.kinds import ASKING_REMINDERS
from compliance.models import Actor
from tests.factories import AppointmentFactory
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import PHONE, ana, sends, told, twilio, visit, work
from workflows.engine import effects

__all__ = ["ana", "twilio", "visit"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_other_channel(ana: Customer) -> None:
    Customer.objects.filter(pk=ana.pk).update(email="")
    ana.refresh_from_db()


def waits_on_its_way(message: Message) -> Message:
    """The phone was off: it is tried again later."""
    told(message, "undelivered", "30003")
    assert message.status == "held"
    return message


def tried_again(message: Message) -> tuple[str, str]:
    Due.objects.update(due_at=clock.now() - timedelta(seconds=1))
    work()
    message.refresh_from_db()
    return message.status, message.reason


@pytest.mark.parametrize("kind", sorted(ASKING_REMINDERS))
def test_a_reminder_that_is_tried_again_does_not_ask_who_has_confirmed(
    twilio: Loopback, visit: Appointment, kind: str
) -> None:
    waiting = waits_on_its_way(sends(visit, kind))
    with transaction.atomic():
        visits.confirm(visit, actor=Actor.USER)
    assert tried_again(waiting) == ("blocked", "already_confirmed")
    assert len(twilio.requests) == 1


def test_who_has_not_answered_is_asked_all_the_same(twilio: Loopback, visit: Appointment) -> None:
    assert tried_again(waits_on_its_way(sends(visit, "reminder_first")))[0] == "queued"
    assert len(twilio.requests) == 2


def answers(visit: Appointment, kind: str) -> Message:
    planned = messages.plan(
        key=str(uuid4()), kind=kind, appointment=visit, customer=visit.customer, automatic=False, channel="sms"
    )
    assert planned is not None
    other = AppointmentFactory.create(customer=visit.customer, starts_at=visit.starts_at + timedelta(days=1))
    family.name_in(planned, dict.fromkeys([visit, other] if kind == "which_visit" else [], clock.now()))
    effects.send(planned, now=clock.now())
    work()
    planned.refresh_from_db()
    return planned


@pytest.mark.parametrize(("writes_again", "fate"), [(True, "blocked"), (False, "queued")])
def test_which_visit_is_not_asked_of_who_has_written_since(
    twilio: Loopback, visit: Appointment, writes_again: bool, fate: str
) -> None:
    waiting = waits_on_its_way(answers(visit, "which_visit"))
    if writes_again:
        Message.objects.create(direction="in", kind="reply", address=PHONE, status="received", body="the first one")
    assert tried_again(waiting)[0] == fate


def test_the_link_for_another_time_does_not_follow_the_move(twilio: Loopback, visit: Appointment) -> None:
    Appointment.objects.update(reschedule_url="https://clinic.example/move")
    visit.refresh_from_db()
    waiting = waits_on_its_way(answers(visit, "reschedule_link"))
    Appointment.objects.update(starts_at=visit.starts_at + timedelta(days=1))
    assert tried_again(waiting) == ("blocked", "moved")
