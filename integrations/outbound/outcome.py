"""Recording how a text's hand-over ended, in the caller's transaction."""

from __future__ import annotations

from appointments.models import Customer, Message
from appointments.services import deliveries, journal, messages
from appointments.services.money import asking
from appointments.services.person import customers
from appointments.services.visit import cancellations, untold
from aro import clock
from aro.desk.sentences import quoted
from aro.queue import due, rows
from aro.queue.due import Claim
from compliance import consent
from compliance.kinds import Kind
from integrations.outbound import channels, fallback
from integrations.providers.shared.base import Accepted, Effect, RefusedError
from workflows.models import Execution

St, Ex = Message.Status, Execution.Status


def adopt(claim: Claim, execution: Execution, message: Message, accepted: Accepted) -> None:
    """The carrier has it: record that, and the event. In the caller's transaction."""
    finish(claim, execution, Ex.DONE, provider_id=accepted.provider_id)
    accept(message, accepted)


def accept(message: Message, accepted: Accepted) -> None:
    """Marks a message as taken by the carrier, and what follows from that for its person."""
    messages.advance(message, accepted.status, provider_id=accepted.provider_id)
    cancellations.told(message)
    asking.asked(message)
    if accepted.segments not in (0, message.segments):
        Message.objects.filter(pk=message.pk).update(segments=accepted.segments)
    if message.kind == Kind.REVIEW and message.customer_id:
        Customer.objects.filter(pk=message.customer_id).update(
            review_status=Customer.ReviewStatus.REQUESTED, review_requested_at=clock.now()
        )
        record("review.requested", message)
    record("reminder.sent" if message.kind.startswith("reminder") else "message.sent", message)


def goes_on(execution: Execution | None, message: Message, failure: RefusedError) -> bool:
    """Applies what a refusal means beyond this message, and tries the next channel. True: the message goes on there.

    A case for a person says what failed, in the provider's meaning but our words, unless another channel takes over
    and there is nothing to correct.
    """
    apply_effect(message, failure)
    if failure.effect == Effect.SUPPRESS:
        untold.not_sent(message)
        return False
    before, why = str(message.get_channel_display()), quoted(failure.staff_message, within=True)
    if not fallback.begin(execution, message, failure.code):
        deliveries.tell_staff(message, failure.code_to_look_up, why=why, next_step=quoted(failure.next_step))
        return False
    if failure.effect in (Effect.MARK_PHONE_UNUSABLE, Effect.MARK_EMAIL_UNUSABLE):
        deliveries.tell_staff_of_fallback(message, before=before, why=why)
    return True


def apply_effect(message: Message, failure: RefusedError) -> None:
    """What a refusal means beyond this message."""
    here = Customer.objects.filter(tenant_id=message.tenant_id, phone=message.address)
    match failure.effect:
        case Effect.SUPPRESS:
            consent.suppress(message.address, source="provider", tenant_id=message.tenant_id)
        case Effect.MARK_PHONE_UNUSABLE:
            here.update(phone_usable=False)
        case Effect.MARK_EMAIL_UNUSABLE:
            customers.mark_email_unusable(message.address, message.tenant_id)
        case Effect.STOP_CHANNEL:
            channels.stop(
                message.channel, code=failure.code, why=quoted(failure.staff_message), tenant_id=message.tenant_id
            )
    if message.customer is not None:
        message.customer.refresh_from_db(fields=["phone_usable", "email_usable"])


def give_up(message: Message, code: str) -> None:
    """A fault of ours stopped this text for good."""
    messages.advance(message, St.FAILED, error_code=code)
    untold.not_sent(message)


def finish(claim: Claim, execution: Execution, status: str, *, provider_id: str = "", error_code: str = "") -> None:
    execution.status, execution.provider_id = status, provider_id
    execution.error_code, execution.finished_at = error_code[:64], clock.now()
    with rows.together():
        due.finish(claim)
        rows.save(execution, "status", "provider_id", "error_code", "finished_at")


def record(event_type: str, message: Message, **more: str) -> None:
    if message.appointment is not None:
        journal.visit_event(
            event_type, message.appointment, payload={"message_id": str(message.id), "kind": message.kind, **more}
        )
