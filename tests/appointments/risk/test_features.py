"""What a booking tells, and what it may not tell."""

from dataclasses import fields, replace
from typing import Any

import pytest

from appointments.risk.features import FEATURES, Visit, values


def test_only_the_booking_and_the_record_are_known() -> None:
    assert {field.name for field in fields(Visit)} == {
        "lead_days",
        "prior_visits",
        "prior_no_shows",
        "last_was_no_show",
        "days_since_last",
        "pending",
        "booked_same_day",
        "booked_hour",
        "weekday",
    }


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"lead_days": -1}, "lead_days"),
        ({"lead_days": 1, "prior_visits": 1, "prior_no_shows": 2}, "prior_no_shows"),
        ({"lead_days": 1, "booked_hour": 24}, "booked_hour"),
        ({"lead_days": 1, "weekday": 7}, "weekday"),
    ],
)
def test_impossible_numbers_are_refused_by_name(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValueError, match=field):
        Visit(**given)


def test_each_doubling_of_the_wait_is_one_step_up_to_a_month() -> None:
    leads = [values(Visit(lead_days=days)).get("lead", 0.0) for days in (0, 1, 3, 7, 15, 30, 300)]

    assert leads[:5] == [0, 1, 2, 3, 4]
    assert leads[5] == leads[6]


def test_a_person_without_a_record_counts_as_usual() -> None:
    known = values(Visit(lead_days=3))

    assert "history" not in known
    assert known["new"] == 1


def test_a_record_at_the_usual_rate_says_nothing() -> None:
    assert values(Visit(lead_days=3, prior_visits=10, prior_no_shows=2)).get("history", 0.0) == pytest.approx(0)


def test_kept_visits_lower_and_missed_ones_raise_the_history() -> None:
    kept = values(Visit(lead_days=3, prior_visits=4))["history"]
    missed = values(Visit(lead_days=3, prior_visits=4, prior_no_shows=4))["history"]

    assert kept < 0 < missed


def test_a_last_visit_missed_long_ago_is_forgotten() -> None:
    recent = Visit(lead_days=3, prior_visits=2, prior_no_shows=1, last_was_no_show=True, days_since_last=30)

    assert "last_missed" in values(recent)
    assert "last_missed" not in values(replace(recent, days_since_last=800))


def test_unknown_hour_and_weekday_add_nothing() -> None:
    assert set(values(Visit(lead_days=3))) == {"start", "lead", "new"}
    assert {"early_booking", "edge_of_week"} <= set(values(Visit(lead_days=3, booked_hour=7, weekday=0)))
    assert {"early_booking", "edge_of_week"} <= set(FEATURES)
