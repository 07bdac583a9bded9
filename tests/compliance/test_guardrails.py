from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.guardrails import LOOK_AGAIN, Hold, Send, SendContext, Skip, Verdict, judge
from compliance.kinds import ALLOWED_AFTER_STOP, BEFORE_THE_VISIT, MARKETING, REMINDERS, Kind
from compliance.models import Purpose
from compliance.quiet import Hours
from compliance.reasons import Reason

ZONE = "America/New_York"
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
START = NOON + timedelta(hours=48)
# A reminder that nothing speaks against: each test changes what it is about, and only that.
FINE = SendContext(
    kind=Kind.REMINDER_LAST,
    zone=ZONE,
    hours=Hours(opens=time(8), closes=time(21)),
    visit_status="booked",
    visit_starts_at=START,
    visit_ends_at=START + timedelta(minutes=30),
    planned_for_start=START,
    consent=True,
    latest_useful_at=START - timedelta(hours=3),
    deposit_open=True,
)
REVIEW = replace(
    FINE,
    kind=Kind.REVIEW,
    purpose=Purpose.MARKETING,
    visit_status="completed",
    visit_starts_at=NOON - timedelta(hours=8),
    visit_ends_at=NOON - timedelta(hours=7),
    planned_for_start=None,
    latest_useful_at=None,
)


def verdict(now: datetime = NOON, base: SendContext = FINE, **changes: Any) -> Verdict:
    return judge(replace(base, **changes), now)


def test_a_message_that_nothing_speaks_against_goes_out() -> None:
    assert verdict() == Send()
    assert judge(REVIEW, NOON) == Send()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"has_phone": False}, Reason.NO_PHONE),
        ({"phone_usable": False}, Reason.PHONE_UNUSABLE),
        ({"suppressed": True}, Reason.OPTED_OUT),
        ({"told_of_death": True, "answers_person": True}, Reason.TOLD_OF_DEATH),
        ({"kind_enabled": False}, Reason.SWITCHED_OFF),
        ({"consent": False}, Reason.NO_CONSENT),
        ({"visit_status": "cancelled"}, Reason.CANCELLED),
        ({"visit_status": "completed"}, Reason.VISIT_OVER),
        ({"visit_status": "no_show"}, Reason.VISIT_OVER),
        ({"visit_status": "in_progress"}, Reason.VISIT_OVER),
        ({"visit_status": "rescheduled"}, Reason.MOVED),
        ({"planned_for_start": START - timedelta(hours=1)}, Reason.MOVED),
        ({"visit_starts_at": NOON, "planned_for_start": NOON}, Reason.VISIT_PAST),
        ({"confirmed": True}, Reason.ALREADY_CONFIRMED),
        ({"text_problems": ("a dose",)}, Reason.UNSAFE_TEXT),
        ({"latest_useful_at": NOON - timedelta(seconds=1)}, Reason.STALE),
        ({"sent_last_24h": 3}, Reason.CAP_REACHED),
        ({"sent_last_24h": 2, "more_important_due": 1}, Reason.CAP_REACHED),
        ({"cap_per_week": 5, "sent_last_7d": 5}, Reason.CAP_REACHED),
        ({"kind": Kind.DEPOSIT_REQUEST, "deposit_open": False}, Reason.DEPOSIT_SETTLED),
        ({"kind": Kind.DEPOSIT_REMINDER, "deposit_open": None}, Reason.DEPOSIT_SETTLED),
        ({"kind": Kind.DEPOSIT_REQUEST, "has_link": False}, Reason.NO_LINK),
    ],
)
def test_a_reminder_is_skipped_for(changes: dict[str, Any], reason: Reason) -> None:
    assert verdict(**changes) == Skip(reason)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"visit_status": "no_show"}, Reason.NOT_ATTENDED),
        ({"visit_status": "cancelled"}, Reason.NOT_ATTENDED),
        ({"visit_status": "booked"}, Reason.NOT_ATTENDED),
        ({"visit_ends_at": NOON + timedelta(hours=1)}, Reason.MOVED),
        ({"has_link": False}, Reason.NO_LINK),
        ({"last_review_request_at": NOON - timedelta(days=89)}, Reason.ASKED_RECENTLY),
        ({"consent": False, "answers_person": True}, Reason.NO_CONSENT),
    ],
)
def test_a_review_request_is_skipped_for(changes: dict[str, Any], reason: Reason) -> None:
    assert verdict(base=REVIEW, **changes) == Skip(reason)


def test_a_review_may_be_asked_for_again_after_ninety_days() -> None:
    assert verdict(base=REVIEW, last_review_request_at=NOON - timedelta(days=90)) == Send()


def test_an_offer_after_a_missed_visit_needs_the_visit_to_be_missed_still() -> None:
    missed: dict[str, Any] = {"kind": Kind.NO_SHOW_FOLLOWUP, "planned_for_start": None}
    assert verdict(visit_status="no_show", **missed) == Send()
    assert verdict(visit_status="completed", **missed) == Skip(Reason.STALE)


@pytest.mark.parametrize("kind", sorted(REMINDERS))
def test_whoever_has_confirmed_is_reminded_no_more(kind: Kind) -> None:
    assert verdict(kind=kind, confirmed=True) == Skip(Reason.ALREADY_CONFIRMED)
    assert verdict(kind=kind) == Send()


def test_a_confirmed_person_still_gets_the_new_time_and_the_receipt() -> None:
    assert verdict(kind=Kind.MOVED, confirmed=True) == Send()
    assert verdict(kind=Kind.DEPOSIT_RECEIPT, deposit_open=False) == Send()


def test_what_asked_for_an_answer_and_comes_after_it_is_left_out() -> None:
    which: dict[str, Any] = {"kind": Kind.WHICH_VISIT, "answers_person": True, "visit_status": ""}
    assert verdict(**which) == Send()
    assert verdict(**which, written_since=True) == Skip(Reason.STALE)
    link: dict[str, Any] = {"kind": Kind.RESCHEDULE_LINK, "answers_person": True}
    assert verdict(**link) == Send()
    assert verdict(**link, visit_status="cancelled") == Skip(Reason.CANCELLED)
    assert verdict(**link, planned_for_start=START - timedelta(hours=1)) == Skip(Reason.MOVED)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_number_that_said_stop_gets_only_the_answer_and_help(kind: Kind) -> None:
    found = verdict(kind=kind, suppressed=True, answers_person=True, visit_status="")
    assert (found == Skip(Reason.OPTED_OUT)) is (kind not in ALLOWED_AFTER_STOP)


@pytest.mark.parametrize("kind", sorted(ALLOWED_AFTER_STOP))
def test_even_those_are_stopped_by_the_kill_switch(kind: Kind) -> None:
    held = Hold(NOON + LOOK_AGAIN, Reason.KILL_SWITCH)
    assert verdict(kind=kind, suppressed=True, kill_switch=True) == held


def test_what_makes_no_sense_any_more_is_not_held_by_the_kill_switch_but_left_out() -> None:
    assert verdict(kill_switch=True) == Hold(NOON + LOOK_AGAIN, Reason.KILL_SWITCH)
    assert verdict(kill_switch=True, visit_status="cancelled") == Skip(Reason.CANCELLED)
    assert verdict(kill_switch=True, latest_useful_at=NOON - timedelta(seconds=1)) == Skip(Reason.STALE)


def test_an_answer_to_a_persons_own_message_needs_no_consent_no_daylight_and_no_room_under_the_cap() -> None:
    answer: dict[str, Any] = {"kind": Kind.RESCHEDULE_LINK, "answers_person": True}
    assert verdict(NIGHT, consent=False, sent_last_24h=9, **answer) == Send()


def test_a_receipt_is_not_capped_but_keeps_quiet_hours() -> None:
    receipt: dict[str, Any] = {"kind": Kind.DEPOSIT_RECEIPT, "sent_last_24h": 9, "deposit_open": False}
    assert verdict(**receipt) == Send()
    assert verdict(NIGHT, **receipt) == Hold(MORNING, Reason.QUIET_HOURS)


def test_what_staff_send_is_not_capped_but_keeps_quiet_hours() -> None:
    assert verdict(automatic=False, sent_last_24h=9) == Send()
    assert verdict(NIGHT, automatic=False) == Hold(MORNING, Reason.QUIET_HOURS)


def test_a_message_in_quiet_hours_is_held_until_the_morning() -> None:
    assert verdict(NIGHT) == Hold(MORNING, Reason.QUIET_HOURS)


@pytest.mark.parametrize(
    "changes",
    [
        {"latest_useful_at": MORNING - timedelta(seconds=1)},
        {"latest_useful_at": None, "visit_starts_at": MORNING, "planned_for_start": MORNING},
    ],
)
def test_a_message_that_makes_no_sense_in_the_morning_any_more_is_skipped(changes: dict[str, Any]) -> None:
    assert verdict(NIGHT, **changes) == Skip(Reason.STALE)


def test_hours_that_leave_no_moment_skip_instead_of_failing() -> None:
    never = Hours(opens=time(9), closes=time(10), within=Hours(opens=time(11), closes=time(12)))
    assert verdict(hours=never) == Skip(Reason.QUIET_HOURS)


def test_the_cap_is_judged_when_the_night_is_over() -> None:
    assert verdict(NIGHT, sent_last_24h=3) == Hold(MORNING, Reason.QUIET_HOURS)
    assert verdict(MORNING, sent_last_24h=3) == Skip(Reason.CAP_REACHED)


def test_staff_read_the_reason_that_weighs_most() -> None:
    everything: dict[str, Any] = {"suppressed": True, "consent": False, "visit_status": "cancelled", "sent_last_24h": 9}
    assert verdict(NIGHT, **everything) == Skip(Reason.OPTED_OUT)
    assert verdict(NIGHT, **{**everything, "suppressed": False}) == Skip(Reason.NO_CONSENT)
    assert verdict(NIGHT, **{**everything, "suppressed": False, "consent": True}) == Skip(Reason.CANCELLED)


contexts = st.builds(
    SendContext,
    kind=st.sampled_from(Kind),
    zone=st.sampled_from([ZONE, "Asia/Tokyo", "UTC"]),
    hours=st.just(FINE.hours),
    purpose=st.sampled_from(Purpose),
    automatic=st.booleans(),
    answers_person=st.booleans(),
    visit_status=st.sampled_from(["", "booked", "confirmed", "rescheduled", "cancelled", "no_show", "completed"]),
    visit_starts_at=st.sampled_from([None, START, NOON - timedelta(hours=1)]),
    planned_for_start=st.sampled_from([None, START]),
    has_phone=st.booleans(),
    suppressed=st.booleans(),
    consent=st.booleans(),
    sent_last_24h=st.integers(0, 5),
    more_important_due=st.integers(0, 2),
    kill_switch=st.booleans(),
    catching_up=st.booleans(),
)


@given(contexts, st.sampled_from([NOON, NIGHT, MORNING]))
def test_nothing_that_goes_out_breaks_a_rule_that_has_no_exception(context: SendContext, now: datetime) -> None:
    if judge(context, now) != Send():
        return
    assert context.has_phone
    assert not context.kill_switch
    assert not context.catching_up
    assert not context.suppressed or context.kind in ALLOWED_AFTER_STOP
    assert context.consent or (context.answers_person and context.purpose == Purpose.CARE)
    assert context.kind not in BEFORE_THE_VISIT or context.visit_status in ("", "booked", "confirmed")
    if not context.answers_person:
        assert context.hours.allow(now.astimezone(ZoneInfo(context.zone)))
        assert not context.automatic or context.sent_last_24h < 3


def test_marketing_kinds_are_those_that_ask_for_something() -> None:
    assert {Kind.REVIEW, Kind.REBOOKING} <= MARKETING
    assert not MARKETING & BEFORE_THE_VISIT


def test_what_is_planned_waits_while_a_death_is_not_settled() -> None:
    assert verdict(told_of_death=True) == Hold(NOON + LOOK_AGAIN, Reason.TOLD_OF_DEATH)
    assert verdict(told_of_death=True, answers_person=True, kind=Kind.OPT_OUT_ANSWER) == Send()
