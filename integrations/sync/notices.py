"""What staff are told about asking booking systems for their lists. One open case per matter; ARO closes it itself."""

from __future__ import annotations

from collections.abc import Iterable

from appointments.models import Appointment, Escalation
from appointments.services import escalations
from integrations.models import SyncState
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Delivering, ProviderFailure, RefusedError

# With a run every quarter of an hour this is an hour.
TELL_AFTER_FAILURES = 4
# More than this at once is one matter, not many visits: another account's token, say.
MOST_CASES = 10
_BY = "aro sync"


def could_not_ask(state: SyncState, error: ProviderFailure, *, failures: int) -> None:
    """A refusal is told at once when a person must act; anything else only when it goes on."""
    name = label(state.provider)
    if isinstance(error, RefusedError):
        title, next_step = error.staff_message, error.next_step
    elif failures < TELL_AFTER_FAILURES:
        return
    else:
        title = f"ARO has not been able to ask {name} for its bookings {failures} times in a row."
        next_step = f"See whether {name} works. `aro sync:status` shows the last error. ARO goes on trying."
    escalations.escalate(key=_key("failed", state), reason="sync_failed", title=title[:200], next_step=next_step[:300])


def whole(state: SyncState, *, failed: int) -> None:
    """A run went through: the case that it could not is closed. `failed`: bookings that could not be applied."""
    _close([_key("failed", state)], "ARO can ask again.")
    if not failed:
        _close([_key("unapplied", state)], "All could be applied.")
        return
    escalations.escalate(
        key=_key("unapplied", state),
        reason="sync_unapplied",
        title=f"{failed} bookings in the list of {label(state.provider)} could not be taken over.",
        next_step="Compare today's and tomorrow's visits with the booking system. The log in the logs folder says why.",
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
            title=f"A visit is no longer in the list of {label(state.provider)}; nobody said that it was cancelled.",
            next_step="Look it up there, or call the patient, then cancel or move it. ARO reminds until then.",
            appointment=visit,
        )


def _many_gone(state: SyncState, count: int) -> None:
    name = label(state.provider)
    escalations.escalate(
        key=_key("gone", state),
        reason="sync_gone",
        title=f"{count} visits are no longer in the list of {name}.",
        next_step=f"Check that ARO's access to {name} still belongs to the right account. ARO has cancelled nothing.",
        priority=escalations.HIGH,
    )


def deliveries(state: SyncState, now: Delivering, *, renewed: bool) -> None:
    """What became of the provider's webhooks."""
    key, name = _key("deliveries", state), label(state.provider)
    if renewed:
        title = f"{name} had stopped telling ARO of bookings. ARO has switched it on again."
        next_step = f"{name} stops after a day without an answer: find out why ARO was away. Nothing was lost."
    elif now == Delivering.FAILING:
        title = f"{name} cannot reach ARO. It will stop trying after a day."
        next_step = "Check that ARO's public address works from outside (PUBLIC_BASE_URL), and the tunnel or proxy."
    elif now == Delivering.NONE:
        title = f"{name} has no webhook to ARO's address, so bookings come only when ARO asks."
        next_step = f"Subscribe as the page about connecting {name} says, or correct PUBLIC_BASE_URL."
    elif now == Delivering.OFF:
        title = f"{name} has stopped telling ARO of bookings, and ARO could not switch it on again."
        next_step = "Set PUBLIC_BASE_URL to ARO's public https address and start ARO again."
    else:
        _close([key], f"{name} delivers.")
        return
    escalations.escalate(key=key, reason="deliveries", title=title[:200], next_step=next_step[:300])


def label(provider: str) -> str:
    """The name that people know."""
    adapter = ADAPTERS.get(provider)
    return adapter.label if adapter and adapter.label else provider.capitalize()


def _key(what: str, state: SyncState) -> str:
    return f"sync_{what}:{state.provider}"


def _close(keys: list[str], why: str) -> None:
    for case in Escalation.objects.filter(key__in=keys, status=Escalation.Status.OPEN):
        escalations.resolve(case, by=_BY, resolution=why)
