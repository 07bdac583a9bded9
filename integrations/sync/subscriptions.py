"""Watches whether booking systems still deliver to ARO, and has a subscription that was switched off made anew."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from integrations.models import SyncState
from integrations.providers.shared.base import Adapter, Delivering
from integrations.sync import notices

EVERY = timedelta(hours=1)
# Stored before the old subscription is taken away: whoever finds it, and no subscription, makes the new one.
_RENEWING = "renewing"

logger = logging.getLogger(__name__)


def is_due(state: SyncState, now: datetime) -> bool:
    """Once an hour is often enough: providers give up after a day."""
    seen = state.deliveries_seen_at
    return seen is None or not timedelta(0) <= now - seen < EVERY or state.deliveries == _RENEWING


def watch(adapter: Adapter, state: SyncState, *, now: datetime) -> Delivering:
    """Looks, mends and tells staff what changed. Raises `ProviderFailure`. No transaction may be open."""
    url = f"{settings.PUBLIC_BASE_URL}/webhooks/{adapter.name}"
    found, before = adapter.subscription(url), state.deliveries
    mend = found.state == Delivering.OFF or (found.state == Delivering.NONE and before == _RENEWING)
    renewed = mend and bool(urlsplit(settings.PUBLIC_BASE_URL).netloc)
    if renewed:
        _note(state, _RENEWING, now)
        adapter.renew(url, found.ref)
        logger.warning("a webhook subscription was made anew", extra={"provider": adapter.name})
    after = Delivering.ON if renewed else found.state
    with transaction.atomic():
        _note(state, after, now)
        if renewed or after != before:
            notices.deliveries(state, after, renewed=renewed)
    return after


def _note(state: SyncState, deliveries: str, now: datetime) -> None:
    state.deliveries, state.deliveries_seen_at = deliveries, now
    state.save(update_fields=["deliveries", "deliveries_seen_at"])
