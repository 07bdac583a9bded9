"""Asks the payment provider now what became of the deposits' links, for `aro payments:sync`.

The lane `payments` does the same by itself from time to time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from appointments.models import Deposit
from appointments.services.money import payment_reports
from aro import clock
from compliance.audit import chain
from compliance.models import Actor
from integrations.outbound import payment_checks
from integrations.outbound.resilience import gate
from integrations.providers import chosen
from integrations.providers.shared.base import ProviderFailure

ACTOR_ID = "aro payments:sync"
# While the provider is paused there is no use in waiting for it.
LONGEST_WAIT_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One deposit: what the look changed, in a few words, or why there was no answer."""

    deposit_id: str
    status: str
    changed: tuple[str, ...] = ()
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def wanted(*, since: datetime, limit: int) -> QuerySet[Deposit]:
    """The newest deposits with a link, asked for since then."""
    rows = Deposit.objects.select_related("appointment__customer").exclude(link_id="")
    return rows.filter(created_at__gte=since).order_by("-created_at")[:limit]


def run(rows: QuerySet[Deposit], *, dry_run: bool) -> Iterator[Looked]:
    """Looks at one deposit after the other, as fast as the provider allows. A dry run changes nothing."""
    for deposit in rows:
        yield _look(deposit, dry_run=dry_run)


def note(done: list[Looked]) -> None:
    """Writes to the audit log that somebody asked."""
    changed = [one.deposit_id for one in done if one.changed]
    chain.write(
        action="payments.sync",
        actor=Actor.ADMIN,
        actor_id=ACTOR_ID,
        resource_type="deposit",
        after={"looked_at": len(done), "changed": changed[:50]},
    )


def _look(deposit: Deposit, *, dry_run: bool) -> Looked:
    if not _admitted():
        return _told(deposit, problem="the payment provider is paused")
    try:
        found = payment_checks.ask(deposit, now=clock.now())
    except ProviderFailure as failure:
        return _told(deposit, problem=f"no answer from the payment provider ({failure})")
    with transaction.atomic():
        done = [payment_reports.report(news, correlation_id=deposit.id) for news in found]
        if dry_run:
            transaction.set_rollback(True)
    return _told(deposit, changed=tuple(one.detail for one in done if one.outcome == "applied"))


def _admitted() -> bool:
    waited = 0.0
    while wait := gate.admit(chosen.payments().name, now=clock.now()).wait_seconds:
        if waited + wait > LONGEST_WAIT_SECONDS:
            return False
        time.sleep(wait)
        waited += wait
    return True


def _told(deposit: Deposit, *, changed: tuple[str, ...] = (), problem: str = "") -> Looked:
    status = Deposit.objects.values_list("status", flat=True).get(pk=deposit.pk)
    return Looked(deposit_id=str(deposit.id), status=status, changed=changed, problem=problem)


def days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)
