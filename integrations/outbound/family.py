"""One text to a family: whom else it may name, judged visit by visit, and how it is worded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial

from appointments.case_reasons import Reminders
from appointments.models import Appointment, Business, Customer, Message
from appointments.services.person import customers, family
from appointments.services.visit import doubts, visits
from appointments.texts import named
from appointments.texts.render import Text, compose
from aro.queue import due, locks, rows
from compliance import guardrails, kinds
from compliance.guardrails import SendContext
from compliance.kinds import Kind
from integrations.outbound import settling
from workflows.models import Execution

MOST_SEGMENTS = 2
Ahead = Callable[[], list[Appointment]]


def ahead(message: Message, now: datetime) -> Ahead:
    """The upcoming visits of all who are reached where the message goes: read when first asked for, and once."""
    return cache(partial(family.visits_at, message.address, message.channel, now=now, tenant_id=message.tenant_id))


def seen(context: SendContext, message: Message, ahead: Ahead) -> SendContext:
    """With what the family's other visits mean for this message."""
    if not message.automatic or message.appointment is None:
        return context
    kind = Kind(message.kind)
    told, maybe = (
        family.told_with_others(message) if kind in kinds.TOGETHER or kind in kinds.REMINDERS else (False,) * 2
    )
    return replace(context, told_together=told, maybe_told=maybe, gathers_until=_gathers_until(message, ahead))


def _gathers_until(message: Message, ahead: Ahead) -> datetime | None:
    visit = message.appointment
    if visit is None or message.kind not in kinds.WAITS_FOR_THE_FAMILY:
        return None
    return family.gathers_until(message, family.that_day(visit, ahead()))


def joined(
    message: Message, business: Business, context: SendContext, ahead: Ahead, now: datetime
) -> dict[Appointment, datetime]:
    """The family's other visits that this text names too: the same is due about them, and may be said. Under the locks
    of the address and of each visit."""
    visit = message.appointment
    if visit is None or not message.automatic or Kind(message.kind) not in kinds.TOGETHER or not named.is_named(visit):
        return {}
    that_day = family.that_day(visit, ahead())
    rows.follow(that_day, "customer")
    others = [one for one in that_day if _is_nameable(one, message)]
    due = family.due_with(message, others, business.reminder_list) if others else {}
    for one in sorted(due, key=lambda one: one.id):
        locks.hold("visit", str(one.id))
        one.refresh_from_db()
    return {one: at for one, at in due.items() if _may_be_named(one, message, context, now)}


def _is_nameable(visit: Appointment, message: Message) -> bool:
    return named.is_named(visit) and not customers.wants_no(visit.customer, message.channel)


def _may_be_named(visit: Appointment, message: Message, context: SendContext, now: datetime) -> bool:
    reminds = message.kind in kinds.REMINDERS
    if reminds and doubts.reminders_about(visit) != _like(message):
        return False
    theirs = replace(
        context,
        visit_status=visit.status,
        visit_starts_at=visit.starts_at,
        visit_ends_at=visits.ends_at(visit),
        planned_for_start=visit.starts_at,
        settles_at=settling.until(visit, now),
        confirmed=visit.status == Appointment.Status.CONFIRMED,
    )
    return not (reminds and theirs.confirmed) and guardrails.judge(theirs, now) == guardrails.Send()


def leave_each_their_own(message: Message, at: datetime) -> None:
    """A text to the family did not arrive: what was left out because of it is judged anew then, each for itself."""
    again = Execution.objects.filter(message__in=family.left_out_for(message)).select_related("message")
    for execution in list(again):
        Message.objects.filter(execution=execution).update(status=Message.Status.PLANNED, reason="")
        execution.status, execution.error_code, execution.finished_at = Execution.Status.INTENT, "", None
        execution.save(update_fields=["status", "error_code", "finished_at"])
        due.put("executions", execution.id, at)


def _like(message: Message) -> Reminders:
    """Who waits for our answer is told the time together with the others who do, and asked nothing."""
    return Reminders.PLAIN if message.kind == Kind.REMINDER_PLAIN else Reminders.AS_PLANNED


def told_of(message: Message, others: Sequence[Appointment]) -> list[Appointment]:
    """The visits that the text names. An answer names those kept with it, as far as they are still to come."""
    if others and message.appointment is not None:
        return [message.appointment, *others]
    if message.automatic:
        return []
    kept = message.named.select_related("appointment__customer").order_by("visit_start", "id")
    return [
        one.appointment
        for one in kept
        if one.appointment.status in guardrails.STILL_TO_COME and one.appointment.starts_at == one.visit_start
    ]


def composed(  # noqa: PLR0913 - all that a text is made of
    *,
    kind: Kind,
    about: Sequence[Appointment],
    customer: Customer,
    business: Business,
    channel: str,
    values: Mapping[str, str],
    tone: str | None,
    opt_out_line: bool,
    unsubscribe_url: str,
) -> Text:
    """The wording for one visit or for several; each hour once when it would cost more than two messages.

    Raises `TextError` as `compose` does.
    """
    language = customer.language or business.language

    def text(*, by_hour: bool) -> Text:
        line = named.line(
            about, language=language, reader_zone=customer.timezone, profile=business.profile, by_hour=by_hour
        )
        return compose(
            kind=kinds.TOGETHER.get(kind, kind) if len(about) > 1 else kind,
            language=language,
            channel=channel,
            values={**values, "visits": line},
            tone=tone,
            opt_out_line=opt_out_line,
            profile=business.profile,
            tenant_id=business.tenant_id,
            unsubscribe_url=unsubscribe_url,
        )

    full = text(by_hour=False)
    if not about or full.segments <= MOST_SEGMENTS:
        return full
    shorter = text(by_hour=True)
    return shorter if shorter.segments < full.segments else full
