"""Whether asking the booking systems works, and what it found that no delivery had told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from aro.watch.health import CheckResult, Status, register_check
from integrations.models import SyncState
from integrations.sync import notices, schedule

NAME = "booking_sync"


def register_all() -> None:
    """Called once, when the app is ready."""
    register_check(NAME, check)


def check() -> CheckResult:
    """Off without a booking system that can be asked, degraded while one cannot be asked again and again."""
    names = [adapter.name for adapter in schedule.configured()]
    if not names or schedule.interval() is None:
        return CheckResult(Status.OFF, _("No booking system is asked for its list. See SYNC_EVERY_MINUTES."))
    rows = list(SyncState.objects.filter(provider__in=names).order_by("provider"))
    failing = [row for row in rows if row.failures >= notices.TELL_AFTER_FAILURES]
    if failing:
        told = ", ".join(f"{notices.label(row.provider)} ({row.last_error})" for row in failing)
        return CheckResult(
            Status.DEGRADED, _("Cannot be asked for its bookings: {told}. See `aro sync:status`.").format(told=told)
        )
    missed = sum(row.missed for row in rows if row.first_done_at is not None and row.started_at is None)
    return CheckResult(
        Status.UP,
        _("The last look found {count} bookings that no webhook had told of.").format(count=missed) if missed else "",
    )
