"""A visit that is known is known again, though the newer file says less of it, or spells it otherwise."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from appointments.models import Appointment, BookingRef
from aro import clock
from tests.integrations.imports import test_import_series as series
from tests.integrations.imports import test_import_spreadsheets as spreadsheets
from tests.integrations.imports.test_import_calendars import calendar, event, read, visit
from tests.integrations.imports.test_imports import PHONE, ahead

pytestmark = pytest.mark.usefixtures("business")
S = Appointment.Status
ANA = "ATTENDEE;CN=Ana Diaz:tel:+12025550142"
NEWER = "20260202T000000Z"
NOBODY = "DESCRIPTION:none named"


def rows(tmp_path: Path, header: str, *lines: str) -> dict[str, object]:
    return spreadsheets.read(tmp_path, "\n".join([header, *lines, ""]))


def test_a_known_event_without_its_person_is_moved_and_keeps_phone_name_and_service(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(ANA)))
    answer = read(tmp_path, calendar(event(NOBODY, "SEQUENCE:1", stamp=NEWER, days=8)))
    assert (answer["problems"], answer["changed"]) == ([], 1)
    assert visit().starts_at > clock.now() + timedelta(days=7)
    assert (visit().customer.phone, visit().customer.name, visit().service) == (PHONE, "Ana Diaz", "Visit")
    unknown = read(tmp_path, calendar(event(NOBODY, uid="u2")))
    assert [one["field"] for one in unknown["problems"]] == ["phone"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("together", [True, False])
def test_an_exception_of_a_series_without_its_person_is_for_whom_the_series_is(tmp_path: Path, together: bool) -> None:  # noqa: FBT001
    whole = series.event(series.WEEKLY, person=ANA)
    moved = series.event(series.at("RECURRENCE-ID", series.wall(12)), start=series.wall(13), person=NOBODY)
    files = [calendar(whole, moved)] if together else [calendar(whole), calendar(moved)]
    for file in files:
        assert read(tmp_path, file)["problems"] == []
    assert series.starts() == [series.wall(5), series.wall(13), series.wall(19), series.wall(26)]
    assert set(Appointment.objects.values_list("customer__phone", "service")) == {(PHONE, "Therapy")}


def test_a_known_row_without_a_phone_is_moved(tmp_path: Path) -> None:
    rows(tmp_path, spreadsheets.HEADER, f"a1,{ahead()},Ana Diaz,{PHONE}")
    assert rows(tmp_path, "id,starts_at,name", f"a1,{ahead(8)},Ana Diaz")["changed"] == 1
    assert (visit("a1").moves, visit("a1").customer.phone) == (1, PHONE)


@pytest.mark.parametrize("row", ["a1,{},Ana Diaz,,cancelled", "a1,,,,cancelled", "a1,{},Ana Diaz,12,cancelled"])
def test_a_known_row_is_cancelled_by_its_id(tmp_path: Path, row: str) -> None:
    header = f"{spreadsheets.HEADER},status"
    rows(tmp_path, header, f"a1,{ahead()},Ana Diaz,{PHONE},booked")
    assert rows(tmp_path, header, row.format(ahead()))["cancelled"] == 1
    assert visit("a1").status == S.CANCELLED


AGAIN = [
    ("starts_at,name,phone", "{},Ana Diaz,(202) 555-0142"),
    ("starts_at,name,phone", "{},ANA  DIAZ,{phone}"),
    ("starts_at,name,phone", '{},"Diaz, Ana",{phone}'),
    ("starts_at,name,phone", "{},\xc1na D\xedaz,{phone}"),
    ("starts_at,name,phone,email", "{},Ana Diaz,{phone},ana@mail.test"),
    ("starts_at,name", "{},Ana Diaz"),
]


@pytest.mark.parametrize("stored", ["now", "before"])
@pytest.mark.parametrize(("header", "row"), AGAIN)
def test_a_row_without_an_id_is_the_same_however_it_is_spelt(
    tmp_path: Path, header: str, row: str, stored: str
) -> None:
    """Visits of an older version are known by the letters of their row."""
    rows(tmp_path, "starts_at,name,phone", f"{ahead()},Ana Diaz,{PHONE}")
    if stored == "before":
        parts = ("ana diaz", PHONE, "", Appointment.objects.get().starts_at.isoformat())
        name = "row:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()
        BookingRef.objects.update(external_id=name)
        Appointment.objects.update(external_id=name)
    assert rows(tmp_path, "starts_at,name,phone", f"{ahead()},Ana Diaz,{PHONE}")["unchanged"] == 1
    Appointment.objects.update(starts_at=clock.now() + timedelta(days=20))
    assert rows(tmp_path, "starts_at,name,phone", f"{ahead()},Ana Diaz,{PHONE}")["changed"] == 1
    answer = rows(tmp_path, header, row.format(ahead(), phone=PHONE))
    assert (answer["created"], answer["problems"], Appointment.objects.count()) == (0, [], 1)


@pytest.mark.parametrize("other", ["{},Leo Diaz,{phone}", "{},Ana Diaz,+12025550143", "{},Bea Ruiz,+12025550144"])
def test_another_person_at_that_time_is_another_visit(tmp_path: Path, other: str) -> None:
    rows(tmp_path, "starts_at,name,phone", f"{ahead()},Ana Diaz,{PHONE}")
    assert rows(tmp_path, "starts_at,name,phone", other.format(ahead(), phone=PHONE))["created"] == 1


def test_one_visit_in_two_spellings_of_one_file_is_said(tmp_path: Path) -> None:
    answer = rows(tmp_path, "starts_at,name,phone", f"{ahead()},Ana Diaz,{PHONE}", f'{ahead()},"Diaz, Ana",{PHONE}')
    assert answer["created"] == 1
    assert "line 2 already" in str(answer["problems"])


@pytest.mark.parametrize(("first", "then"), [("1001", "1001.0"), ("1001.0", "1001"), ("1001.0", "1001.0")])
def test_an_id_that_a_spreadsheet_made_a_number_is_the_same(tmp_path: Path, first: str, then: str) -> None:
    rows(tmp_path, spreadsheets.HEADER, f"{first},{ahead()},Ana Diaz,{PHONE}")
    assert rows(tmp_path, spreadsheets.HEADER, f"{then},{ahead(8)},Ana Diaz,{PHONE}")["changed"] == 1
    assert Appointment.objects.get().moves == 1


def test_an_id_that_was_stored_with_its_decimals_keeps_them(tmp_path: Path) -> None:
    rows(tmp_path, spreadsheets.HEADER, f"1001,{ahead()},Ana Diaz,{PHONE}")
    BookingRef.objects.update(external_id="1001.0")
    Appointment.objects.update(external_id="1001.0")
    for spelt in ("1001.0", "1001"):
        assert rows(tmp_path, spreadsheets.HEADER, f"{spelt},{ahead()},Ana Diaz,{PHONE}")["unchanged"] == 1
