"""Receipts that name something which must be fetched from their provider first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from aro import clock
from aro.queue import due
from aro.queue.due import Claim, HopelessError
from integrations.inbound import receipts
from integrations.models import Receipt
from integrations.outbound.resilience import gate
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Adapter, ProviderFailure, RateLimitedError, RefusedError, Stored


def handle(claims: Sequence[Claim], now: datetime) -> None:
    """The lane `lookups`: asks the provider outside any transaction, then applies in one."""
    for claim in claims:
        receipt = Receipt.objects.filter(pk=claim.ref, outcome=Receipt.Outcome.PENDING).first()
        if receipt is None:
            due.finish(claim)
        else:
            _look_up(receipt, claim, now)


def _look_up(receipt: Receipt, claim: Claim, now: datetime) -> None:
    adapter, stored = ADAPTERS[receipt.source], receipts.stored(receipt)
    wait = gate.admit(adapter.name, now=now).wait_seconds
    if wait:
        due.again(claim, now + timedelta(seconds=wait))
        return
    try:
        body = _ask(adapter, stored)
    except RateLimitedError as error:
        pause = gate.slow_down(adapter.name, seconds=error.retry_after, now=now)
        due.again(claim, now + timedelta(seconds=pause))
        return
    with transaction.atomic():
        due.finish(claim)
        receipts.apply(receipt, receipts.parse(adapter, replace(stored, body=body)), now=now)


def _ask(adapter: Adapter, stored: Stored) -> bytes:
    """Raises `HopelessError` when the provider says that it will never have an answer."""
    try:
        body = adapter.complete(stored)
    except RateLimitedError:
        raise
    except RefusedError as error:
        gate.succeeded(adapter.name, now=clock.now())
        if error.permanent:
            raise HopelessError(error.code, f"{error.staff_message} {error.next_step}") from None
        raise
    except ProviderFailure as error:
        gate.failed(adapter.name, error=type(error).__name__, now=clock.now())
        raise
    gate.succeeded(adapter.name, now=clock.now())
    return body
