"""A clinic's list of reminders has changed: visits that are booked already follow the new one from now on.

What sleeps until a moment of the former list is woken to look for its next one. A reminder of the new list whose moment
has gone by is not sent late: nobody gets a text because a setting was saved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Func, JSONField, QuerySet, Value
from django.db.models.signals import post_save, pre_save

from appointments.models import Business
from aro import clock
from aro.queue import due
from workflows.definitions.reminders import REMINDERS
from workflows.engine.runs import TIMERS
from workflows.models import WorkflowInstance

_ASLEEP = ("remind_of_visit", "last_call")
# Ids in one statement: SQLite takes no more than a few hundred values comfortably.
_AT_ONCE = 500


def connect() -> None:
    """However the list is saved: by the form, a command or a shell."""
    pre_save.connect(_compare, sender=Business, dispatch_uid="new_reminders.compare")
    post_save.connect(_take_over, sender=Business, dispatch_uid="new_reminders.take_over")


def _compare(instance: Business, **_: Any) -> None:
    before = Business.objects.filter(pk=instance.pk).values_list("reminders", flat=True).first()
    instance.has_new_reminders = before is not None and before != instance.reminders  # type: ignore[attr-defined]


def _take_over(instance: Business, **_: Any) -> None:
    """In the transaction that saves the list: a run that woke in between would send what the new list has too late."""
    if instance.__dict__.pop("has_new_reminders", False):
        now = clock.now()
        with transaction.atomic():
            due.put_many(TIMERS, [(ref, now) for ref in _woken(instance, now)])


def _woken(business: Business, now: datetime) -> list[UUID]:
    """Statements grow with the length of the list and by one for some hundred runs, not by one for each run."""
    by_reminded = _by_reminded(business, now)
    for reminded, refs in by_reminded.items():
        data = {} if reminded is None else {"data": _Reminded(reminded)}
        for start in range(0, len(refs), _AT_ONCE):
            among = WorkflowInstance.objects.filter(pk__in=refs[start : start + _AT_ONCE])
            among.update(wake_at=now, fence=F("fence") + 1, **data)
    return [ref for refs in by_reminded.values() for ref in refs]


def _by_reminded(business: Business, now: datetime) -> Mapping[int | None, list[UUID]]:
    """The runs that are asleep, by the last reminder that each has behind it under the new list."""
    found: dict[int | None, list[UUID]] = defaultdict(list)
    read = _asleep(business, now).values_list("id", "appointment__starts_at", "data__reminded")
    for ref, starts_at, last in cast("Iterable[tuple[UUID, datetime, int | None]]", read):
        passed = [one.hours for one in business.reminder_list if starts_at - one.before <= now]
        found[min([*passed, *([] if last is None else [last])], default=None)].append(ref)
    return found


def _asleep(business: Business, now: datetime) -> QuerySet[WorkflowInstance]:
    """Locked. One that somebody is at goes on by itself, and reads the new list."""
    skip = connection.features.has_select_for_update_skip_locked
    return WorkflowInstance.objects.select_for_update(of=("self",) if skip else (), skip_locked=skip).filter(
        tenant_id=business.tenant_id,
        definition=REMINDERS.name,
        version=REMINDERS.version,
        status=WorkflowInstance.Status.WAITING,
        step__in=_ASLEEP,
        awaited=[],
        wake_at__gt=now,
        appointment__isnull=False,
    )


class _Reminded(Func):
    """A run's data with this as its `reminded`."""

    function = "JSON_SET"
    output_field = JSONField()

    def __init__(self, hours: int) -> None:
        super().__init__(F("data"), Value("$.reminded"), Value(hours))

    def as_postgresql(self, compiler: Any, here: Any, **_: Any) -> Any:
        data, path, hours = self.get_source_expressions()
        sql, values = compiler.compile(data)
        return f"jsonb_set({sql}, '{{reminded}}', to_jsonb(%s::integer))", [*values, hours.value]
