"""Probability and reasons."""

from dataclasses import replace
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.risk.features import FEATURES, Visit
from appointments.risk.score import REFERENCE, TEXTS, assess, logistic


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    prior = draw(st.integers(0, 40))
    return Visit(
        lead_days=draw(st.integers(0, 400)),
        prior_visits=prior,
        prior_no_shows=draw(st.integers(0, prior)),
        last_was_no_show=draw(st.none() | st.booleans()),
        days_since_last=draw(st.none() | st.integers(0, 900)),
        pending=draw(st.integers(0, 9)),
        booked_same_day=draw(st.integers(0, 9)),
        booked_hour=draw(st.none() | st.integers(0, 23)),
        weekday=draw(st.none() | st.integers(0, 6)),
    )


@given(visits())
def test_the_reasons_add_up_to_the_score(visit: Visit) -> None:
    assessment = assess(visit)

    odds = sum(reason.points for reason in assessment.reasons)
    assert log(assessment.probability / (1 - assessment.probability)) == pytest.approx(odds)


@given(visits())
def test_one_more_missed_visit_never_lowers_the_risk(visit: Visit) -> None:
    worse = replace(visit, prior_visits=visit.prior_visits + 1, prior_no_shows=visit.prior_no_shows + 1)
    known = replace(visit, prior_visits=visit.prior_visits + 1)

    assert assess(worse).probability > assess(known).probability
    if visit.prior_visits:
        assert assess(worse).probability > assess(visit).probability


@given(visits())
def test_one_more_kept_visit_never_raises_the_risk(visit: Visit) -> None:
    better = replace(visit, prior_visits=visit.prior_visits + 1)

    assert assess(better).probability < assess(visit).probability


def test_a_first_visit_missed_leaves_a_person_riskier_than_a_stranger() -> None:
    stranger = Visit(lead_days=7)
    missed_once = Visit(lead_days=7, prior_visits=1, prior_no_shows=1, last_was_no_show=True, days_since_last=5)

    assert assess(missed_once).probability > assess(stranger).probability


@given(visits(), st.integers(0, 60))
def test_a_longer_wait_never_lowers_the_risk(visit: Visit, more: int) -> None:
    later = replace(visit, lead_days=visit.lead_days + more)

    assert assess(later).probability >= assess(visit).probability


def test_the_reference_gives_the_rates_it_was_set_for() -> None:
    same_day, next_day, next_month = (assess(Visit(lead_days=days)).probability for days in (0, 1, 30))

    assert same_day == pytest.approx(0.05, abs=0.01)
    assert next_day == pytest.approx(0.2, abs=0.02)
    assert next_month == pytest.approx(1 / 3, abs=0.02)


def test_reasons_are_plain_words_weightiest_first() -> None:
    visit = Visit(
        lead_days=34, prior_visits=3, prior_no_shows=2, last_was_no_show=True, days_since_last=9, pending=1, weekday=4
    )

    texts = [reason.text for reason in assess(visit).reasons if reason.code != "start"]

    assert texts == [
        "booked 34 days ahead",
        "missed 2 of 3 earlier visits",
        "missed the last visit",
        "1 other visit still to come",
        "the visit is on a Friday",
    ]


@pytest.mark.parametrize(
    ("visit", "text"),
    [
        (Visit(lead_days=1), "booked 1 day ahead"),
        (Visit(lead_days=0), "booked for the same day"),
        (Visit(lead_days=2), "no earlier visit known"),
        (Visit(lead_days=2, prior_visits=1), "kept the one earlier visit"),
        (Visit(lead_days=2, prior_visits=4), "kept all 4 earlier visits"),
        (Visit(lead_days=2, booked_same_day=2), "2 other bookings made earlier the same day"),
        (Visit(lead_days=2, booked_hour=7), "booked early in the morning"),
    ],
)
def test_every_circumstance_has_its_words(visit: Visit, text: str) -> None:
    assert text in {reason.text for reason in assess(visit).reasons}


def test_every_feature_has_a_weight_and_words() -> None:
    assert set(FEATURES) == set(REFERENCE) == set(TEXTS)


def test_a_clinics_own_weights_are_used() -> None:
    visit = Visit(lead_days=5)

    assert assess(visit, weights={**REFERENCE, "start": -3.0}).probability < assess(visit).probability


@pytest.mark.parametrize(("odds", "probability"), [(-1000.0, 0.0), (0.0, 0.5), (1000.0, 1.0)])
def test_extreme_odds_do_not_overflow(odds: float, probability: float) -> None:
    assert logistic(odds) == probability
