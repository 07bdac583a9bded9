"""What programs write in words of their own: a visit's state, who is off, one person on two lines, a day as a visit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from appointments.models import Appointment
from aro import clock
from tests.integrations.imports import test_import_spreadsheets as spreadsheets
from tests.integrations.imports.test_import_calendars import calendar, event, read, visit
from tests.integrations.imports.test_imports import PHONE, ahead

pytestmark = pytest.mark.usefixtures("business")
S = Appointment.Status
HEADER = f"{spreadsheets.HEADER},status"
MAIL, TEL = 'ATTENDEE;CN="Bea Ruiz":mailto:bea@mail.test', 'ATTENDEE;CN="Bea Ruiz":tel:+12025550142'
AGO = f"{clock.now() - timedelta(days=9):%Y-%m-%d} 10:00"


def rows(tmp_path: Path, status: str, at: str = "") -> dict[str, object]:
    return spreadsheets.read(tmp_path, f"{HEADER}\na1,{at or ahead()},Bea Ruiz,{PHONE},{status}\n")


@pytest.mark.parametrize("status", ["", "Booked", "Confirmed", "SCHEDULED", "Active", "unconfirmed", "Confirmada"])
def test_a_visit_that_stands_is_booked(tmp_path: Path, status: str) -> None:
    assert rows(tmp_path, status)["created"] == 1


@pytest.mark.parametrize("status", ["Canceled", "CANCELLED", "cancelled_by_patient", "Late Cancel", "Cancelada"])
def test_one_that_is_off_is_cancelled(tmp_path: Path, status: str) -> None:
    rows(tmp_path, "booked")
    assert rows(tmp_path, status)["cancelled"] == 1
    assert visit("a1").status == S.CANCELLED


@pytest.mark.parametrize("status", ["Completed", "No Show", "no-show", "NO_SHOW", "Checked In", "No asisti\xf3"])
def test_one_that_is_over_is_past_and_cannot_be_to_come(tmp_path: Path, status: str) -> None:
    past = rows(tmp_path, status, AGO)
    assert (past["problems"], past["created"]) == ([], 0)
    said = rows(tmp_path, status)["problems"][0]  # type: ignore[index]
    assert (said["field"], "still to come" in said["what"]) == ("status", True)


@pytest.mark.parametrize(
    ("status", "what"),
    [
        ("Rescheduled", "old time or the new"),
        ("reprogramada", "old time or the new"),
        ("Pending", "not settled"),
        ("Waitlisted", "not settled"),
        ("Pendiente", "not settled"),
        ("purple", "not known"),
    ],
)
def test_what_may_mean_either_is_an_error_that_says_what_to_do(tmp_path: Path, status: str, what: str) -> None:
    said = rows(tmp_path, status)["problems"][0]  # type: ignore[index]
    assert what in said["what"]
    assert "booked" in said["fix"]


@pytest.mark.parametrize("marks", ["\ufeff", "\ufeff\ufeff", "\ufeff\ufeff\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_mark_before_the_first_column_is_no_part_of_its_name(tmp_path: Path, marks: str, encoding: str) -> None:
    assert spreadsheets.read(tmp_path, marks + spreadsheets.lines(), encoding)["created"] == 1


@pytest.mark.parametrize("lines", [(MAIL, TEL), (TEL, MAIL), (MAIL, TEL.replace("Bea Ruiz", "BEA RUIZ"))])
def test_two_lines_of_one_name_are_one_person(tmp_path: Path, lines: tuple[str, str]) -> None:
    read(tmp_path, calendar(event(*lines)))
    person = visit().customer
    assert (person.name, person.email, person.phone) == ("Bea Ruiz", "bea@mail.test", "+12025550142")


def test_a_line_of_somebody_else_is_not(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(MAIL, TEL.replace("Bea Ruiz", "Carl Moss"))))
    assert visit().customer.phone == ""


@pytest.mark.parametrize(
    "name",
    [
        *("Canceled: Visit", "Cancelled: Visit", "CANCELED: Visit", "Cancelado: Visita", "Cancelada: Visita"),
        *("Abgesagt: Visit", "Storniert: Visit", "Annul\xe9 : Visite", "[Cancelled] Visit", "Cancelled - Visit"),
    ],
)
def test_a_name_that_begins_with_cancelled_cancels(tmp_path: Path, name: str) -> None:
    read(tmp_path, calendar(event("SEQUENCE:0")))
    off = [f"SUMMARY:{name}" if line.startswith("SUMMARY") else line for line in event("SEQUENCE:1")]
    fresh = [line.replace("UID:u1", "UID:fresh") for line in off]
    assert read(tmp_path, calendar(off, fresh))["cancelled"] == 1
    assert (visit().status, Appointment.objects.count()) == (S.CANCELLED, 1)


def test_a_name_that_only_speaks_of_cancelling_does_not(tmp_path: Path) -> None:
    for number, name in enumerate(("Canceled card: new visit", "Cancel-free visit", "Bea: cancelled last time")):
        lines = [f"SUMMARY:{name}" if line.startswith("SUMMARY") else line for line in event(uid=f"n{number}")]
        assert read(tmp_path, calendar(lines))["created"] == 1


def whole_day(written: str, end: str) -> list[str]:
    day, after = clock.now() + timedelta(days=5), clock.now() + timedelta(days=6)
    lines = [line for line in event() if not line.startswith("DTSTART")]
    return [*lines[:-1], f"DTSTART{written.format(day)}", end.format(after), lines[-1]]


@pytest.mark.parametrize(
    ("written", "end"),
    [
        (":{:%Y%m%d}T000000", "DTEND:{:%Y%m%d}T000000"),
        (":{:%Y%m%d}T000000Z", "DTEND:{:%Y%m%d}T000000Z"),
        (";TZID=America/New_York:{:%Y%m%d}T000000", "DTEND;TZID=America/New_York:{:%Y%m%d}T000000"),
        (";TZID=Asia/Tokyo:{:%Y%m%d}T000000", "DURATION:P1D"),
        (":{:%Y%m%d}T000000", "DURATION:PT23H59M"),
    ],
)
def test_from_midnight_to_midnight_is_a_whole_day(tmp_path: Path, written: str, end: str) -> None:
    answer = read(tmp_path, calendar(whole_day(written, end)))
    assert [(one["field"], "whole day" in one["what"]) for one in answer["problems"]] == [("DTSTART", True)]  # type: ignore[attr-defined]


def test_so_it_is_in_a_spreadsheet(tmp_path: Path) -> None:
    header, day = f"{spreadsheets.HEADER},duration_minutes", ahead()[:10]
    answer = spreadsheets.read(tmp_path, f"{header}\na1,{day} 00:00,Bea Ruiz,{PHONE},1440\n")
    assert "whole day" in str(answer["problems"])
