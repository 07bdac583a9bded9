"""Risk weights in plain words, for `risk:fit` and `risk:show`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from appointments.models import Business
from appointments.risk.measure import Flagging
from appointments.risk.score import REFERENCE
from appointments.risk.trial import ENOUGH_OF_EACH, ENOUGH_VISITS, Figures, TooLittle, Trial
from appointments.services.risk_weights import InUse
from aro.desk.show import day_and_time

NOTHING = "-"


def compared(found: Trial, business: Business) -> Iterator[str]:
    """What would change: the figures of the weights in use beside those of the new ones."""
    since = day_and_time(found.since, business.timezone)
    yield f"Learned from {found.visits} visits, tried on the newest {found.held_out} (booked since {since})."
    yield f"{'':40}{'in use':>10}{'new':>10}"
    for words, before, after in _lines(found.before, found.after, business.deposit_threshold):
        yield f"{words:40}{before:>10}{after:>10}"


def too_little(found: TooLittle) -> str:
    """Why nothing was learned, and what it takes."""
    return (
        f"Too little to learn from: {found.visits} visits with a known outcome, and among the newest fifth "
        f"{found.newest_missed} missed and {found.newest_kept} kept. It takes {ENOUGH_VISITS} visits, with "
        f"{ENOUGH_OF_EACH} missed and {ENOUGH_OF_EACH} kept in the newest fifth. Until then the weights stay."
    )


def of_use(used: InUse, zone: str) -> Iterator[str]:
    """Which weights are in use, since when, and how far they lie from the reference."""
    if used.model is None:
        yield "In use: the reference weights. Own weights have not been found better so far."
    else:
        found = used.model
        yield f"In use: the clinic's own weights, since {day_and_time(found.activated_at or found.fitted_at, zone)}."
        yield f"Learned from {found.visits} visits, tried on {found.held_out} newer ones."
        yield f"New bookings are ranked among the bookings up to {day_and_time(found.quantiles_at, zone)}."
    yield from weights(used.weights)


def weights(used: Mapping[str, float]) -> Iterator[str]:
    """Each weight beside its reference."""
    yield f"{'weight':20}{'reference':>12}{'in use':>10}"
    for code, reference in REFERENCE.items():
        yield f"{code:20}{reference:>12.2f}{used[code]:>10.2f}"


def figures(found: Figures) -> dict[str, Any]:
    """The same for a program: shares 0..1."""
    shown: Flagging = found.flagging
    return {
        "auc": found.auc,
        "brier": found.brier,
        "flagged": shown.flagged,
        "caught": shown.caught,
        "wrongly_flagged": shown.wrongly_flagged,
    }


def _lines(before: Figures, after: Figures, threshold: int) -> Iterator[tuple[str, str, str]]:
    old, new = before.flagging, after.flagging
    yield f"visits flagged (score {threshold} or more)", _per_cent(old.flagged), _per_cent(new.flagged)
    yield "of the missed visits, flagged", _per_cent(old.caught), _per_cent(new.caught)
    yield "of the flagged visits, kept after all", _per_cent(old.wrongly_flagged), _per_cent(new.wrongly_flagged)
    yield "telling risky from safe (AUC, higher)", f"{before.auc:.3f}", f"{after.auc:.3f}"
    yield "distance to the outcome (Brier, lower)", f"{before.brier:.4f}", f"{after.brier:.4f}"


def _per_cent(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.1%}"
