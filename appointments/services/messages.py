"""Planned messages and what became of them: the rows behind the why ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from django.db.models import Q, QuerySet

from appointments.models import Appointment, Customer, FailedAttempt, Message
from appointments.services import journal
from appointments.services.person import customers
from aro import clock
from aro.queue import rows
from aro.queue.remembered import remembered
from compliance import kinds
from compliance.models import Channel, Purpose
from compliance.reasons import Reason

St = Message.Status
# Callbacks come in any order: a message never goes back to an earlier rank.
RANK: dict[str, int] = {
    St.PLANNED: 0,
    St.HELD: 0,
    St.SENDING: 1,
    St.UNKNOWN: 2,
    St.QUEUED: 3,
    St.SENT: 4,
    St.UNDELIVERED: 5,
    St.FAILED: 5,
    St.DELIVERED: 6,
    St.READ: 7,
}
ARRIVED = (St.DELIVERED, St.READ)
# A message is known by these: it exists once.
ONCE = ("tenant_id", "key")
HANDED_OVER = (St.SENDING, St.UNKNOWN, St.QUEUED, St.SENT, St.DELIVERED, St.READ, St.UNDELIVERED)
# An undelivered text reached nobody; one whose fate is not known may have.
REACHED = tuple(status for status in HANDED_OVER if status != St.UNDELIVERED)


def plan(  # noqa: PLR0913 - each names a separate fact
    *,
    key: str,
    kind: str,
    appointment: Appointment | None,
    customer: Customer,
    purpose: str = Purpose.CARE,
    automatic: bool = True,
    channel: str = "",
    address: str = "",
    planned_for: datetime | None = None,
    tone: str = "",
    wished_channel: str = "",
) -> Message | None:
    """Plans a message once per key; None when it was planned before.

    `address` is given when answering somebody; else it is the customer's at this moment. Where an automatic message
    really goes is chosen when it is sent: by `wished_channel`, where that can be.
    """
    wanted = channel or customers.wanted_channel(customer)
    message = Message(
        tenant_id=customer.tenant_id,
        key=key,
        direction=Message.Direction.OUT,
        kind=kind,
        tone=tone,
        wished_channel=wished_channel,
        purpose=purpose,
        automatic=automatic,
        appointment=appointment,
        customer=customer,
        channel=wanted,
        address=address or customers.address_on(customer, wanted),
        status=St.PLANNED,
        planned_for=planned_for or clock.now(),
        visit_start=appointment.starts_at if appointment else None,
    )
    return message if rows.insert_new(message, unique=ONCE) else None


def plan_for_stranger(theirs: Message, *, key: str, kind: str, at: datetime) -> Message | None:
    """Plans an answer to `theirs`, from a phone that nobody is known by; None when it was planned before."""
    message = Message(
        tenant_id=theirs.tenant_id,
        key=key,
        direction=Message.Direction.OUT,
        kind=kind,
        purpose=Purpose.CARE,
        automatic=False,
        channel=theirs.channel,
        address=theirs.address,
        status=St.PLANNED,
        planned_for=at,
    )
    return message if rows.insert_new(message, unique=ONCE) else None


def was_said(message: Message) -> bool:
    """Whether another text of this kind, about the visit at this time, has gone out."""
    same = Message.objects.filter(appointment=message.appointment_id, kind=message.kind, status__in=HANDED_OVER)
    about = same.filter(visit_start=message.visit_start).exclude(pk=message.pk)
    return message.appointment_id is not None and about.exists()


def not_sent(message: Message, reason: Reason) -> None:
    """The message is not sent, for good, for this reason."""
    Message.objects.filter(pk=message.pk).update(status=St.BLOCKED, reason=reason, held_until=None)


def held(message: Message, reason: Reason, until: datetime) -> None:
    """The message waits until then, for the channel chosen for it."""
    Message.objects.filter(pk=message.pk).update(
        status=St.HELD, reason=reason, held_until=until, channel=message.channel, address=message.address
    )


def hold_all(address: str, reason: Reason, until: datetime, *, tenant_id: str) -> None:
    """Everything planned for this address waits, in the caller's transaction; answers that wait are given up."""
    waiting = Message.objects.filter(
        tenant_id=tenant_id, address=address, direction=Message.Direction.OUT, status__in=[St.PLANNED, St.HELD]
    )
    waiting.filter(automatic=False).update(status=St.BLOCKED, reason=reason, held_until=None)
    waiting.filter(automatic=True).update(status=St.HELD, reason=reason, held_until=until)


def sent_since(addresses: Collection[str], since: datetime, *, tenant_id: str) -> list[datetime]:
    """When what counts under the cap was handed over to these addresses of one person since then; the newest 100."""
    return [at for at in _sent_since(addresses, since, tenant_id) if at is not None]


@remembered
def _sent_since(addresses: Collection[str], since: datetime, tenant_id: str) -> QuerySet[Message, datetime | None]:
    handed_over = Message.objects.filter(
        tenant_id=tenant_id,
        address__in=addresses,
        automatic=True,
        direction=Message.Direction.OUT,
        status__in=HANDED_OVER,
        sent_at__gte=since,
    ).exclude(kind__in=kinds.OUTSIDE_THE_CAP)
    return handed_over.order_by("-sent_at").values_list("sent_at", flat=True)[:100]


def last_of_its_kind(message: Message, addresses: Collection[str]) -> datetime | None:
    """When another text of this kind reached the same person, or one of these addresses."""
    return last_of(message.kind, message, addresses)


def last_of(kind: str, message: Message, addresses: Collection[str]) -> datetime | None:
    """When a text of that kind, other than this one, reached the same person, or one of these addresses."""
    said = _to_the_same(kind, message, addresses).filter(status__in=REACHED)
    return said.order_by("-sent_at").values_list("sent_at", flat=True).first()


def still_to_come(kind: str, message: Message, addresses: Collection[str]) -> list[datetime]:
    """When texts of that kind to the same person, or to one of these addresses, are to go out."""
    waiting = _to_the_same(kind, message, addresses).filter(status__in=(St.PLANNED, St.HELD))
    return [at for held, planned in waiting.values_list("held_until", "planned_for") if (at := held or planned)]


def _to_the_same(kind: str, message: Message, addresses: Collection[str]) -> QuerySet[Message]:
    whose = Q(address__in=addresses) | Q(customer=message.customer_id, customer__isnull=False)
    return Message.objects.filter(whose, tenant_id=message.tenant_id, kind=kind).exclude(pk=message.pk)


def wrote_since(message: Message) -> bool:
    """Whether another message came from there after this one was planned."""
    received = Message.objects.filter(
        tenant_id=message.tenant_id, address=message.address, direction=Message.Direction.IN
    )
    return received.filter(created_at__gt=message.created_at).exists()


def advance(message: Message, status: str, *, error_code: str = "", provider_id: str = "") -> bool:
    """Moves a message forward, the row and the object; news of an earlier stage changes neither. True when it did."""
    now = clock.now()
    fields: dict[str, object] = {"status": status, "reason": "", "held_until": None}
    if error_code:
        fields["error_code"] = error_code
    if provider_id:
        fields["provider_id"] = provider_id
    if status in ARRIVED:
        fields["error_code"] = ""
    if status == St.DELIVERED:
        fields["delivered_at"] = now
    moved = rows.change(message, fields, only_if=_is_lower(status))
    for name, value in fields.items() if moved else ():
        setattr(message, name, value)
    return moved


@cache
def _is_lower(status: str) -> str:
    lower = [f"'{name}'" for name, rank in RANK.items() if rank < RANK[status]]
    return f"status IN ({', '.join(lower)})"


def in_doubt_again(message: Message) -> None:
    """Staff have been told that nobody knows what became of it; now news of it have come, which are to count."""
    message.status, message.error_code = St.UNKNOWN, ""
    Message.objects.filter(pk=message.pk).update(status=message.status, error_code=message.error_code)


def go_on_elsewhere(message: Message, *, channel: str, address: str, code: str) -> None:
    """It surely failed where it was: the same message is planned again, on another channel.

    What comes late about the failed attempt is told apart by its provider id, and changes nothing.
    """
    _keep_attempt(message, code, retried=False)
    if message.appointment is not None:
        told = {"message_id": str(message.id), "kind": message.kind, "from": message.channel, "to": channel}
        journal.visit_event("message.fell_back", message.appointment, payload={**told, "code": code})
    message.channel, message.address, message.status = channel, address, St.PLANNED
    message.provider_id = message.error_code = message.reason = ""
    message.sent_at = message.held_until = None
    message.fallbacks += 1
    message.save()


def try_again(message: Message, *, code: str, until: datetime) -> None:
    """It did not arrive, and the same channel is worth another try then."""
    _keep_attempt(message, code, retried=True)
    message.status, message.reason, message.held_until = St.HELD, Reason.PROVIDER_REFUSED, until
    message.provider_id, message.error_code, message.sent_at = "", "", None
    message.fallbacks += 1
    message.save()


def _keep_attempt(message: Message, code: str, *, retried: bool) -> None:
    """What comes late about it is told apart by its provider id."""
    FailedAttempt.objects.create(
        message=message,
        channel=message.channel,
        template=message.template,
        provider_id=message.provider_id,
        error_code=code,
        at=clock.now(),
        retried=retried,
    )


def arrived_after_all(
    message: Message, attempt: FailedAttempt, *, status: str, address: str, sent_at: datetime
) -> bool:
    """An attempt that was given up has arrived: the message is that one again. False when it had arrived before, or is
    with another channel's carrier by now."""
    handed_on = message.status in (St.QUEUED, St.SENT)
    if message.status in ARRIVED or (handed_on and message.channel != attempt.channel):
        return False
    if not handed_on:
        message.channel, message.address = attempt.channel, address
        message.template, message.provider_id = attempt.template, attempt.provider_id
    message.status, message.error_code, message.reason, message.held_until = status, "", "", None
    message.sent_at, message.delivered_at = message.sent_at or sent_at, clock.now()
    message.save()
    FailedAttempt.objects.filter(pk=attempt.pk).delete()
    return True


def is_about_failed_attempt(message: Message, provider_id: str) -> bool:
    """Whether a carrier's news is of an attempt that was given up for another channel."""
    return bool(message.fallbacks) and message.failed_attempts.filter(provider_id=provider_id).exists()


def record_inbound(  # noqa: PLR0913 - each names a separate fact
    *,
    provider_id: str,
    sender: str,
    text: str,
    channel: str,
    customer: Customer | None,
    at: datetime,
    tenant_id: str,
    media: Sequence[str] = (),
    answers: Message | None = None,
) -> Message | None:
    """Stores a message from a person once; None when it is known."""
    message = Message(
        tenant_id=tenant_id,
        key=f"in:{provider_id}",
        direction=Message.Direction.IN,
        kind="reply",
        automatic=False,
        customer=customer,
        channel=channel or Channel.SMS,
        address=sender,
        body=text,
        media=list(media),
        answers=answers,
        provider_id=provider_id,
        status=St.RECEIVED,
        sent_at=at,
    )
    return message if rows.insert_new(message, unique=ONCE) else None
