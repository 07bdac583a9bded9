"""What of a repeating visit cannot be read safely is refused in plain words, and what it may mean stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integrations.imports.test_import_calendars import BEA, calendar, read
from tests.integrations.imports.test_import_series import WEEKLY, at, event, moved, outcomes, starts, wall

pytestmark = pytest.mark.usefixtures("business")


@pytest.mark.parametrize("named", ["RECURRENCE-ID:rubbish", "RECURRENCE-ID;VALUE=DATE:{:%Y%m%d}"])
def test_where_a_visits_own_event_cannot_be_read_its_time_by_the_rule_is_not_told(tmp_path: Path, named: str) -> None:
    answer = read(tmp_path, calendar(event(WEEKLY), event(named.format(wall(12)), start=wall(13))))
    assert wall(12) not in starts()
    assert outcomes(answer)["refused"] == 1
    unread = [line.replace(BEA, "ATTENDEE;CN=Bea Ruiz:tel:12") for line in moved(to=wall(13))]
    answer = read(tmp_path, calendar(event(WEEKLY, uid="u2"), [line.replace("UID:u1", "UID:u2") for line in unread]))
    assert outcomes(answer) == {"created": 3, "refused": 1}


def test_an_event_that_breaks_its_calendar_may_be_any_visit_of_its_series(tmp_path: Path) -> None:
    broken = ["BEGIN:VEVENT", "BEGIN:VALARM", "UID:u1", at("RECURRENCE-ID", wall(12)), "END:VEVENT"]
    answer = read(tmp_path, calendar(event(WEEKLY), broken, event(WEEKLY, uid="u2")))
    assert outcomes(answer) == {"created": 4, "refused": 1}


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        (["RRULE:FREQ=HOURLY"], "RRULE"),
        (["RRULE:FREQ=NONSENSE"], "RRULE"),
        (["RRULE:garbage"], "RRULE"),
        (["RRULE:FREQ=DAILY;INTERVAL=0"], "RRULE"),
        (["RRULE:FREQ=DAILY;BYHOUR=9,10"], "RRULE"),
        (["RRULE:FREQ=DAILY;COUNT=3;UNTIL=20300101T000000Z"], "RRULE"),
        (["RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], "RRULE"),
        (["RRULE:FREQ=MONTHLY;BYSETPOS=300;BYDAY=MO,TU,WE,TH,FR,SA,SU"], "RRULE"),
        (["RRULE:FREQ=YEARLY;RSCALE=CHINESE"], "RRULE"),
        ([WEEKLY, "EXRULE:FREQ=MONTHLY"], "EXRULE"),
        ([WEEKLY, "EXDATE:rubbish"], "EXDATE"),
        ([WEEKLY, "RDATE;VALUE=PERIOD:20300301T100000Z/PT1H"], "RDATE"),
    ],
)
def test_a_rule_that_cannot_be_read_safely_is_refused_and_changes_nothing(
    tmp_path: Path, lines: list[str], field: str
) -> None:
    read(tmp_path, calendar(event(WEEKLY)))
    answer = read(tmp_path, calendar(event(*lines, "SEQUENCE:1"), event(uid="u2")))
    assert ([one["field"] for one in answer["problems"]], answer["created"]) == ([field], 1)  # type: ignore[attr-defined]
    assert len(starts()) == 5


@pytest.mark.parametrize(
    ("line", "field"),
    [("DTSTART:nope", "DTSTART"), ("DTSTART;TZID=Nowhere/Land:20300301T100000", "DTSTART"), ("DTEND:junk", "DTEND")],
)
def test_a_time_that_cannot_be_read_spoils_no_other_event(tmp_path: Path, line: str, field: str) -> None:
    broken = [one for one in event() if not one.startswith(("DURATION", field))]
    answer = read(tmp_path, calendar([*broken[:-1], line, "END:VEVENT"], event(uid="u2")))
    assert ([one["field"] for one in answer["problems"]], answer["created"]) == ([field], 1)  # type: ignore[attr-defined]
