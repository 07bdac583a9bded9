"""When somebody is at the clinic, and which texts wait for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from compliance.guardrails import Hold, Send, SendContext, judge
from compliance.kinds import IN_OPENING_HOURS, Kind
from compliance.models import Purpose
from compliance.opening import Opening, week_of
from compliance.quiet import Hours
from compliance.reasons import Reason

ZONE = "America/New_York"
USUAL = {str(day): {"open": "09:00", "close": "17:00", "closed": day > 4} for day in range(7)}
THANKSGIVING = date(2026, 11, 26)
CLINIC = Opening(zone=ZONE, week=week_of(USUAL), closed={THANKSGIVING: "Thanksgiving Day"})


def at(text: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize("moment", ["2026-11-24T09:00", "2026-11-24T16:59"])
def test_somebody_is_there_from_the_opening_until_before_the_closing(moment: str) -> None:
    assert CLINIC.why_closed(at(moment)) == ""


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-11-24T03:15", "03:15 on Tuesday, 24 November 2026: you are open from 09:00 to 17:00 then"),
        ("2026-11-24T17:00", "17:00 on Tuesday, 24 November 2026: you are open from 09:00 to 17:00 then"),
        ("2026-11-28T10:00", "10:00 on Saturday, 28 November 2026: you are closed on Saturdays"),
        ("2026-11-26T10:00", "Thursday, 26 November 2026 is a closed day (Thanksgiving Day)"),
    ],
)
def test_why_nobody_is_there_is_said_in_plain_words(moment: str, why: str) -> None:
    assert CLINIC.why_closed(at(moment)) == why


def test_the_clinics_own_clock_counts_whatever_the_zone_of_the_moment() -> None:
    assert CLINIC.why_closed(at("2026-11-24T08:00", "America/Los_Angeles")) == ""
    assert CLINIC.why_closed(at("2026-11-24T15:00", "America/Los_Angeles"))


def test_without_any_hours_only_closed_days_are_outside() -> None:
    unset = replace(CLINIC, week={})
    assert unset.why_closed(at("2026-11-28T03:00")) == ""
    assert unset.why_closed(at("2026-11-26T12:00"))
    assert unset.next_open(at("2026-11-26T12:00")) == at("2026-11-27T00:00")


def test_the_next_opening_goes_over_weekends_closed_days_and_the_change_of_the_clock() -> None:
    assert CLINIC.next_open(at("2026-11-25T18:00")) == at("2026-11-27T09:00")
    assert CLINIC.next_open(at("2026-11-27T17:00")) == at("2026-11-30T09:00")
    assert CLINIC.next_open(at("2026-10-30T18:00")) == datetime(2026, 11, 2, 14, tzinfo=UTC)


def test_who_is_closed_for_months_has_no_next_opening() -> None:
    days = {date(2026, 11, 20) + timedelta(days=n): "Moved" for n in range(90)}
    assert replace(CLINIC, closed=days).next_open(at("2026-11-24T10:00")) is None


@pytest.mark.parametrize(
    "stored", [{}, {"0": None}, {"0": {"open": "x", "close": "y"}}, {"0": {"open": "9"}}, {"0": 5}]
)
def test_hours_that_cannot_be_read_are_none(stored: dict[str, Any]) -> None:
    assert week_of(stored) == {}


def test_who_never_closes_says_24_00() -> None:
    always = Opening(zone=ZONE, week=week_of({str(d): {"open": "00:00", "close": "24:00"} for d in range(7)}))
    assert always.why_closed(at("2026-11-28T23:59")) == ""


FRIDAY_EVENING = at("2026-11-20T18:30")
MONDAY = at("2026-11-23T09:00")
REVIEW = SendContext(
    kind=Kind.REVIEW,
    zone=ZONE,
    hours=Hours(opens=time(9), closes=time(20), sunday_opens=time(12)),
    purpose=Purpose.MARKETING,
    visit_status="completed",
    visit_ends_at=FRIDAY_EVENING - timedelta(hours=6),
    consent=True,
    latest_useful_at=FRIDAY_EVENING + timedelta(days=7),
    opening=CLINIC,
)


@pytest.mark.parametrize(
    ("kind", "status"), [("review", "completed"), ("rebooking", "completed"), ("no_show_followup", "no_show")]
)
def test_what_asks_for_a_call_or_a_booking_waits_for_the_next_opening(kind: str, status: str) -> None:
    context = replace(REVIEW, kind=Kind(kind), visit_status=status)
    assert judge(context, FRIDAY_EVENING) == Hold(MONDAY, Reason.CLOSED)
    assert judge(context, MONDAY) == Send()


def test_it_waits_for_a_moment_that_the_recipients_hours_allow_too() -> None:
    """The patient is in Hawaii, where the clinic's morning is night."""
    context = replace(REVIEW, zone="Pacific/Honolulu")
    assert judge(context, FRIDAY_EVENING) == Hold(at("2026-11-23T14:00"), Reason.CLOSED)


def test_hours_that_never_meet_hold_nothing_back_for_ever() -> None:
    context = replace(REVIEW, zone="Asia/Tokyo")
    morning_there = at("2026-11-21T09:00", "Asia/Tokyo")
    assert judge(context, FRIDAY_EVENING) == Hold(morning_there, Reason.QUIET_HOURS)
    assert judge(context, morning_there) == Send()


def test_what_would_lose_its_use_by_the_next_opening_does_not_wait() -> None:
    assert judge(replace(REVIEW, latest_useful_at=MONDAY - timedelta(hours=1)), FRIDAY_EVENING) == Send()


def test_the_night_alone_is_called_quiet_hours() -> None:
    night = at("2026-11-24T22:30")
    assert judge(replace(REVIEW, opening=replace(CLINIC, week={}), latest_useful_at=None), night) == Hold(
        at("2026-11-25T09:00"), Reason.QUIET_HOURS
    )


def test_an_answer_and_everything_about_a_visit_to_come_waits_for_no_opening() -> None:
    care = replace(REVIEW, purpose=Purpose.CARE, visit_status="booked", visit_starts_at=MONDAY, answers_person=True)
    for kind in (Kind.HANDED_OVER, Kind.EMERGENCY_ANSWER, Kind.OPT_OUT_ANSWER):
        assert judge(replace(care, kind=kind), FRIDAY_EVENING) == Send()
    assert judge(replace(care, kind=Kind.REMINDER_FIRST, answers_person=False), FRIDAY_EVENING) == Send()
    assert not {Kind.EMERGENCY_ANSWER, Kind.CONFIRMATION, Kind.REMINDER_FIRST, Kind.REMINDER_LAST} & IN_OPENING_HOURS


@pytest.mark.parametrize("kind", [Kind.REBOOKING, Kind.REVIEW])
def test_an_offer_and_a_review_request_leave_each_other_some_hours(kind: Kind) -> None:
    """The clinic is open: it is the other text that holds this one, although the hours end in the night."""
    context = replace(REVIEW, kind=kind, not_before=MONDAY + timedelta(hours=12))
    assert judge(context, MONDAY) == Hold(MONDAY + timedelta(days=1), Reason.SPACED_OUT)
    assert judge(context, MONDAY + timedelta(days=1)) == Send()
    without_hours = replace(context, opening=None, not_before=MONDAY + timedelta(hours=2))
    assert judge(without_hours, MONDAY) == Hold(MONDAY + timedelta(hours=2), Reason.SPACED_OUT)


def test_who_would_have_to_wait_for_the_opening_anyhow_waits_for_that() -> None:
    context = replace(REVIEW, kind=Kind.REBOOKING, not_before=FRIDAY_EVENING + timedelta(hours=12))
    assert judge(context, FRIDAY_EVENING) == Hold(MONDAY, Reason.CLOSED)
