"""A clinic's own weights."""

from random import Random

import pytest

from appointments.risk.features import Visit
from appointments.risk.fit import PRIOR_SD_LEVEL, fit
from appointments.risk.score import REFERENCE, assess

TRUTH = {**REFERENCE, "start": -2.6}


def _clinic(visits: int, weights: dict[str, float]) -> list[tuple[Visit, bool]]:
    """Made-up visits whose outcomes follow `weights`."""
    random = Random(11)
    booked = [
        Visit(
            lead_days=random.choice((0, 1, 3, 7, 14, 30)),
            prior_visits=(prior := random.choice((0, 0, 1, 4))),
            prior_no_shows=random.randint(0, prior),
            weekday=random.randrange(5),
        )
        for _ in range(visits)
    ]
    return [(visit, random.random() < assess(visit, weights=weights).probability) for visit in booked]


def _mean_risk(visits: list[tuple[Visit, bool]], weights: dict[str, float]) -> float:
    return sum(assess(visit, weights=weights).probability for visit, _ in visits) / len(visits)


def test_a_clinic_without_history_keeps_the_reference() -> None:
    assert fit([]) == dict(REFERENCE)


def test_the_probabilities_come_to_agree_with_the_clinics_own_rate() -> None:
    history = _clinic(3_000, TRUTH)
    missed = sum(outcome for _, outcome in history) / len(history)

    assert _mean_risk(history, dict(REFERENCE)) > missed + 0.05
    assert _mean_risk(history, fit(history)) == pytest.approx(missed, abs=0.015)


def test_a_handful_of_outcomes_hardly_moves_anything() -> None:
    moved = fit([(Visit(lead_days=7), True)] * 3)

    assert moved["start"] > REFERENCE["start"]
    assert moved == pytest.approx(dict(REFERENCE), abs=0.2)


def test_single_weights_follow_only_slowly() -> None:
    wait_matters_twice = {**REFERENCE, "lead": 2 * REFERENCE["lead"]}

    few, many = (fit(_clinic(visits, wait_matters_twice))["lead"] for visits in (100, 8_000))

    assert few == pytest.approx(REFERENCE["lead"], abs=0.03)
    assert many > REFERENCE["lead"] + 0.05


def test_it_settles_where_prior_and_outcomes_balance() -> None:
    history = _clinic(500, TRUTH)
    once = fit(history)
    again = fit(list(reversed(history)))

    assert again == pytest.approx(once, abs=1e-6)


@pytest.mark.parametrize("lead_days", [0, 7])
@pytest.mark.parametrize("missed", [True, False])
def test_a_history_of_one_outcome_only_goes_towards_it_and_settles(*, lead_days: int, missed: bool) -> None:
    visit = Visit(lead_days=lead_days)
    weights = fit([(visit, missed)] * 2_000)

    assert assess(visit, weights=weights).probability == pytest.approx(float(missed), abs=0.05)
    assert _log_posterior_slope(weights, visit, missed=missed) == pytest.approx(0, abs=0.1)


def _log_posterior_slope(weights: dict[str, float], visit: Visit, *, missed: bool) -> float:
    """Along `start`, where 2,000 like visits pull one way and the prior the other."""
    pull = 2_000 * (missed - assess(visit, weights=weights).probability)
    return pull - (weights["start"] - REFERENCE["start"]) / PRIOR_SD_LEVEL**2
