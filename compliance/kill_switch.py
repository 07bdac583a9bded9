"""All sending off, at once and on every channel, until a person switches it on again.

What is due meanwhile is held, not lost: when the switch is lifted it is judged anew, and goes out if it still makes
sense. Every send reads the switch in the transaction that marks it as being sent.
"""

from __future__ import annotations

from django.db.models import QuerySet

from aro import clock
from aro.queue import rows
from compliance.models import DEFAULT_TENANT, SendingStop


def current(*, tenant_id: str = DEFAULT_TENANT) -> SendingStop | None:
    """The stop in force, or None while texts go out."""
    return rows.first(SendingStop, tenant_id=tenant_id, lifted_at=None)


def in_force(tenant_id: str) -> QuerySet[SendingStop]:
    """The same, for a statement that asks more."""
    return SendingStop.objects.filter(tenant_id=tenant_id, lifted_at=None)


def stop(*, by: str, reason: str = "", tenant_id: str = DEFAULT_TENANT) -> bool:
    """Nothing goes out from now on. Safe to repeat; False when sending was off already."""
    entry = SendingStop(tenant_id=tenant_id, by=by[:64], reason=reason[:200], since=clock.now())
    # The unique constraint decides between two at once.
    SendingStop.objects.bulk_create([entry], ignore_conflicts=True)
    return SendingStop.objects.filter(pk=entry.pk).exists()


def lift(*, by: str, tenant_id: str = DEFAULT_TENANT) -> bool:
    """Texts go out again; False when sending was not off."""
    return bool(in_force(tenant_id).update(lifted_at=clock.now(), lifted_by=by[:64]))
