"""What staff are told about asking booking systems for their lists. One open case per matter; ARO closes it itself."""

from __future__ import annotations

from collections.abc import Iterable

from appointments.case_reasons.words import because, happened, to_do
from appointments.models import Appointment, Escalation
from appointments.services import escalations
from aro.desk.sentences import quoted
from integrations.models import SyncState
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Delivering, ProviderFailure, RefusedError

# With a run every quarter of an hour this is an hour.
TELL_AFTER_FAILURES = 4
# More than this at once is one matter, not many visits: another account's token, say.
MOST_CASES = 10
_BY = "aro sync"
_TOLD = {Delivering.FAILING: "failing", Delivering.NONE: "none", Delivering.OFF: "off"}


def could_not_ask(state: SyncState, error: ProviderFailure, *, failures: int) -> None:
    """A refusal is told at once when a person must act; anything else only when it goes on."""
    name = label(state.provider)
    if isinstance(error, RefusedError):
        title, next_step = quoted(error.staff_message), quoted(error.next_step)
    elif failures < TELL_AFTER_FAILURES:
        return
    else:
        title = happened("sync_failed", name=name, failures=failures)
        next_step = to_do("sync_failed", name=name)
    escalations.escalate(key=_key("failed", state), reason="sync_failed", title=title, next_step=next_step)


def whole(state: SyncState, *, failed: int) -> None:
    """A run went through: the case that it could not is closed. `failed`: bookings that could not be applied."""
    _close([_key("failed", state)], because("can_ask"))
    if not failed:
        _close([_key("unapplied", state)], because("all_applied"))
        return
    escalations.escalate(
        key=_key("unapplied", state),
        reason="sync_unapplied",
        title=happened("sync_unapplied", count=failed, name=label(state.provider)),
        next_step=to_do("sync_unapplied"),
    )


def gone(state: SyncState, visits: Iterable[Appointment]) -> None:
    """Visits that the list had and has no more. ARO cancels nothing; a person looks. Told once per visit and time."""
    news = {f"sync_gone:{visit.pk}:{visit.moves}": visit for visit in visits}
    told = Escalation.objects.filter(tenant_id=state.tenant_id, key__in=list(news)).values_list("key", flat=True)
    new = {key: visit for key, visit in news.items() if key not in set(told)}
    if len(new) > MOST_CASES:
        _many_gone(state, len(new))
        return
    for key, visit in new.items():
        escalations.escalate(
            key=key,
            reason="sync_gone",
            title=happened("sync_gone", name=label(state.provider)),
            next_step=to_do("sync_gone"),
            appointment=visit,
        )


def _many_gone(state: SyncState, count: int) -> None:
    name = label(state.provider)
    escalations.escalate(
        key=_key("gone", state),
        reason="sync_gone",
        title=happened("sync_gone.many", count=count, name=name),
        next_step=to_do("sync_gone.many", name=name),
        priority=escalations.HIGH,
    )


def deliveries(state: SyncState, now: Delivering, *, renewed: bool) -> None:
    """What became of the provider's webhooks."""
    key, name = _key("deliveries", state), label(state.provider)
    found = "renewed" if renewed else _TOLD.get(now, "")
    if not found:
        _close([key], because("delivers", name=name))
        return
    code = f"deliveries.{found}"
    escalations.escalate(
        key=key, reason="deliveries", title=happened(code, name=name), next_step=to_do(code, name=name)
    )


def label(provider: str) -> str:
    """The name that people know."""
    adapter = ADAPTERS.get(provider)
    return adapter.label if adapter and adapter.label else provider.capitalize()


def _key(what: str, state: SyncState) -> str:
    return f"sync_{what}:{state.provider}"


def _close(keys: list[str], why: str) -> None:
    for case in Escalation.objects.filter(key__in=keys, status=Escalation.Status.OPEN):
        escalations.resolve(case, by=_BY, resolution=why)
