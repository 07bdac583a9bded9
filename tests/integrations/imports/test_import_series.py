"""Visits that repeat in a calendar file (RFC 5545 RRULE, RDATE, EXDATE, RECURRENCE-ID): each is a visit of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from icalendar import Event

from appointments.models import Appointment, Business
from aro import clock
from integrations.imports import series
from integrations.imports.ics import repeats
from tests.integrations.imports.test_import_calendars import BEA, calendar, read
from tests.integrations.imports.test_imports import told

pytestmark = pytest.mark.usefixtures("business")
S = Appointment.Status
HERE = ZoneInfo("America/New_York")
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"


def wall(days: int, hour: int = 10) -> datetime:
    """A clock time at the clinic, so many days from now."""
    there = clock.now().astimezone(HERE).replace(hour=hour, minute=0, second=0, microsecond=0, tzinfo=None)
    return there + timedelta(days=days)


def at(name: str, when: datetime) -> str:
    return f"{name};TZID=America/New_York:{when:%Y%m%dT%H%M%S}"


def event(*more: str, start: datetime | None = None, uid: str = "u1", person: str = BEA) -> list[str]:
    stamped = [] if any(line.startswith("DTSTAMP") for line in more) else ["DTSTAMP:20260101T000000Z"]
    when = [at("DTSTART", start or wall(5)), "DURATION:PT45M"]
    return ["BEGIN:VEVENT", f"UID:{uid}", *stamped, *when, "SUMMARY:Therapy", person, *more, "END:VEVENT"]


def starts(*states: str) -> list[datetime]:
    """The clock times at the clinic of visits in these states, booked ones if none is named."""
    found = Appointment.objects.filter(status__in=states or [S.BOOKED]).order_by("starts_at")
    return [one.starts_at.astimezone(HERE).replace(tzinfo=None) for one in found]


def week(*days: int, hour: int = 10) -> list[datetime]:
    return [wall(one, hour) for one in days]


def outcomes(answer: dict[str, Any]) -> dict[str, Any]:
    names = ("created", "changed", "cancelled", "unchanged", "past", "later", "refused")
    return {name: answer[name] for name in names if answer[name]}


def test_each_visit_of_a_series_is_one_and_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    file = calendar(event(WEEKLY))
    assert outcomes(read(tmp_path, file)) == {"created": 4}
    assert starts() == week(5, 12, 19, 26)
    before = list(Appointment.objects.order_by("id").values())
    assert {one["duration_minutes"] for one in before} == {45}
    assert outcomes(read(tmp_path, file)) == {"unchanged": 4}
    assert list(Appointment.objects.order_by("id").values()) == before


def test_a_series_without_end_is_read_half_a_year_ahead_and_the_command_says_so(tmp_path: Path) -> None:
    answer = read(tmp_path, calendar(event("RRULE:FREQ=WEEKLY")))
    assert starts()[-1] <= wall(series.DAYS_AHEAD + 1)
    assert answer["created"] == answer["repeating"] == len(starts())
    assert starts()[-1] > wall(series.DAYS_AHEAD - 8)
    out = StringIO()
    call_command("appointments_import", str(tmp_path / "visits.ics"), stdout=out)
    assert f"{series.DAYS_AHEAD} days ahead" in out.getvalue()


def test_a_series_never_makes_more_visits_than_some_hundred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MOST_VISITS", 3)
    assert outcomes(read(tmp_path, calendar(event("RRULE:FREQ=DAILY")))) == {"created": 3}
    assert starts() == week(5, 6, 7)


def test_what_of_a_series_is_over_makes_no_visits(tmp_path: Path) -> None:
    assert outcomes(read(tmp_path, calendar(event(WEEKLY, start=wall(-10))))) == {"created": 2}
    assert outcomes(read(tmp_path, calendar(event(WEEKLY, uid="old", start=wall(-90))))) == {"past": 1}
    assert outcomes(read(tmp_path, calendar(event(WEEKLY, uid="far", start=wall(300))))) == {"later": 1}


def test_a_visit_keeps_its_clock_time_when_the_clocks_change(tmp_path: Path) -> None:
    with time_machine.travel(datetime(2027, 2, 1, 15, tzinfo=UTC), tick=True):
        read(tmp_path, calendar(event("RRULE:FREQ=MONTHLY;COUNT=3", start=datetime(2027, 2, 28, 10))))
    found = Appointment.objects.all()
    assert len(found) == 3
    assert {one.starts_at.astimezone(HERE).hour for one in found} == {10}
    assert len({one.starts_at.hour for one in found}) == 2


@pytest.mark.parametrize(
    ("first", "rule", "moments"),
    [
        ("20270307T023000", "FREQ=WEEKLY;COUNT=2", ["2027-03-07T07:30", "2027-03-14T07:30"]),
        ("20271031T013000", "FREQ=WEEKLY;COUNT=2", ["2027-10-31T05:30", "2027-11-07T05:30"]),
        ("20270309T100000", "FREQ=MONTHLY;BYDAY=2TU;COUNT=2", ["2027-03-09T15:00", "2027-04-13T14:00"]),
        ("20270331T100000", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", ["2027-03-31T14:00", "2027-04-30T14:00"]),
        ("20270301T100000", "FREQ=WEEKLY;UNTIL=20270308", ["2027-03-01T15:00", "2027-03-08T15:00"]),
        ("20270301T100000", "FREQ=WEEKLY;UNTIL=20270308T150000Z", ["2027-03-01T15:00", "2027-03-08T15:00"]),
        ("20270301T100000", "FREQ=WEEKLY;UNTIL=20270308T145959Z", ["2027-03-01T15:00"]),
    ],
)
def test_a_rule_means_these_moments(first: str, rule: str, moments: list[str]) -> None:
    lines = ["BEGIN:VEVENT", f"DTSTART;TZID=America/New_York:{first}", f"RRULE:{rule}", "END:VEVENT", ""]
    found = repeats.read(Event.from_ical("\r\n".join(lines)), "UTC")
    assert found is not None
    assert [f"{one:%Y-%m-%dT%H:%M}" for one in found.until(datetime(2028, 1, 1, tzinfo=UTC))] == moments


def test_more_dates_and_dates_left_out(tmp_path: Path) -> None:
    more = at("RDATE", wall(8, 15))
    out = [at("EXDATE", wall(12)), f"EXDATE;VALUE=DATE:{wall(19):%Y%m%d}"]
    assert outcomes(read(tmp_path, calendar(event(WEEKLY, more, *out)))) == {"created": 3}
    assert starts() == [wall(5), wall(8, 15), wall(26)]


def test_a_date_that_is_left_out_later_cancels_its_visit_alone(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(WEEKLY)))
    file = calendar(event(WEEKLY, at("EXDATE", wall(12)), "SEQUENCE:1"))
    assert outcomes(read(tmp_path, file)) == {"cancelled": 1, "unchanged": 3}
    assert (starts(), starts(S.CANCELLED)) == (week(5, 19, 26), week(12))
    assert outcomes(read(tmp_path, file)) == {"unchanged": 3}


def test_a_series_that_ends_earlier_cancels_what_it_no_longer_names(tmp_path: Path) -> None:
    read(tmp_path, calendar(event("RRULE:FREQ=WEEKLY")))
    read(tmp_path, calendar(event("RRULE:FREQ=WEEKLY;COUNT=2", "SEQUENCE:1")))
    assert starts() == week(5, 12)
    assert outcomes(read(tmp_path, calendar(event("RRULE:FREQ=WEEKLY", "SEQUENCE:0")))) == {"unchanged": 2}
    assert starts() == week(5, 12)


def moved(*more: str, to: datetime, day: int = 12) -> list[str]:
    return event(at("RECURRENCE-ID", wall(day)), *more, start=to)


@pytest.mark.parametrize("utc", [True, False])
def test_a_moved_visit_of_a_series_moves_its_one_visit(tmp_path: Path, utc: bool) -> None:
    read(tmp_path, calendar(event(WEEKLY)))
    one = moved("SEQUENCE:1", to=wall(13, 16))
    if utc:
        there = wall(12).replace(tzinfo=HERE).astimezone(UTC)
        one = [f"RECURRENCE-ID:{there:%Y%m%dT%H%M%SZ}" if "RECURRENCE-ID" in line else line for line in one]
    file = calendar(one, event(WEEKLY))
    assert outcomes(read(tmp_path, file)) == {"changed": 1, "unchanged": 3}
    assert starts() == [wall(5), wall(13, 16), wall(19), wall(26)]
    assert sorted(Appointment.objects.values_list("moves", flat=True)) == [0, 0, 0, 1]
    assert outcomes(read(tmp_path, file)) == {"unchanged": 4}


def test_a_moved_visit_may_come_without_its_series_and_its_newest_word_counts(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(WEEKLY)))
    read(tmp_path, calendar(moved("SEQUENCE:2", to=wall(13)), method="REQUEST"))
    assert outcomes(read(tmp_path, calendar(moved("SEQUENCE:1", to=wall(14)), method="REQUEST"))) == {"unchanged": 1}
    two = calendar(moved("SEQUENCE:4", to=wall(15)), moved("SEQUENCE:3", to=wall(16)), event(WEEKLY, "SEQUENCE:9"))
    assert outcomes(read(tmp_path, two)) == {"changed": 1, "unchanged": 3}
    assert starts() == week(5, 15, 19, 26)


def test_a_moved_visit_that_the_file_tells_first_is_made_once(tmp_path: Path) -> None:
    read(tmp_path, calendar(moved(to=wall(13))))
    assert outcomes(read(tmp_path, calendar(moved(to=wall(13)), event(WEEKLY)))) == {"created": 3, "unchanged": 1}
    assert starts() == week(5, 13, 19, 26)


@pytest.mark.parametrize("how", ["status", "method", "bare"])
def test_a_cancelled_visit_of_a_series_cancels_its_one_visit(tmp_path: Path, how: str) -> None:
    read(tmp_path, calendar(event(WEEKLY)))
    off = moved("SEQUENCE:1", *(["STATUS:CANCELLED"] if how == "status" else []), to=wall(12))
    if how == "bare":
        off = ["BEGIN:VEVENT", "UID:u1", "DTSTAMP:20260101T000000Z", "SEQUENCE:1"]
        off += [at("RECURRENCE-ID", wall(12)), "END:VEVENT"]
    file = calendar(off, method="" if how == "status" else "CANCEL")
    assert outcomes(read(tmp_path, file)) == {"cancelled": 1}
    assert (starts(), starts(S.CANCELLED)) == (week(5, 19, 26), week(12))
    assert outcomes(read(tmp_path, calendar(event(WEEKLY)))) == {"unchanged": 4}
    assert outcomes(read(tmp_path, calendar(moved("SEQUENCE:2", to=wall(14)), event(WEEKLY)))) == {
        "changed": 1,
        "unchanged": 3,
    }
    assert starts() == week(5, 14, 19, 26)


def test_a_date_left_out_is_off_though_it_was_moved_before(tmp_path: Path) -> None:
    read(tmp_path, calendar(moved(to=wall(13)), event(WEEKLY)))
    left_out = event(WEEKLY, at("EXDATE", wall(12)), "SEQUENCE:1")
    assert outcomes(read(tmp_path, calendar(moved(to=wall(13)), left_out))) == {"cancelled": 1, "unchanged": 3}
    assert starts() == week(5, 19, 26)


@pytest.mark.parametrize("how", ["status", "method"])
def test_a_cancelled_series_cancels_all_its_visits(tmp_path: Path, how: str) -> None:
    read(tmp_path, calendar(moved("SEQUENCE:1", to=wall(13)), event(WEEKLY), event(uid="other")))
    more = ["SEQUENCE:2", *(["STATUS:CANCELLED"] if how == "status" else [])]
    off = [event(WEEKLY, *more), moved("SEQUENCE:1", to=wall(13))]
    assert outcomes(read(tmp_path, calendar(*off, method="" if how == "status" else "CANCEL"))) == {"cancelled": 4}
    assert Appointment.objects.get(status=S.BOOKED).external_id == "other"


def test_a_series_that_gets_another_hour_moves_its_visits_and_makes_none(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(WEEKLY)))
    later = calendar(event(WEEKLY, "SEQUENCE:1", start=wall(5, 14)))
    assert outcomes(read(tmp_path, later)) == {"changed": 4}
    assert (starts(), Appointment.objects.count()) == (week(5, 12, 19, 26, hour=14), 4)
    assert outcomes(read(tmp_path, later)) == {"unchanged": 4}
    read(tmp_path, calendar(event(WEEKLY, "SEQUENCE:0")))
    assert starts() == week(5, 12, 19, 26, hour=14)
    back = calendar(event(WEEKLY, "SEQUENCE:2"))
    assert outcomes(read(tmp_path, back)) == {"changed": 4}
    assert (starts(), Appointment.objects.count()) == (week(5, 12, 19, 26), 4)


def test_an_older_export_without_counts_moves_no_series_to_another_hour(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(WEEKLY, "DTSTAMP:20260301T000000Z")))
    older = event(WEEKLY, "DTSTAMP:20260101T000000Z", start=wall(5, 14))
    assert outcomes(read(tmp_path, calendar(older))) == {"unchanged": 4}
    assert starts() == week(5, 12, 19, 26)


def test_a_single_visit_that_becomes_a_series_and_is_single_again_stays_one_visit(tmp_path: Path) -> None:
    read(tmp_path, calendar(event()))
    read(tmp_path, calendar(event(WEEKLY, "SEQUENCE:1")))
    assert starts() == week(5, 12, 19, 26)
    read(tmp_path, calendar(event("SEQUENCE:2")))
    assert (starts(), starts(S.CANCELLED)) == (week(5), week(12, 19, 26))
    assert list(Appointment.objects.values_list("moves", flat=True)) == [0] * 4


@pytest.mark.parametrize("method", ["", "CANCEL"])
def test_this_and_all_that_follow_is_refused_and_they_stay_as_they_are(tmp_path: Path, method: str) -> None:
    following = event(f"RECURRENCE-ID;RANGE=THISANDFUTURE;{at('', wall(19)).lstrip(';')}", start=wall(20))
    first = read(tmp_path, calendar(following, event(WEEKLY)))
    assert (outcomes(first), starts()) == ({"created": 2, "refused": 1}, week(5, 12))
    read(tmp_path, calendar(event(WEEKLY)))
    problems: Any = read(tmp_path, calendar(following, method=method))["problems"]
    assert [(one["field"], "all that follow" in one["what"]) for one in problems] == [("RECURRENCE-ID", True)]
    assert starts() == week(5, 12, 19, 26)


def test_a_series_is_taken_back_with_its_import(tmp_path: Path, business: Business) -> None:
    batch = read(tmp_path, calendar(event(WEEKLY)))["batch"]
    assert told(undo=batch)["taken_back"] == 4
    assert outcomes(read(tmp_path, calendar(event(WEEKLY)))) == {"created": 4}


def test_a_dry_run_says_what_becomes_of_a_series_and_changes_nothing(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(WEEKLY)))
    file = tmp_path / "visits.ics"
    lines = calendar(event(WEEKLY, "SEQUENCE:1", start=wall(5, 14)), event(WEEKLY, uid="u2"))
    file.write_text("\r\n".join([*lines, ""]), encoding="utf-8")
    assert outcomes(told(file, dry_run=True)) == {"changed": 4, "created": 4}
    assert starts() == week(5, 12, 19, 26)
