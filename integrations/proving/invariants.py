"""What must hold after every fault, looked at in the carrier's ledger and in the installation's database.

The numbers are those of the promises made to customers:
I1 nothing sent twice; I2 all that was due was sent, or says why not; I3 nothing after STOP or a cancellation;
I4 lawful states, no work left with a dead owner; I5 proof is whole and cannot be changed; I6 `/ready` tells the truth;
I7 staff were told, and it passed.
"""

from __future__ import annotations

import io
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from appointments.models import Appointment, Message, StatusChange
from aro.models import Due
from compliance.models import Event, StreamPosition
from integrations.models import Receipt
from integrations.proving.rows import abandoned, patiently
from integrations.proving.sandbox import Sandbox
from workflows.models import Execution, WorkflowInstance

PROMISES = {
    "I1": "Nothing is sent twice.",
    "I2": "All that is due is sent, or it says why not.",
    "I3": "Nobody is texted after STOP or after a cancellation.",
    "I4": "No visit takes a forbidden step, and no work stays with a dead process.",
    "I5": "The event and audit logs are whole and cannot be changed.",
    "I6": "ARO says that it is ready while it is, and is ready again within a minute.",
    "I7": "Staff are told of a trouble, and it passes.",
}
# Written once more on purpose, and not read from the product: this is what the product is measured by.
LAWFUL = {
    "booked": {"confirmed", "rescheduled", "cancelled", "no_show", "in_progress"},
    "confirmed": {"rescheduled", "cancelled", "in_progress", "no_show"},
    "rescheduled": {"booked"},
    "in_progress": {"completed", "no_show"},
}
_NOT_DELIVERED = frozenset({"undelivered", "failed"})
_SETTLE_SECONDS = 45.0

Findings = list[str]


def check(sandbox: Sandbox, *, quiet: Mapping[str, int]) -> dict[str, Findings]:
    """What is broken now, by invariant; I6 and I7 are looked at by the round, which knows what it did."""
    messages = sandbox.messages()
    return {
        "I1": sent_twice(messages),
        "I2": _settled(lost_work) + without_reason(),
        "I3": after_stop(messages, quiet),
        "I4": _settled(left_alone) + unlawful(),
        "I5": chain() + changeable() + _settled(gaps),
    }


def sent_twice(messages: Iterable[Mapping[str, Any]]) -> Findings:
    """The same words to the same phone. What the carrier reported as undelivered may be sent again."""
    texts = Counter((m["to"], m["body"]) for m in messages if m.get("status") not in _NOT_DELIVERED)
    extra = sum(count - 1 for count in texts.values())
    return [f"{extra} texts were sent twice."] if extra else []


def after_stop(messages: Iterable[Mapping[str, Any]], quiet: Mapping[str, int]) -> Findings:
    """More texts than there were when the person said stop, or cancelled."""
    got = Counter(str(m["to"]) for m in messages)
    late = sum(max(0, got[phone] - count) for phone, count in quiet.items())
    return [f"{late} texts went to people who had said stop or cancelled."] if late else []


def _settled(look: Callable[[], Findings]) -> Findings:
    """What is still so after a while: work may be under way at the moment of looking."""
    end = time.monotonic() + _SETTLE_SECONDS
    while found := patiently(look):
        if time.monotonic() > end:
            return found
        time.sleep(0.5)
    return []


def lost_work() -> Findings:
    """Unfinished things that nobody will ever look at again."""
    kinds: tuple[tuple[Any, str, dict[str, Any]], ...] = (
        (Execution, "executions", {"status__in": ["intent", "sending", "unknown"]}),
        (Receipt, "receipts", {"outcome": "pending"}),
        (WorkflowInstance, "timers", {"status__in": ["pending", "running", "waiting", "retrying"]}),
    )
    found = []
    for model, lane, unfinished in kinds:
        # In this order: what is finished in between is in neither, and what is new is in both.
        waiting = set(model.objects.filter(**unfinished).values_list("pk", flat=True))
        waiting -= set(Due.objects.filter(lane=lane).values_list("ref", flat=True))
        still = model.objects.filter(pk__in=list(waiting)[:500], **unfinished).count()
        found += [f"{still} of {model._meta.label} are unfinished and forgotten."] if still else []
    return found


def without_reason() -> Findings:
    """Texts that were left out in silence."""
    silent = Message.objects.filter(direction="out", status="blocked", reason="").count
    count = patiently(silent)
    return [f"{count} texts were not sent and nothing says why."] if count else []


def left_alone() -> Findings:
    """Work whose owner died and that nobody has taken over."""
    count = abandoned()
    return [f"{count} pieces of work are still in the name of a dead process."] if count else []


def unlawful() -> Findings:
    """Visits whose history has a forbidden or missing step, or another end than their state."""
    history: dict[Any, list[tuple[str, str, bool]]] = {}
    rows: QuerySet[Any, Any] = StatusChange.objects.order_by("appointment", "id")
    for visit, *step in patiently(lambda: list(rows.values_list("appointment", "before", "after", "override"))):
        history.setdefault(visit, []).append((step[0], step[1], step[2]))
    states = dict(patiently(lambda: list(Appointment.objects.values_list("pk", "status"))))
    bad = sum(not _lawful(steps, states.get(visit)) for visit, steps in history.items())
    return [f"{bad} visits took a forbidden step."] if bad else []


def _lawful(steps: list[tuple[str, str, bool]], end: str | None) -> bool:
    linked = all(one[1] == two[0] for one, two in pairwise(steps))
    return linked and steps[-1][1] == end and all(over or b in LAWFUL.get(a, ()) for a, b, over in steps)


def chain() -> Findings:
    """`aro audit:verify` recomputes the chain."""
    out = io.StringIO()
    try:
        call_command("audit_verify", json=True, stdout=out)
    except SystemExit:
        return [f"The audit chain is broken at entry {json.loads(out.getvalue())['first_bad_seq']}."]
    return []


def changeable() -> Findings:
    """The database itself must refuse to change an event."""
    if not patiently(Event.objects.exists):
        return []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE compliance_event SET source = source")
            transaction.set_rollback(True)
    except DatabaseError:
        return []
    return ["The database let an event be changed."]


def gaps() -> Findings:
    """The public stream counts every event once, without a hole."""
    cursors = list(StreamPosition.objects.order_by("cursor").values_list("cursor", flat=True))
    if cursors and cursors != list(range(cursors[0], cursors[0] + len(cursors))):
        return ["The stream of events has a hole."]
    behind = Event.objects.filter(position__isnull=True).count()
    return [f"{behind} events are not in the stream."] if behind else []
