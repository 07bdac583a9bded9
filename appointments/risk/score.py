"""The probability that a booked visit will be missed, with the reasons a person can read.

A logistic score: each feature (features.py) times its weight is added up, and the sum is the log-odds.

REFERENCE holds weights set by hand, as round numbers, from what studies of outpatient no-shows agree on:

- The time between booking and visit and earlier no-shows are the strongest predictors in systematic reviews.
- Visits booked for the same day are hardly ever missed, whatever else is known (about one in twenty).
- Risk climbs quickly over the first days of waiting and flattens after some weeks: hence one step per doubling, from
  a fifth missed at a day's notice to about a third at a month's.
- A person's own record counts nearly in full once it is longer than a few visits; a last visit missed, and a person
  without any record, add a little.
- Several bookings made at once, many open ones, the edges of the week, and not booking first thing in the morning add
  a little each. These four are desk experience rather than findings of studies.

The values were rounded by hand and checked on one public set of outpatient visits; nothing was fitted to it by
machine, but the sizes of the smaller weights were chosen with its results in view.

A clinic's own history then moves the weights (fit.py).
"""

from calendar import day_name
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp
from types import MappingProxyType
from typing import Final

from appointments.risk.features import Visit, values

REFERENCE: Final[Mapping[str, float]] = MappingProxyType(
    {
        "start": -1.65,
        "same_day": -1.35,
        "lead": 0.17,
        "history": 0.8,
        "last_missed": 0.1,
        "new": 0.1,
        "several_at_once": 0.2,
        "open_bookings": 0.1,
        "early_booking": -0.3,
        "edge_of_week": 0.08,
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the risk is what it is: a code, plain words, and the log-odds it adds (below 0: lowers the risk)."""

    code: str
    text: str
    points: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """Probability 0..1 that the visit is missed; the reasons' points add up to its log-odds, the weightiest first."""

    probability: float
    reasons: tuple[Reason, ...]


def log_odds(of: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Sum of feature value x weight."""
    return sum(value * weights[code] for code, value in of.items())


def logistic(odds: float) -> float:
    """Log-odds to probability, without overflow for any input."""
    return 1 / (1 + exp(-odds)) if odds >= 0 else exp(odds) / (1 + exp(odds))


def _lead_text(visit: Visit) -> str:
    return f"booked {_count(visit.lead_days, 'day')} ahead"


def _history_text(visit: Visit) -> str:
    if not visit.prior_no_shows:
        return f"kept {_all_of(visit.prior_visits)}"
    return f"missed {visit.prior_no_shows} of {_count(visit.prior_visits, 'earlier visit')}"


def _all_of(visits: int) -> str:
    return "the one earlier visit" if visits == 1 else f"all {visits} earlier visits"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


TEXTS: Final[Mapping[str, Callable[[Visit], str]]] = MappingProxyType(
    {
        "start": lambda visit: "where every visit starts",
        "same_day": lambda visit: "booked for the same day",
        "lead": _lead_text,
        "history": _history_text,
        "last_missed": lambda visit: "missed the last visit",
        "new": lambda visit: "no earlier visit known",
        "several_at_once": lambda visit: f"{_count(visit.booked_same_day, 'other booking')} made earlier the same day",
        "open_bookings": lambda visit: f"{_count(visit.pending, 'other visit')} still to come",
        "early_booking": lambda visit: "booked early in the morning",
        "edge_of_week": lambda visit: f"the visit is on a {day_name[visit.weekday or 0]}",
    }
)


def assess(visit: Visit, *, weights: Mapping[str, float] = REFERENCE) -> Assessment:
    """How likely `visit` is to be missed, and why. `weights` comes from REFERENCE or from `fit.fit`."""
    points = {code: value * weights[code] for code, value in values(visit).items()}
    weightiest_first = sorted(points, key=lambda code: abs(points[code]), reverse=True)
    reasons = tuple(Reason(code, TEXTS[code](visit), points[code]) for code in weightiest_first)
    return Assessment(logistic(sum(points.values())), reasons)
