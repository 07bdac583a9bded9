"""From a probability to the score people see: 0-100, the visit's place among the clinic's own recent bookings.

No-show probabilities hardly ever pass one half, so a fixed limit on them would flag next to nobody in one clinic and
half the patients in another. The score is a rank instead: 40 is where the riskiest 40 % begin, 70 where the riskiest
tenth begins, and 100 the riskiest booking seen lately. In between it runs straight from quantile to quantile.

A clinic with fewer than 200 bookings has no quantiles to trust yet. Its own count for as much as it has bookings (50
bookings: a quarter), the reference quantiles for the rest. REFERENCE_QUANTILES are the reference weights applied to
an assumed, plain mix of bookings: a third for the same day, a third within a week, the rest up to two months ahead;
six in ten without a record, three in ten who kept all visits, one in ten who missed some; three in ten with another
visit still to come; Monday to Friday alike. No clinic's data went into them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal, Self

from appointments.risk.features import Visit
from appointments.risk.score import assess

MEDIUM_FROM: Final = 40
HIGH_FROM: Final = 70

ENOUGH_BOOKINGS: Final = 200
"""From this many recent bookings on, a clinic's own quantiles stand alone."""

LEVELS: Final = (*(step / 20 for step in range(20)), 0.99, 1.0)
"""The quantiles kept: every twentieth, and the riskiest hundredth so that the top is not one straight line."""

SCALE: Final = ((0.0, 0.0), (0.6, 40.0), (0.9, 70.0), (1.0, 100.0))
"""(share of bookings with less risk, score): what the categories mean."""

JUST_PAST: Final = 1 + 1e-9
"""Far more than the rounding of a float, far less than two bookings ever differ."""

Category = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The probabilities found at LEVELS among recent bookings; rises, never falls."""

    knots: tuple[float, ...]

    @classmethod
    def of(cls, probabilities: Iterable[float]) -> Self:
        """Quantiles of a clinic's recent bookings (days to months, all bookings alike), blended when they are few."""
        ordered = sorted(probabilities)
        if len(ordered) >= ENOUGH_BOOKINGS:
            return cls(_knots(ordered))
        if not ordered:
            return cls(REFERENCE_QUANTILES.knots)
        own = len(ordered) / ENOUGH_BOOKINGS
        both = zip(_knots(ordered), REFERENCE_QUANTILES.knots, strict=True)
        return cls(tuple(own * mine + (1 - own) * reference for mine, reference in both))


def _knots(ordered: list[float]) -> tuple[float, ...]:
    return tuple(_knot(level, ordered) for level in LEVELS)


def _knot(level: float, ordered: list[float]) -> float:
    """The quantile; among equal bookings, before or after the whole group, whichever comes closer to the level."""
    quantile = _at(level * (len(ordered) - 1), ordered)
    wanted = level * len(ordered)
    before, after = bisect_left(ordered, quantile), bisect_right(ordered, quantile)
    return quantile if wanted - before <= after - wanted else quantile * JUST_PAST


def _at(place: float, ordered: list[float]) -> float:
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def position(probability: float, quantiles: Quantiles) -> float:
    """The score with its fraction, 0.0-100.0. Bookings of equal risk all get the lowest place of the group."""
    return _between(_between(probability, quantiles.knots, LEVELS), *zip(*SCALE, strict=True))


def rank(probability: float, quantiles: Quantiles) -> int:
    """The score 0-100, rounded down so that nothing short of 70 is shown as 70."""
    return int(position(probability, quantiles))


def category(score: float) -> Category:
    """low below 40, medium 40-69, high from 70; `blocked` is set by people only, never by a score."""
    if score >= HIGH_FROM:
        return "high"
    return "medium" if score >= MEDIUM_FROM else "low"


def _between(x: float, xs: tuple[float, ...], ys: tuple[float, ...]) -> float:
    """y at x on the line through (xs, ys); the ends hold outside; the first of equal xs wins."""
    place = bisect_left(xs, x)
    if place == 0 or place == len(xs):
        return ys[min(place, len(xs) - 1)]
    share = (x - xs[place - 1]) / (xs[place] - xs[place - 1])
    return ys[place - 1] + share * (ys[place] - ys[place - 1])


ASSUMED_LEADS: Final = (0, 0, 0, 0, 0, 1, 2, 3, 5, 7, 14, 14, 21, 30, 60)
ASSUMED_RECORDS: Final = (*((0, 0, 0),) * 4, *((0, 0, 1),) * 2, (1, 0, 0), (2, 0, 0), (4, 0, 1), (3, 1, 0))
"""(earlier visits, missed ones, visits still to come)."""
ASSUMED_WEEKDAYS: Final = range(5)


def _assumed_mix() -> Iterator[float]:
    for lead, (visits, missed, pending), weekday in product(ASSUMED_LEADS, ASSUMED_RECORDS, ASSUMED_WEEKDAYS):
        visit = Visit(lead_days=lead, prior_visits=visits, prior_no_shows=missed, pending=pending, weekday=weekday)
        yield assess(visit).probability


REFERENCE_QUANTILES: Final = Quantiles(_knots(sorted(_assumed_mix())))
"""Cold start; from about 0.04 at the bottom over a fifth in the middle to a third and more at the top."""
