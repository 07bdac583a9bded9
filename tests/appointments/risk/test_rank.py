"""The score as a place among the clinic's own recent bookings."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.risk.features import Visit
from appointments.risk.rank import ENOUGH_BOOKINGS, LEVELS, REFERENCE_QUANTILES, Quantiles, category, position, rank
from appointments.risk.score import assess

probabilities = st.floats(0.001, 0.999)


def _spread(bookings: int) -> list[float]:
    random = Random(7)
    return [random.betavariate(2, 8) for _ in range(bookings)]


def _share_from(limit: int, recent: list[float]) -> float:
    quantiles = Quantiles.of(recent)
    return sum(rank(probability, quantiles) >= limit for probability in recent) / len(recent)


@pytest.mark.parametrize(("limit", "share"), [(70, 0.1), (40, 0.4)])
@pytest.mark.parametrize("bookings", [ENOUGH_BOOKINGS, 5_000])
def test_seventy_marks_the_riskiest_tenth_and_forty_the_riskiest_two_fifths(
    limit: int, share: float, bookings: int
) -> None:
    assert _share_from(limit, _spread(bookings)) == pytest.approx(share, abs=0.011)


def test_a_clinic_with_low_risk_all_over_still_has_a_riskiest_tenth() -> None:
    assert _share_from(70, [probability / 10 for probability in _spread(1_000)]) == pytest.approx(0.1, abs=0.005)


@pytest.mark.parametrize(("safer", "riskier", "flagged"), [(890, 60, 110), (860, 90, 90), (880, 0, 120), (700, 0, 0)])
def test_equal_bookings_at_the_limit_stay_together_on_the_side_closer_to_a_tenth(
    safer: int, riskier: int, flagged: int
) -> None:
    low = [place / 10_000 for place in range(safer)]
    high = [0.6 + place / 10_000 for place in range(riskier)]
    recent = low + [0.5] * (1_000 - safer - riskier) + high

    assert _share_from(70, recent) * 1_000 == flagged


@given(st.lists(probabilities, min_size=1, max_size=400), probabilities, probabilities)
def test_more_risk_never_ranks_lower(recent: list[float], one: float, other: float) -> None:
    quantiles = Quantiles.of(recent)
    low, high = sorted((one, other))

    assert 0 <= rank(low, quantiles) <= rank(high, quantiles) <= 100


@given(st.lists(probabilities, max_size=400))
def test_quantiles_never_fall(recent: list[float]) -> None:
    knots = Quantiles.of(recent).knots

    assert len(knots) == len(LEVELS)
    assert all(lower <= upper for lower, upper in pairwise(knots))


def test_the_ends_of_the_scale_hold_beyond_what_was_seen() -> None:
    quantiles = Quantiles.of(_spread(1_000))

    assert rank(0.0, quantiles) == 0
    assert rank(1.0, quantiles) == 100


def test_between_quantiles_the_score_runs_straight() -> None:
    quantiles = Quantiles.of([place / 1_000 for place in range(1_001)])

    assert [position(probability, quantiles) for probability in (0.3, 0.6, 0.75, 0.9, 0.95)] == pytest.approx(
        [20, 40, 55, 70, 85], abs=0.1
    )


def test_a_new_clinic_starts_from_the_reference() -> None:
    assert Quantiles.of([]) == REFERENCE_QUANTILES

    same_day = rank(assess(Visit(lead_days=0)).probability, Quantiles.of([]))
    missed_often = rank(assess(Visit(lead_days=30, prior_visits=3, prior_no_shows=2)).probability, Quantiles.of([]))
    assert category(same_day) == "low"
    assert category(missed_often) == "high"


def test_a_young_clinic_moves_from_the_reference_to_its_own_quantiles() -> None:
    own = [0.6] * ENOUGH_BOOKINGS
    middle = LEVELS.index(0.5)
    knots = [Quantiles.of(own[:bookings]).knots[middle] for bookings in (0, 50, 150, 200)]

    reference = REFERENCE_QUANTILES.knots[middle]
    assert knots[0] == reference
    assert knots[1] == pytest.approx(0.75 * reference + 0.25 * 0.6)
    assert knots[2] == pytest.approx(0.25 * reference + 0.75 * 0.6)
    assert knots[3] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("score", "expected"),
    [(0, "low"), (39, "low"), (39.99, "low"), (40, "medium"), (69, "medium"), (70, "high"), (100, "high")],
)
def test_categories_begin_at_forty_and_seventy(score: float, expected: str) -> None:
    assert category(score) == expected
