"""Whether new weights are better, said only when it is more than luck."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from appointments.risk import trial
from appointments.risk.features import Visit
from appointments.risk.fit import fit
from appointments.risk.history import Booked
from appointments.risk.score import REFERENCE, assess
from appointments.risk.trial import Outcome, TooLittle, Trial

FIRST = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
RELIABLE = {**REFERENCE, "start": REFERENCE["start"] - 1.0}
"""A clinic whose patients miss far fewer visits than the reference expects."""


def _clinic(visits: int, weights: dict[str, float], seed: int = 3) -> list[Outcome]:
    """Made-up visits, one booked every hour, whose outcomes follow `weights`."""
    random, made = Random(seed), []
    for place in range(visits):
        lead = random.choice((0, 1, 3, 7, 14, 30))
        visit = Visit(lead_days=lead, prior_visits=(prior := random.choice((0, 1, 4))), prior_no_shows=prior // 3)
        booked = FIRST + timedelta(hours=place)
        missed = random.random() < assess(visit, weights=weights).probability
        made.append((Booked(person=place, booked=booked, starts=booked + timedelta(days=lead), missed=missed), visit))
    return made


def _tried(outcomes: list[Outcome], in_use: dict[str, float] | None = None) -> Trial:
    found = trial.run(outcomes, in_use=in_use or dict(REFERENCE))
    assert isinstance(found, Trial)
    return found


def test_a_clinic_unlike_the_reference_gets_better_weights() -> None:
    found = _tried(_clinic(3_000, RELIABLE))

    assert found.better
    assert found.after.brier < found.before.brier
    assert found.weights["start"] < REFERENCE["start"] - 0.5


@pytest.mark.parametrize("seed", range(6))
def test_a_clinic_like_the_reference_keeps_it(seed: int) -> None:
    assert not _tried(_clinic(3_000, dict(REFERENCE), seed)).better


def test_weights_in_use_that_fit_already_are_not_replaced() -> None:
    outcomes = _clinic(3_000, RELIABLE)
    fitted = fit((visit, booked.missed is True) for booked, visit in outcomes[:1_500])

    assert not _tried(outcomes, fitted).better


def test_weights_that_predict_better_but_tell_apart_worse_are_not_better() -> None:
    found = _tried(_clinic(3_000, RELIABLE))
    worse = trial.Figures(auc=found.before.auc - 0.01, brier=found.after.brier, flagging=found.after.flagging)

    changed = Trial(
        weights=found.weights,
        visits=found.visits,
        held_out=found.held_out,
        since=found.since,
        before=found.before,
        after=worse,
        luck=found.luck,
    )

    assert not changed.better


def test_nothing_booked_or_known_after_the_split_is_learned_from() -> None:
    outcomes = _clinic(1_000, RELIABLE)
    found = _tried(outcomes)

    known = [booked for booked, _ in outcomes if booked.known_on(found.since)]

    assert found.held_out == 200
    assert found.visits == len(known) < 800
    turned = [(_turned(booked) if not booked.known_on(found.since) else booked, visit) for booked, visit in outcomes]
    assert _tried(turned).weights == found.weights


def _turned(booked: Booked) -> Booked:
    return Booked(person=booked.person, booked=booked.booked, starts=booked.starts, missed=not booked.missed)


def test_the_threshold_decides_what_is_flagged() -> None:
    outcomes = _clinic(2_000, RELIABLE)
    tenth, more = (trial.run(outcomes, in_use=REFERENCE, threshold=threshold) for threshold in (70, 40))

    assert isinstance(tenth, Trial)
    assert isinstance(more, Trial)
    assert tenth.after.flagging.flagged == pytest.approx(0.1, abs=0.05)
    assert more.after.flagging.flagged == pytest.approx(0.4, abs=0.1)


def test_few_visits_teach_nothing() -> None:
    found = trial.run(_clinic(499, dict(REFERENCE)), in_use=REFERENCE)

    assert isinstance(found, TooLittle)
    assert found.visits == 499
    assert found.newest_missed >= 20, "only the number of visits is too small"
    assert trial.run([], in_use=REFERENCE) == TooLittle(0, 0, 0)


def test_a_clinic_that_never_marks_a_no_show_teaches_nothing() -> None:
    kept = [(_turned(booked) if booked.missed else booked, visit) for booked, visit in _clinic(1_000, RELIABLE)]

    assert trial.run(kept, in_use=REFERENCE) == TooLittle(1_000, 0, 200)
