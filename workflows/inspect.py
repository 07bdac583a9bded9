"""A visit told in full: facts, runs, texts with their reasons, cases. Ids and plain values, for people and machines."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from appointments.media import in_words
from appointments.models import Appointment, Deposit, Message
from appointments.services import escalations, message_fates
from appointments.services.person import customers
from aro.errors import InvalidRequestError, NotFoundError
from compliance.event_types import EventType
from compliance.models import Event
from compliance.reasons import EXPLANATIONS, Reason
from workflows.models import WorkflowInstance


def visits(*, status: str = "", limit: int = 500) -> QuerySet[Appointment]:
    """Those booked last come first, whenever they begin, with what `summary` needs. An id has its moment in it."""
    wanted = Appointment.objects.select_related("customer").prefetch_related("deposits").order_by("-id")
    return (wanted.filter(status=status) if status else wanted)[:limit]


# Longer than any booking system's ids, and short enough for a search.
LONGEST_REFERENCE = 500


def find(reference: str) -> Appointment:
    """The visit with this id, or with this id at its booking system. Raises `NotFoundError`, `InvalidRequestError`."""
    if len(reference) > LONGEST_REFERENCE:
        raise InvalidRequestError("No id is as long as this. `aro appointments:list` shows the ids.")
    wanted = Q(refs__external_id=reference) | Q(refs__external_id__endswith=f"/{reference}")
    as_id = _uuid(reference)
    if as_id is not None:
        wanted |= Q(pk=as_id)
    found = list(Appointment.objects.select_related("customer").filter(wanted).distinct()[:2])
    if not found:
        raise NotFoundError("There is no such visit. `aro appointments:list` shows the ids.")
    if len(found) > 1:
        raise InvalidRequestError("More than one visit has this id. Use the id that `aro appointments:list` shows.")
    return found[0]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def summary(visit: Appointment) -> dict[str, Any]:
    """One line of `appointments:list`."""
    return {
        "id": str(visit.id),
        "source": visit.source,
        "external_id": visit.external_id,
        "status": visit.status,
        "starts_at": iso(visit.starts_at),
        "timezone": visit.timezone,
        "customer_id": str(visit.customer_id),
        "risk_score": visit.risk_score,
        "deposit": _deposit(visit),
    }


def _deposit(visit: Appointment) -> dict[str, Any]:
    newest = max(visit.deposits.all(), key=lambda deposit: deposit.created_at, default=None)
    return {
        "required": visit.deposit_required,
        "payment_intent": newest.payment_intent if newest else "",
        "refunded": str(newest.refunded_amount) if newest else "0.00",
        "status": newest.status if newest else "none",
        "amount": str(newest.amount) if newest else "0.00",
        "paid": bool(newest and newest.status == Deposit.Status.PAID),
        "link_id": newest.link_id if newest else "",
    }


def full(visit: Appointment) -> dict[str, Any]:
    """What `appointments:show` prints."""
    return {
        **summary(visit),
        "duration_minutes": visit.duration_minutes,
        "moves": visit.moves,
        "confirmed_at": iso(visit.confirmed_at),
        "last_reply": visit.last_reply_label,
        "phone_typed": customers.typed_phone(visit.customer),
        "risk_reasons": visit.risk_reasons,
        "history": [
            {"at": iso(change.at), "from": change.before, "to": change.after, "by": change.actor}
            for change in visit.history.all()
        ],
        "workflows": [_run(run) for run in visit.workflows.order_by("started_at")],
        "messages": [_message(message) for message in ledger(visit)],
        "escalations": [
            {
                "id": str(case.id),
                "reason": case.reason,
                "priority": case.get_priority_display().lower(),
                "status": case.status,
                "title": case.title,
                "next_step": case.next_step,
                "wish": case.wish,
                "resolved_by": case.resolved_by,
                "resolution": case.resolution,
            }
            for case in escalations.about(visit)
        ],
    }


def _run(run: WorkflowInstance) -> dict[str, Any]:
    return {
        "id": str(run.id),
        "definition": run.definition,
        "version": run.version,
        "status": run.status,
        "step": run.step,
        "wake_at": iso(run.wake_at),
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "kind": message.kind,
        "direction": message.direction,
        "channel": message.channel,
        "status": message.status,
        "reason": message.reason,
        "explanation": message_fates.explain(message),
        "planned_for": iso(message.planned_for),
        "sent_at": iso(message.sent_at),
        "error_code": message.error_code,
        "media": in_words(message.media),
    }


def ledger(visit: Appointment) -> list[Message]:
    """Every text about the visit, planned or not sent included, in order."""
    return list(visit.messages.order_by("created_at"))


def why(visit: Appointment) -> list[str]:
    """The why ledger, one plain line per planned text, in the visit's zone."""
    zone, held = ZoneInfo(visit.timezone), _held(visit)
    lines = []
    for message in ledger(visit):
        if message.direction == Message.Direction.OUT:
            at = message.sent_at or message.planned_for or message.created_at
            fate = _with_its_wait(message, held.get(str(message.id)), zone)
            lines.append(f"{message_fates.shown(at, zone)}  {message.kind:18} {fate}")
    return lines + _nothing_more(visit, zone)


def _held(visit: Appointment) -> dict[str, dict[str, Any]]:
    """By message id, how it was last held: a text's row forgets that when the text goes out, its events do not."""
    events = Event.objects.filter(aggregate_id=visit.id, type=EventType.MESSAGE_HELD).order_by("occurred_at", "id")
    return {payload["message_id"]: payload for payload in events.values_list("payload", flat=True)}


def _with_its_wait(message: Message, held: dict[str, Any] | None, zone: ZoneInfo) -> str:
    """What became of a text; for one that waits no more, first how long it had to wait and why."""
    fate = message_fates.explain(message)
    if held is None or message.status == Message.Status.HELD:
        return fate
    until = message_fates.shown(datetime.fromisoformat(held["until"]), zone)
    sent = f"sent at {message_fates.shown(message.sent_at, zone)}: " if message.sent_at else ""
    return f"held until {until} ({EXPLANATIONS[Reason(held['reason'])]}), then {sent}{fate}"


def _nothing_more(visit: Appointment, zone: ZoneInfo) -> list[str]:
    """Texts that were never planned because the visit was cancelled before their time."""
    if visit.status != Appointment.Status.CANCELLED or visit.cancelled_at is None:
        return []
    at = message_fates.shown(visit.cancelled_at, zone)
    return [f"{at}  {'all later texts':18} not sent: {EXPLANATIONS[Reason.CANCELLED]}"]


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, or None."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
