"""The first and the last days of the calendar, which programs write for "never": each harms its own row only."""

from __future__ import annotations

from pathlib import Path

import pytest

from appointments.models import Appointment, Business
from tests.integrations.imports import test_import_spreadsheets as spreadsheets
from tests.integrations.imports.test_import_calendars import calendar, event, read, visit
from tests.integrations.imports.test_import_series import WEEKLY
from tests.integrations.imports.test_import_series import event as series
from tests.integrations.imports.test_imports import PHONE, ahead

pytestmark = pytest.mark.usefixtures("business")
FAR = ("00010101T000000", "99991231T235959")
ZONES = ("America/New_York", "Asia/Tokyo")
HOW = ("{name}:{at}", "{name}:{at}Z", "{name};TZID=Europe/Berlin:{at}")


def fields(answer: dict[str, object]) -> list[str]:
    return [one["field"] for one in answer["problems"]]  # type: ignore[attr-defined]


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, business: Business) -> None:
    Business.objects.filter(pk=business.pk).update(timezone=request.param)


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("at", FAR)
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("name", ["DTSTART", "DTEND", "EXDATE", "RDATE", "RECURRENCE-ID"])
def test_a_calendars_first_and_last_days_harm_their_own_event_only(
    tmp_path: Path, name: str, how: str, at: str
) -> None:
    lines = [line for line in event(how.format(name=name, at=at)) if name != "DTSTART" or "DTSTART:2" not in line]
    answer = read(tmp_path, calendar(lines, event(uid="u2")))
    assert (answer["created"], len(fields(answer))) == (1, 1)
    assert visit("u2")


@pytest.mark.parametrize("name", ["EXDATE", "RDATE", "RECURRENCE-ID", "DTSTART"])
@pytest.mark.parametrize("at", [one[:8] for one in FAR])
def test_so_do_whole_days(tmp_path: Path, name: str, at: str) -> None:
    answer = read(tmp_path, calendar(event(f"{name};VALUE=DATE:{at}"), event(uid="u2")))
    assert (answer["created"], len(fields(answer))) == (1, 1)


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("name", ["DTSTAMP", "LAST-MODIFIED"])
@pytest.mark.parametrize("at", FAR)
@pytest.mark.parametrize("how", HOW)
def test_a_time_stamp_that_means_nothing_is_none(tmp_path: Path, name: str, how: str, at: str) -> None:
    lines = [line for line in event(how.format(name=name, at=at)) if name != "DTSTAMP" or "DTSTAMP:2026" not in line]
    assert read(tmp_path, calendar(lines))["created"] == 1


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("at", [*FAR, *(f"{one}Z" for one in FAR), *(one[:8] for one in FAR)])
def test_a_series_until_the_last_day_goes_on_and_until_the_first_is_none(tmp_path: Path, at: str) -> None:
    answer = read(tmp_path, calendar(series(f"RRULE:FREQ=WEEKLY;UNTIL={at}"), event(uid="u2")))
    assert visit("u2")
    assert (fields(answer) == []) is at.startswith("9999")


@pytest.mark.parametrize("line", ["DURATION:P999999999999D", "DURATION:-P999999999999W", "DTSTART:99999999T000000"])
def test_a_length_beyond_all_dates_harms_its_own_event_only(tmp_path: Path, line: str) -> None:
    alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:P999999999999D", "END:VALARM"]
    read(tmp_path, calendar(event(line), event(*alarm, uid="u3"), event(uid="u2")))
    assert visit("u2")


def test_a_visit_left_out_of_a_series_in_another_year_is_left_out_of_none(tmp_path: Path) -> None:
    read(tmp_path, calendar(series(WEEKLY, "EXDATE:19800101T100000Z")))
    assert Appointment.objects.count() > 1


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("offset", ["", "Z", "-12:00", "+14:00"])
@pytest.mark.parametrize("at", ["0001-01-01 00:00", "1899-12-30 00:00", "9999-12-31 23:59", "9999-12-31 00:00"])
def test_a_spreadsheets_first_and_last_days_harm_their_own_row_only(tmp_path: Path, at: str, offset: str) -> None:
    rows = f"a1,{at}{offset},Bea Ruiz,{PHONE}\nb1,{ahead()},Carl Moss,+12025550143\n"
    answer = spreadsheets.read(tmp_path, f"{spreadsheets.HEADER}\n{rows}")
    assert (answer["created"], fields(answer)) == (1, ["starts_at"])


@pytest.mark.parametrize("at", ["0001-01-01 00:00+14:00", "9999-12-31 23:59-12:00"])
def test_so_does_a_consent_of_then(tmp_path: Path, at: str) -> None:
    header = f"{spreadsheets.HEADER},consent_care,consent_at"
    rows = f"a1,{ahead()},Bea Ruiz,{PHONE},yes,{at}\nb1,{ahead()},Carl Moss,+12025550143,,\n"
    answer = spreadsheets.read(tmp_path, f"{header}\n{rows}")
    assert (answer["created"], fields(answer)) == (1, ["consent_at"])
