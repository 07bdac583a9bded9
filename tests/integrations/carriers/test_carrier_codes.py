"""What the words about a carrier's code promise is what happens: one more try, tries as long as they help, or none."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from appointments.inbound import DeliveryReported
from appointments.models import Appointment, Customer, Escalation, Message
from aro import clock
from aro.ids import new_id
from aro.models import Due
from integrations.outbound import again, callbacks
from integrations.providers.shared.base import Effect, RefusedError
from integrations.providers.twilio.errors import MEANINGS
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import ana, refused, sends, taken, twilio, visit
from workflows.models import Execution

__all__ = ["ana", "twilio", "visit"]
pytestmark = pytest.mark.django_db
St = Message.Status
ONCE = sorted(code for code, known in MEANINGS.items() if known.effect == Effect.RETRY_ONCE)
LATER = sorted(code for code, known in MEANINGS.items() if known.effect in again.WHILE_IT_HELPS)
NEVER = sorted(set(MEANINGS) - set(ONCE) - set(LATER))


@pytest.fixture(autouse=True)
def no_other_channel(ana: Customer) -> None:
    """She has no e-mail address: nothing takes over."""
    Customer.objects.filter(pk=ana.pk).update(email="")
    ana.refresh_from_db()


def comes_back(message: Message, code: str) -> Message:
    """The carrier reports that the text which it has now did not arrive."""
    execution = Execution.objects.get(message=message)
    news = DeliveryReported(
        execution_id=str(execution.pk),
        provider_id=message.provider_id,
        status=St.UNDELIVERED,
        error_code=code,
        occurred_at=clock.now(),
    )
    callbacks.delivered(news, correlation_id=new_id())
    callbacks.delivered(news, correlation_id=new_id())
    message.refresh_from_db()
    return message


def handed_over_again(message: Message) -> Message:
    """As after the wait: the carrier took it once more, under another id."""
    Message.objects.filter(pk=message.pk).update(status=St.SENT, provider_id=f"SM{uuid4().hex}", held_until=None)
    execution = Execution.objects.get(message=message)
    Execution.objects.filter(pk=execution.pk).update(status=Execution.Status.DONE, attempt=execution.attempt + 1)
    message.refresh_from_db()
    return message


def is_due(message: Message) -> bool:
    execution = Execution.objects.get(message=message)
    return execution.status == Execution.Status.INTENT and Due.objects.filter(ref=execution.pk).exists()


@pytest.mark.parametrize("code", ONCE)
def test_a_phone_that_was_off_is_tried_once_more_and_then_a_person_knows(
    twilio: Loopback,
    visit: Appointment,
    code: str,
) -> None:
    message = comes_back(sends(visit), code)
    assert (message.status, is_due(message)) == (St.HELD, True)
    assert message.held_until is not None
    assert timedelta(minutes=14) < message.held_until - clock.now() <= again.ONCE_AFTER
    assert not Escalation.objects.exists()
    message = comes_back(handed_over_again(message), code)
    assert (message.status, is_due(message)) == (St.UNDELIVERED, False)
    assert "tries again" not in Escalation.objects.get(reason="not_delivered").next_step


@pytest.mark.parametrize("code", LATER)
def test_a_queue_that_was_full_is_tried_as_long_as_the_text_helps(
    twilio: Loopback,
    visit: Appointment,
    code: str,
) -> None:
    message = sends(visit)
    for _ in range(9):
        message = comes_back(message, code)
        assert (message.status, is_due(message)) == (St.HELD, True)
        message = handed_over_again(message)
    Appointment.objects.filter(pk=visit.pk).update(starts_at=clock.now() + timedelta(minutes=10))
    message = comes_back(message, code)
    assert (message.status, is_due(message)) == (St.UNDELIVERED, False)
    assert "tries again" not in Escalation.objects.get(reason="not_delivered").next_step


@pytest.mark.parametrize("code", NEVER)
def test_what_would_fail_again_is_not_repeated(
    twilio: Loopback,
    visit: Appointment,
    code: str,
) -> None:
    message = comes_back(sends(visit), code)
    assert (message.status, is_due(message)) == (St.UNDELIVERED, False)


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_no_code_promises_what_does_not_happen(code: str) -> None:
    known = MEANINGS[code]
    assert "tries again" not in known.next_step
    assert known.permanent is (code in NEVER)


@pytest.mark.parametrize("code", ["30003", "21611", "21211"])
def test_a_refused_call_is_repeated_as_its_code_says(
    twilio: Loopback,
    visit: Appointment,
    code: str,
) -> None:
    twilio.answers = [refused(int(code)), taken()]
    message = sends(visit)
    message.refresh_from_db()
    assert message.status == (St.FAILED if code in NEVER else St.HELD)


@pytest.mark.parametrize("attempt", [1, 6, 40])
def test_how_long_is_waited(ana: Customer, visit: Appointment, attempt: int) -> None:
    message = Message(kind="reminder_24h", channel="sms", appointment=visit, customer=ana)
    for effect in Effect:
        permanent = effect not in again.WHILE_IT_HELPS | {Effect.RETRY_ONCE}
        failure = RefusedError(code="1", staff_message="x", next_step="y", permanent=permanent, effect=effect)
        when = again.at(message, failure, attempt=attempt, now=clock.now())
        tried = effect in again.WHILE_IT_HELPS or (effect == Effect.RETRY_ONCE and attempt == 1)
        assert (when is not None) is tried, effect


def reports(message: Message, status: str, *, provider_id: str, code: str = "") -> Message:
    execution = Execution.objects.get(message=message)
    news = DeliveryReported(
        execution_id=str(execution.pk),
        provider_id=provider_id,
        status=status,
        error_code=code,
        occurred_at=clock.now(),
    )
    callbacks.delivered(news, correlation_id=new_id())
    message.refresh_from_db()
    return message


def test_what_arrives_late_after_all_is_not_sent_again(twilio: Loopback, visit: Appointment) -> None:
    message = sends(visit)
    first = message.provider_id
    message = comes_back(message, "30003")
    assert is_due(message)
    message = reports(message, St.DELIVERED, provider_id=first)
    assert (message.status, message.provider_id, is_due(message)) == (St.DELIVERED, first, False)
    assert not Due.objects.filter(lane="executions").exists()


def test_what_arrives_late_changes_nothing_once_it_was_sent_again(twilio: Loopback, visit: Appointment) -> None:
    message = sends(visit)
    first = message.provider_id
    again_sent = handed_over_again(comes_back(message, "30003"))
    assert reports(again_sent, St.DELIVERED, provider_id=first).provider_id != first


def test_a_code_beside_delivered_is_no_failure(twilio: Loopback, visit: Appointment) -> None:
    message = sends(visit)
    message = reports(message, St.DELIVERED, provider_id=message.provider_id, code="30008")
    assert (message.status, is_due(message)) == (St.DELIVERED, False)
    assert not Escalation.objects.exists()
