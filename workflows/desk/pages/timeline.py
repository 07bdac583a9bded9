"""Everything that happened around a visit, newest first, each as one sentence. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from operator import attrgetter

from appointments import sources
from appointments.desk import writers
from appointments.desk.screens import MESSAGE_TONES, PRIORITY_TONES, STATUS_TONES, closed_by, fate, written
from appointments.models import Appointment, Escalation, Message, ReplyClassification, StatusChange
from aro.desk.show import Tone, day_and_time, humanized
from compliance.desk.screens import Viewer, done_by
from compliance.models import Actor
from workflows.desk.words import step_words, workflow_words
from workflows.models import WorkflowInstance

# More than any visit has; a runaway does not make the page unreadable.
_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the timeline. `when` is `at` on the wall clock of the visit's zone."""

    at: datetime
    when: str
    title: str
    detail: str = ""
    quote: str = ""
    tone: Tone = "grey"
    marks: list[str] = field(default_factory=list)


def of(visit: Appointment, viewer: Viewer) -> list[Entry]:
    """The visit's timeline, as this person may read it."""
    texts = writers.may_read(viewer)
    parts = (
        _changes(visit, viewer),
        _messages(visit, texts=texts),
        _cases(visit, viewer, texts=texts),
        _runs(visit),
        _deposits(visit),
    )
    entries = [entry for part in parts for entry in part]
    return sorted(entries, key=attrgetter("at"), reverse=True)


def _when(moment: datetime, visit: Appointment) -> str:
    return day_and_time(moment, visit.timezone)


def _changes(visit: Appointment, viewer: Viewer) -> Iterator[Entry]:
    through = f"through {sources.in_words(visit.source)}"
    yield Entry(at=visit.booked_at, when=_when(visit.booked_at, visit), title="Booked", detail=through, tone="blue")
    for change in visit.history.all()[:_MOST]:
        yield Entry(
            at=change.at,
            when=_when(change.at, visit),
            title=change.get_after_display(),
            detail=f"by {_who(change, viewer)}" + (f": {change.reason}" if change.reason else ""),
            tone=STATUS_TONES.get(change.after, "grey"),
            marks=["Correction"] if change.override else [],
        )


def _who(change: StatusChange, viewer: Viewer) -> str:
    staff = change.actor_id if change.actor == Actor.ADMIN else ""
    return done_by(viewer, staff, change.get_actor_display())


def _messages(visit: Appointment, *, texts: bool) -> Iterator[Entry]:
    for message in visit.messages.select_related("classification").order_by("-created_at")[:_MOST]:
        at = message.sent_at or message.created_at
        inbound = message.direction == Message.Direction.IN
        yield Entry(
            at=at,
            when=_when(at, visit),
            title="Reply from the patient" if inbound else f"Text: {humanized(message.kind)}",
            detail=_understood(message) if inbound else fate(message, visit.timezone),
            quote=written(message, texts=texts),
            tone="blue" if inbound else MESSAGE_TONES.get(message.status, "grey"),
        )


def _understood(message: Message) -> str:
    found: ReplyClassification | None = getattr(message, "classification", None)
    if found is None:
        return "Not read yet."
    if found.corrected_label:
        return f"Read as {humanized(found.label.lower())}; staff say {humanized(found.corrected_label.lower())}."
    wish = f" Asks for: {found.wish_words}." if found.wish else ""
    sure = f" ({found.confidence:.0%} sure)" if found.confidence else ""
    return f"Read as {humanized(found.label.lower())}{sure}.{wish}"


def _cases(visit: Appointment, viewer: Viewer, *, texts: bool) -> Iterator[Entry]:
    own, shared = (cases.select_related("message")[:_MOST] for cases in (visit.escalations, visit.shared_cases))
    for case in chain(own, shared):
        yield Entry(
            at=case.created_at,
            when=_when(case.created_at, visit),
            title=f"For staff: {case.title}",
            detail=case.next_step if case.status == case.Status.OPEN else _ended(case, viewer),
            quote=_written_elsewhere(case, visit, texts=texts),
            tone=PRIORITY_TONES.get(case.priority, "grey"),
            marks=["Open"] if case.status == case.Status.OPEN else [],
        )


def _ended(case: Escalation, viewer: Viewer) -> str:
    who = closed_by(case, viewer)
    return f"Done by {who}. {case.resolution}" if who else f"Done. {case.resolution}"


def _written_elsewhere(case: Escalation, visit: Appointment, *, texts: bool) -> str:
    """What the case is about, where it is not among the visit's own messages: one of a family answered for another."""
    apart = case.message is not None and case.message.appointment_id != visit.pk
    return written(case.message, texts=texts) if case.message and apart else ""


def _runs(visit: Appointment) -> Iterator[Entry]:
    for run in visit.workflows.all()[:_MOST]:
        yield Entry(
            at=run.started_at,
            when=_when(run.started_at, visit),
            title=f"{workflow_words(run.definition)} began",
            detail=_run_detail(run, visit),
            tone="red" if run.status == WorkflowInstance.Status.FAILED else "grey",
        )


def _run_detail(run: WorkflowInstance, visit: Appointment) -> str:
    if run.status not in WorkflowInstance.LIVE:
        return str(run.get_status_display())
    wakes = f", next look {_when(run.wake_at, visit)}" if run.wake_at else ""
    return f"{run.get_status_display()}: {step_words(run).lower()}{wakes}"


def _deposits(visit: Appointment) -> Iterator[Entry]:
    for deposit in visit.deposits.all()[:_MOST]:
        yield Entry(
            at=deposit.created_at,
            when=_when(deposit.created_at, visit),
            title=f"Deposit of {deposit.amount} {deposit.currency}",
            detail=deposit.state_words,
            tone="green" if deposit.status == deposit.Status.PAID else "amber",
        )
