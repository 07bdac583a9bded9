"""A clinic's own weights: the reference weights, moved as far as the clinic's own outcomes justify.

The most probable weights under a normal prior centred on the reference (a ridge-penalised logistic regression),
found by Newton's method. A clinic without history keeps the reference exactly; with a few hundred outcomes the level
(`start`) follows its own no-show rate, which is what calibrates the probability; only with thousands do the single
weights move noticeably. No library is needed: there are ten weights, and 10,000 visits take well under a second.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from appointments.risk.features import FEATURES, Visit, values
from appointments.risk.score import REFERENCE, log_odds, logistic

CODES: Final = tuple(FEATURES)
PLACE: Final = {code: place for place, code in enumerate(CODES)}

PRIOR_SD: Final = 0.03
"""How far (log-odds per unit) a clinic's weight is expected to lie from the reference. Wider priors chased noise: on
real visits they ranked the following weeks worse than the reference did."""

PRIOR_SD_LEVEL: Final = 0.3
"""The same for `start`: clinics differ far more in their overall rate than in what drives it."""

MAX_STEPS: Final = 25
LONGEST_STEP: Final = 1.0
"""Log-odds that no weight moves beyond in one step."""

SETTLED: Final = 1e-4
"""Newton stops when no weight moves more than this; from the reference it usually takes three or four steps."""

Matrix = list[list[float]]
Outcomes = Sequence[tuple[Mapping[str, float], bool]]
"""(feature values, was it missed?)."""


def fit(history: Iterable[tuple[Visit, bool]], *, reference: Mapping[str, float] = REFERENCE) -> dict[str, float]:
    """Weights for a clinic from its own past: (visit as known when booked, was it missed?).

    The caller sees to it that every outcome was known at the moment the weights are used for.
    """
    outcomes = [(values(visit), missed) for visit, missed in history]
    weights = dict(reference)
    for _ in range(MAX_STEPS if outcomes else 0):
        step = _damped(_solve(*_newton(outcomes, weights, reference)))
        weights = {code: weights[code] + move for code, move in zip(CODES, step, strict=True)}
        if max(map(abs, step)) < SETTLED:
            break
    return weights


def _damped(step: list[float]) -> list[float]:
    """A history far from the reference sends Newton too far, and then back and forth: go the same way, less far."""
    factor = LONGEST_STEP / max(LONGEST_STEP, *map(abs, step))
    return [factor * move for move in step]


def _newton(
    outcomes: Outcomes, weights: Mapping[str, float], reference: Mapping[str, float]
) -> tuple[Matrix, list[float]]:
    """Curvature and slope of the log-posterior at `weights`."""
    curvature = [[_precision(a) if a == b else 0.0 for b in CODES] for a in CODES]
    slope = [_precision(code) * (reference[code] - weights[code]) for code in CODES]
    for of, missed in outcomes:
        _add(of, probability=logistic(log_odds(of, weights)), missed=missed, curvature=curvature, slope=slope)
    return curvature, slope


def _precision(code: str) -> float:
    sd = PRIOR_SD_LEVEL if code == "start" else PRIOR_SD
    return 1 / sd**2


def _add(of: Mapping[str, float], *, probability: float, missed: bool, curvature: Matrix, slope: list[float]) -> None:
    certainty = probability * (1 - probability)
    placed = [(PLACE[code], value) for code, value in of.items()]
    for row, value in placed:
        slope[row] += value * (missed - probability)
        for column, other in placed:
            curvature[row][column] += value * other * certainty


def _solve(matrix: Matrix, right: list[float]) -> list[float]:
    """x with matrix * x = right, by Gaussian elimination; the prior makes every pivot positive."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place, pivot in enumerate(rows):
        for other in rows[:place] + rows[place + 1 :]:
            factor = other[place] / pivot[place]
            other[:] = [a - factor * b for a, b in zip(other, pivot, strict=True)]
    return [row[-1] / row[place] for place, row in enumerate(rows)]
