"""What carriers report about texts that were handed over."""

from __future__ import annotations

from typing import Any

from appointments.case_reasons import Change
from appointments.case_reasons.words import because, happened, part, to_do
from appointments.models import Customer, Escalation, FailedAttempt, Message
from appointments.services import case_endings, escalations, journal, messages
from appointments.services.visit import untold
from aro.queue import rows
from compliance.models import Channel

St = Message.Status
NOT_ARRIVED = (St.UNDELIVERED, St.FAILED)


def report(message: Message, *, status: str, error_code: str, provider_id: str) -> bool:
    """Applies a carrier's news to a message; False when it says nothing new. May run twice, in any order.

    What a failure means for the staff depends on the carrier's code: the caller knows (`tell_staff`).
    """
    had_failed = message.status in NOT_ARRIVED
    if not messages.advance(message, status, error_code=error_code, provider_id=provider_id):
        return False
    if status == St.DELIVERED:
        _record_arrival(message)
    if had_failed:
        _close_what_it_opened(message)
    if status in NOT_ARRIVED:
        _record("message.delivery_failed", message)
    return True


def arrived_after_all(message: Message, attempt: FailedAttempt, **how: Any) -> bool:
    """An attempt that was given up has arrived; `how` as for `messages.arrived_after_all`. False when that is no news.
    May run twice."""
    if not messages.arrived_after_all(message, attempt, **how):
        return False
    _record_arrival(message)
    _close_what_it_opened(message)
    return True


def _record_arrival(message: Message) -> None:
    _record("reminder.delivered" if message.kind.startswith("reminder") else "message.delivered", message)


def _close_what_it_opened(message: Message) -> None:
    """Its failure had been told: nobody need look any more, and a number thought useless is not."""
    if message.channel == Channel.SMS:
        Customer.objects.filter(tenant_id=message.tenant_id, phone=message.address).update(phone_usable=True)
    for key in (_not_delivered(message), _wrong_address(message, str(message.get_channel_display()))):
        case_endings.settled(key, Change.ARRIVED, tenant_id=message.tenant_id)
    untold.arrived(message)


def _not_delivered(message: Message) -> str:
    return f"not_delivered:{message.id}"


def _wrong_address(message: Message, channel: str) -> str:
    return f"wrong_address:{message.customer_id}:{channel}"


def tell_staff(message: Message, error_code: str, *, why: str = "", next_step: str = "") -> None:
    """Opens a case: the text did not arrive. `error_code` stands beside `why`, for staff who must look it up."""
    escalations.escalate(
        key=_not_delivered(message),
        reason="not_delivered",
        title=happened(_what(message), why=_with_code(why, error_code)),
        next_step=next_step or to_do("not_delivered"),
        appointment=message.appointment,
        customer=message.customer,
        tenant_id=message.tenant_id,
    )
    untold.not_sent(message)


def tell_staff_of_doubt(message: Message) -> None:
    """Opens a case: nobody knows whether it went out, so it is not sent again."""
    escalations.escalate(
        key=_not_delivered(message),
        reason="not_delivered",
        title=happened(f"{_what(message)}.doubt"),
        next_step=to_do("not_delivered.doubt"),
        appointment=message.appointment,
        customer=message.customer,
        tenant_id=message.tenant_id,
    )
    untold.not_sent(message)


def settle_doubt(message: Message) -> None:
    """The carrier has it after all: the case about it is over."""
    case = _open_case(message)
    if case is not None:
        escalations.resolve(case, by=escalations.SYSTEM, resolution=because("carrier_took_it"))
    untold.arrived(message)


def say_what_failed(message: Message, error_code: str, *, why: str, next_step: str) -> None:
    """The case about a doubt says what is known by now."""
    case = _open_case(message)
    if case is not None:
        escalations.reword(case, happened(_what(message), why=_with_code(why, error_code)), next_step)


def _open_case(message: Message) -> Escalation | None:
    known = Escalation.objects.filter(tenant_id=message.tenant_id, key=_not_delivered(message))
    return known.filter(status=Escalation.Status.OPEN).first()


def tell_staff_of_fallback(message: Message, *, before: str, why: str) -> None:
    """Opens a small case: the message went on by another channel, but what failed is wrong for good."""
    escalations.escalate(
        key=_wrong_address(message, before),
        reason="wrong_address",
        title=happened("wrong_address", before=before, why=why, now=message.get_channel_display()),
        next_step=to_do("wrong_address"),
        priority=escalations.LOW,
        appointment=message.appointment,
        customer=message.customer,
        tenant_id=message.tenant_id,
    )


def _what(message: Message) -> str:
    return "not_delivered.email" if message.channel == Channel.EMAIL else "not_delivered"


def _with_code(why: str, error_code: str) -> str:
    if not why:
        return _carrier_said(error_code)
    return part("with_code", why=why, code=error_code) if error_code else why


def _carrier_said(error_code: str) -> str:
    return part("carrier_code", code=error_code) if error_code else part("carrier_silent")


def _record(event_type: str, message: Message) -> None:
    if not Message.appointment.is_cached(message):
        rows.follow([message], "appointment")
    if message.appointment is not None:
        journal.visit_event(
            event_type, message.appointment, payload={"message_id": str(message.id), "kind": message.kind}
        )
