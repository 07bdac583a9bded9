"""What operators see of the breakers and may do with them. A service is a kind of provider, or one by its name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from aro import clock
from aro.errors import InvalidRequestError
from integrations.models import BreakerChange, ProviderState
from integrations.outbound.resilience import gate, history
from integrations.outbound.waiting import pauses
from integrations.providers import POLICIES
from workflows.commands.bus import Caller, Done, command

# Ten years: the changes are kept for 90 days.
MOST_HOURS = 87_600
# One call at a time, as for one that is tried again; but it never failed.
FIRST_CALLS = "first calls"
SERVICES = sorted({policy.domain for policy in POLICIES.values()} | set(POLICIES))


def providers(service: str) -> list[str]:
    """Those that the service is about. Raises `InvalidRequestError` for a word that names none."""
    found = [name for name, policy in POLICIES.items() if service in (name, policy.domain)]
    if not found:
        raise InvalidRequestError(f"There is no such service. Use one of: {', '.join(SERVICES)}.")
    return found


def states() -> list[dict[str, Any]]:
    """Every provider with a breaker, called or not. `tried_again_at` is set while it is paused."""
    known = {row.name: row for row in ProviderState.objects.all()}
    return [_state(name, known.get(name)) for name in POLICIES]


def _state(name: str, row: ProviderState | None) -> dict[str, Any]:
    policy = POLICIES[name]
    opened_at = row.opened_at if row and row.breaker == "open" else None
    return {
        "service": policy.domain,
        "provider": name,
        "state": _word(row),
        "opened_at": opened_at.isoformat() if opened_at else None,
        "tried_again_at": (opened_at + policy.breaker.half_open_after).isoformat() if opened_at else None,
        "last_ok_at": row.last_ok_at.isoformat() if row and row.last_ok_at else None,
        "last_error": row.last_error if row else "",
    }


def _word(row: ProviderState | None) -> str:
    if row is None:
        return "not called yet"
    return FIRST_CALLS if row.breaker == "half_open" and history.is_new(row.name) else row.breaker


def changes(*, service: str, since: datetime) -> list[dict[str, Any]]:
    """What happened since, oldest first."""
    wanted = BreakerChange.objects.filter(at__gte=since)
    if service:
        wanted = wanted.filter(provider__in=providers(service))
    return [
        {
            "at": row.at.isoformat(),
            "provider": row.provider,
            "before": row.before,
            "after": row.after,
            "reason": row.reason,
            "by": row.by,
        }
        for row in wanted.order_by("id")
    ]


def since(hours: float) -> datetime:
    """So many hours ago; at most `MOST_HOURS` of them."""
    return clock.now() - timedelta(hours=hours)


@command("circuit_breaker.reset")
def reset(payload: dict[str, Any], caller: Caller) -> Done:
    """Tries paused providers at once. What waits goes out when they answer."""
    service, now = str(payload.get("service", "")), clock.now()
    with transaction.atomic():
        done = [name for name in providers(service) if gate.reset(name, by=caller.actor_id, now=now)]
        for name in done:
            pauses.try_now(name)
    return Done(
        resource_type="circuit_breaker",
        resource_id=service,
        before={"paused": done},
        after={"tried_now": done},
    )
