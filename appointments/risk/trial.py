"""Whether a clinic's own weights are better than those in use: learned from the older visits, tried on the newest.

The weights that were tried are the ones to use, not a second set learned from everything: so the next trial, on newer
visits still, is fair to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from statistics import stdev
from typing import Final

from appointments.risk.features import Visit
from appointments.risk.fit import fit
from appointments.risk.history import Booked
from appointments.risk.measure import Flagging, auc, brier, flagging
from appointments.risk.rank import HIGH_FROM, Quantiles, position
from appointments.risk.score import assess

ENOUGH_VISITS: Final = 500
"""Below this the reference is as good as anything that could be learned (docs/adr/0004)."""

ENOUGH_OF_EACH: Final = 20
"""Missed visits, and kept ones, that the newest part must hold: with fewer, better and worse are a matter of luck."""

HELD_OUT: Final = 0.2
"""The share of the visits, by time of booking, on which the weights are tried."""

STANDARD_ERRORS: Final = 2
"""A gain this many standard errors wide is by luck about once in forty trials."""

SAME_AUC: Final = 0.005
"""The order of visits that nearly tie turns with any change of weights; this much says nothing."""

MOST_RANKED: Final = 1000
"""The bookings that a new one is ranked among."""

Outcome = tuple[Booked, Visit]
"""A booking whose outcome counts, and how it was known when it was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How one set of weights did on the newest visits."""

    auc: float
    brier: float
    flagging: Flagging


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """New weights, and how they did beside those in use."""

    weights: Mapping[str, float]
    visits: int
    """Learned from."""
    held_out: int
    """Tried on."""
    since: datetime
    """The held-out visits were booked from here on."""
    before: Figures
    after: Figures
    luck: float
    """By how much the Brier score may differ through chance: the standard error of the difference."""

    @property
    def better(self) -> bool:
        """Probabilities nearer to what happened, by more than luck, and as good at telling risky visits from others.

        Without the margin half of all clinics would change weights for nothing: on real visits whose rate was the
        reference's, most gains within luck were gone in the following weeks.
        """
        gain = self.before.brier - self.after.brier
        return gain > STANDARD_ERRORS * self.luck and self.after.auc >= self.before.auc - SAME_AUC


@dataclass(frozen=True, slots=True)
class TooLittle:
    """Why nothing can be learned yet: the numbers there are."""

    visits: int
    newest_missed: int
    newest_kept: int


def run(outcomes: Sequence[Outcome], *, in_use: Mapping[str, float], threshold: float = HIGH_FROM) -> Trial | TooLittle:
    """Learns and tries. `threshold` is the score at which a visit is flagged, the clinic's deposit threshold."""
    ordered = sorted(outcomes, key=lambda outcome: outcome[0].booked)
    newest = ordered[int(len(ordered) * (1 - HELD_OUT)) :]
    missed = sum(booked.missed is True for booked, _ in newest)
    if len(ordered) < ENOUGH_VISITS or min(missed, len(newest) - missed) < ENOUGH_OF_EACH:
        return TooLittle(len(ordered), missed, len(newest) - missed)
    return _tried(ordered, newest, in_use=in_use, threshold=threshold)


def _tried(
    ordered: Sequence[Outcome], newest: Sequence[Outcome], *, in_use: Mapping[str, float], threshold: float
) -> Trial:
    since = newest[0][0].booked
    earlier = [(booked, visit) for booked, visit in ordered if booked.booked < since]
    older = [(booked, visit) for booked, visit in earlier if booked.known_on(since)]
    weights = fit((visit, booked.missed is True) for booked, visit in older)
    told = {name: _predicted(newest, using) for name, using in (("before", in_use), ("after", weights))}
    return Trial(
        weights=weights,
        visits=len(older),
        held_out=len(newest),
        since=since,
        before=_figures(told["before"], _spread(earlier, in_use), threshold),
        after=_figures(told["after"], _spread(earlier, weights), threshold),
        luck=_luck(told["before"], told["after"]),
    )


def _predicted(outcomes: Sequence[Outcome], weights: Mapping[str, float]) -> list[tuple[float, bool]]:
    """(probability, was it missed?)"""
    return [(assess(visit, weights=weights).probability, booked.missed is True) for booked, visit in outcomes]


def _spread(earlier: Sequence[Outcome], weights: Mapping[str, float]) -> Quantiles:
    """As a new booking is ranked: among all bookings made before it, also those whose day has not come."""
    return Quantiles.of(assess(visit, weights=weights).probability for _, visit in earlier[-MOST_RANKED:])


def _figures(predicted: Sequence[tuple[float, bool]], quantiles: Quantiles, threshold: float) -> Figures:
    scored = [(position(probability, quantiles), missed) for probability, missed in predicted]
    return Figures(auc=auc(predicted), brier=brier(predicted), flagging=flagging(scored, threshold=threshold))


def _luck(before: Sequence[tuple[float, bool]], after: Sequence[tuple[float, bool]]) -> float:
    """Standard error of the mean difference of squared distances, visit by visit."""
    pairs = zip(before, after, strict=True)
    differences = [(new - missed) ** 2 - (old - missed) ** 2 for (old, missed), (new, _) in pairs]
    return stdev(differences) / sqrt(len(differences))
