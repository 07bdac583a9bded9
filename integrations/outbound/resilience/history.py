"""The record of the breakers' changes, and who is told when a provider is back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet

from aro.queue import sweeps
from compliance.privacy import retention
from integrations.models import BreakerChange

# A provider that is away for weeks makes two changes a minute.
MOST_PER_PROVIDER = 2_000
BY_ITSELF = "aro"

_listeners: list[Callable[[str], None]] = []


def when_back(listener: Callable[[str], None]) -> None:
    """`listener(provider)` is called in the transaction that closes the breaker. May run again: make it idempotent."""
    if listener not in _listeners:
        _listeners.append(listener)


def note(provider: str, *, before: str, after: str, reason: str, by: str, at: datetime) -> None:
    """Records a change and tells when the provider is back. That a new one answers its first calls is no change: it
    never failed."""
    if not (after == "closed" and is_new(provider)):
        made = BreakerChange(provider=provider, before=before, after=after, reason=reason[:120], by=by[:64], at=at)
        made.save(force_insert=True)
    if after == "closed":
        for listener in _listeners:
            listener(provider)


def is_new(provider: str) -> bool:
    """It never paused: half-open it is being tried for the first time, not again (docs/adr/0007)."""
    return not BreakerChange.objects.filter(provider=provider).exists()


def is_open_on_record(provider: str) -> bool:
    """It opened and has not closed since; being tried again in between changes nothing."""
    settled = BreakerChange.objects.filter(provider=provider, after__in=["open", "closed"])
    return settled.order_by("-id").values_list("after", flat=True).first() == "open"


def tidy(now: datetime) -> bool:
    """Deletes a portion of what is too old or too many; whether more may be left."""
    more = sweeps.delete_some(BreakerChange.objects.filter(at__lt=now - retention.BREAKER_CHANGES))
    for provider in BreakerChange.objects.values_list("provider", flat=True).distinct():
        more |= _tidy_one(BreakerChange.objects.filter(provider=provider))
    return more


def _tidy_one(changes: QuerySet[BreakerChange]) -> bool:
    first_too_many = changes.order_by("-id").values_list("id", flat=True)[MOST_PER_PROVIDER:].first()
    return first_too_many is not None and sweeps.delete_some(changes.filter(id__lte=first_too_many))
