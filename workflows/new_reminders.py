"""A clinic's list of reminders has changed: visits that are booked already follow the new one from now on.

What sleeps until a moment of the former list is woken to look for its next one. A reminder of the new list whose moment
has gone by is not sent late: nobody gets a text because a setting was saved.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.signals import post_save, pre_save

from appointments.models import Business
from aro import clock
from aro.queue import due
from workflows.definitions.reminders import REMINDERS
from workflows.engine.runs import TIMERS
from workflows.models import WorkflowInstance

_ASLEEP = ("remind_of_visit", "last_call")


def connect() -> None:
    """However the list is saved: by the form, a command or a shell."""
    pre_save.connect(_compare, sender=Business, dispatch_uid="new_reminders.compare")
    post_save.connect(_take_over, sender=Business, dispatch_uid="new_reminders.take_over")


def _compare(instance: Business, **_: Any) -> None:
    before = Business.objects.filter(pk=instance.pk).values_list("reminders", flat=True).first()
    instance.has_new_reminders = before is not None and before != instance.reminders  # type: ignore[attr-defined]


def _take_over(instance: Business, **_: Any) -> None:
    if instance.__dict__.pop("has_new_reminders", False):
        now = clock.now()
        due.put_many(TIMERS, [(run.id, now) for run in _woken(instance, now)])


def _woken(business: Business, now: datetime) -> Iterator[WorkflowInstance]:
    asleep = WorkflowInstance.objects.filter(
        tenant_id=business.tenant_id,
        definition=REMINDERS.name,
        version=REMINDERS.version,
        status=WorkflowInstance.Status.WAITING,
        step__in=_ASLEEP,
        wake_at__gt=now,
    )
    for run in asleep.select_related("appointment").iterator():
        if not run.awaited and _skips_what_has_passed(run, business, now):
            yield run


def _skips_what_has_passed(run: WorkflowInstance, business: Business, now: datetime) -> bool:
    """False when the run has gone on meanwhile: it reads the new list by itself."""
    if run.appointment is None:
        return False
    starts_at, last = run.appointment.starts_at, run.data.get("reminded")
    passed = [one.hours for one in business.reminder_list if starts_at - one.before <= now]
    reminded = min([*passed, *([last] if last is not None else [])], default=None)
    data = run.data if reminded is None else {**run.data, "reminded": reminded}
    same = WorkflowInstance.objects.filter(pk=run.pk, fence=run.fence, step=run.step)
    return bool(same.update(data=data, wake_at=now, fence=F("fence") + 1))
