"""Bookings from a file: what becomes of each row, and taking it back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command

from appointments.models import Appointment, BookingRef, Business, Customer
from appointments.services.booking import bookings
from appointments.services.visit import visits
from aro import clock
from aro.ids import new_id
from aro.project import ROOT
from aro.queue import tick
from compliance import consent
from compliance.models import Actor, AuditLog, Consent, Purpose
from integrations.imports import run
from integrations.models import ImportBatch, ImportedVisit
from tests.integrations.listing import created

PHONE = "+12025550142"
pytestmark = pytest.mark.usefixtures("business")
# Where a test names days of its own: they stay ahead.
IN_2026 = time_machine.travel(datetime(2026, 12, 1, 15, tzinfo=UTC), tick=True)


def ahead(days: float = 5) -> str:
    """A clock time at the business, as a spreadsheet has it."""
    there = (clock.now() + timedelta(days=days)).astimezone(ZoneInfo("America/New_York"))
    return there.strftime("%Y-%m-%d 10:30")


def csv(tmp_path: Path, *lines: str, header: str = "id,starts_at,name,phone", encoding: str = "utf-8") -> Path:
    file = tmp_path / "visits.csv"
    file.write_bytes("\n".join([header, *lines]).encode(encoding))
    return file


def ics(tmp_path: Path, *events: str) -> Path:
    file = tmp_path / "visits.ics"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *events, "END:VCALENDAR"]
    file.write_text("\r\n".join(lines), encoding="utf-8")
    return file


def event(*more: str, uid: str = "uid-1", start: str = "") -> str:
    start = start or f"DTSTART:{(clock.now() + timedelta(days=5)):%Y%m%dT150000Z}"
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", start, *more, "END:VEVENT"])


def told(*arguments: Any, **options: Any) -> Any:
    """The command's answer, errors in rows included."""
    out = StringIO()
    try:
        call_command("appointments_import", *map(str, arguments), json=True, stdout=out, **options)
    except CommandError:
        if not out.getvalue():
            raise
    return json.loads(out.getvalue())


def test_rows_become_visits_with_their_people(tmp_path: Path) -> None:
    answer = told(csv(tmp_path, f"a1,{ahead()},Ana Diaz,(202) 555-0142", f"a2,{ahead(6)},Ben Ode,+442079460000"))
    assert (answer["rows"], answer["created"], answer["refused"]) == (2, 2, 0)
    visit = Appointment.objects.get(external_id="a1")
    assert (visit.source, visit.customer.phone, visit.status) == ("import", PHONE, "booked")
    assert visit.starts_at.astimezone(ZoneInfo("America/New_York")).strftime("%Y-%m-%d %H:%M") == ahead()


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    file = csv(tmp_path, f"a1,{ahead()},Ana Diaz,{PHONE}", f",{ahead(6)},Ben Ode,+12025550143")
    told(file)
    before = list(Appointment.objects.order_by("id").values())
    assert told(file)["unchanged"] == 2
    assert list(Appointment.objects.order_by("id").values()) == before


def test_a_row_with_another_time_moves_its_visit(tmp_path: Path) -> None:
    told(csv(tmp_path, f"a1,{ahead()},Ana Diaz,{PHONE}"))
    assert told(csv(tmp_path, f"a1,{ahead(7)},Ana Diaz,{PHONE}"))["changed"] == 1
    assert Appointment.objects.get().moves == 1


def test_a_row_that_says_cancelled_cancels_its_visit_and_stores_none(tmp_path: Path) -> None:
    header = "id,starts_at,name,phone,status"
    row = f"a1,{ahead()},Ana Diaz,{PHONE}"
    assert told(csv(tmp_path, f"{row},cancelled", header=header))["unchanged"] == 1
    told(csv(tmp_path, f"{row},booked", header=header))
    assert told(csv(tmp_path, f"{row},canceled", header=header))["cancelled"] == 1
    assert Appointment.objects.get().status == "cancelled"


def test_a_dry_run_counts_and_leaves_nothing(tmp_path: Path) -> None:
    answer = told(csv(tmp_path, f"a1,{ahead()},Ana Diaz,{PHONE}"), dry_run=True)
    assert (answer["created"], answer["batch"]) == (1, None)
    assert not Appointment.objects.exists()
    assert not Customer.objects.exists()
    assert not ImportBatch.objects.exists()


def test_a_visit_that_is_over_is_left_out(tmp_path: Path) -> None:
    assert told(csv(tmp_path, f"a1,{ahead(-3)},Ana Diaz,{PHONE}"))["past"] == 1
    assert not Appointment.objects.exists()


def test_a_visit_that_a_booking_system_has_told_of_is_left_out(tmp_path: Path) -> None:
    news = created(142)
    bookings.created(news, correlation_id=new_id())
    starts_at, phone = news.booking.starts_at.isoformat(), news.booking.person.phone
    assert told(csv(tmp_path, f"a1,{starts_at},Ana Diaz,{phone}"))["elsewhere"] == 1
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("a1,tomorrow,Ana,+12025550142", "starts_at"),
        ("a1,2027-02-30 10:00,Ana,+12025550142", "starts_at"),
        ("a1,2027-03-14 02:30,Ana,+12025550142", "starts_at"),
        ("a1,03/04/2027 10:00,Ana,+12025550142", "starts_at"),
        ("a1,2027-04-01 10:00,Ana,12", "phone"),
        ("a1,2027-04-01 10:00,Ana,", "phone"),
        ("a1,2027-04-01 10:00,Ana", "row"),
        (f"{'x' * 300},2027-04-01 10:00,Ana,+12025550142", "id"),
    ],
)
@IN_2026
def test_a_row_with_an_error_is_named_by_line_and_field_with_the_fix_and_harms_no_other(
    tmp_path: Path, row: str, field: str
) -> None:
    answer = told(csv(tmp_path, row, f"good,{ahead()},Ben Ode,+12025550143"))
    (problem,) = answer["problems"]
    assert (problem["line"], problem["field"]) == (2, field)
    assert problem["fix"]
    assert "Ana" not in json.dumps(problem)
    assert (answer["created"], answer["refused"]) == (1, 1)


def test_one_id_in_two_rows_is_an_error_of_the_second(tmp_path: Path) -> None:
    answer = told(csv(tmp_path, f"a1,{ahead()},Ana Diaz,{PHONE}", f"a1,{ahead(6)},Ana Diaz,{PHONE}"))
    assert [(p["line"], p["field"]) for p in answer["problems"]] == [(3, "id")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"id;fone\n1;2", "fone"),
        (b"name,phone\nAna,1", "starts_at"),
        (b"starts_at,name,name\n", "twice"),
        (b"starts_at,name\n2027-01-01 10:00,Jos\x81", "UTF-8"),
        (b"PK\x03\x04workbook", "workbook"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", "ending .ics"),
        (b"starts_at,name,phone\n", "no row"),
        ("starts_at,name,phone\r\n".encode("utf-16")[:-1], "breaks off"),
        (b"starts_at,name\n\x00", "no text"),
        (b"starts_at,name\n" + b'"x\n' * 60, "CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_way_out(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "visits.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        told(file)
    assert not ImportBatch.objects.exists()


def test_a_file_of_another_kind_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"\.csv and \.ics"):
        told(tmp_path / "visits.xlsx")
    with pytest.raises(CommandError, match="cannot be read"):
        told(tmp_path / "nowhere.csv")


def test_a_spreadsheet_with_semicolons_and_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    header = "\ufeffId;Starts_At;Name;Phone"
    assert told(csv(tmp_path, f"a1;{ahead()};Díaz, Ana;{PHONE}", header=header))["created"] == 1
    assert Customer.objects.get().name == "Díaz, Ana"


def test_importing_grants_no_consent(tmp_path: Path, business: Business) -> None:
    assert business.booking_consent_care
    answer = told(csv(tmp_path, f"a1,{ahead()},Ana Diaz,{PHONE}"))
    tick.drain(["events", "timers"])
    assert answer["without_consent"] == 1
    assert not Consent.objects.exists()


def test_a_consent_column_grants_what_it_says_with_its_evidence(tmp_path: Path) -> None:
    header = "id,starts_at,name,phone,consent_care,consent_marketing,consent_at,consent_wording"
    row = f"a1,{ahead()},Ana Diaz,{PHONE},yes,no,2026-01-05 09:00,I agree to texts"
    answer = told(csv(tmp_path, row, header=header))
    given = Consent.objects.get()
    assert (given.purpose, given.method, given.wording) == (Purpose.CARE, "imported", "I agree to texts")
    assert answer["batch"] in given.evidence
    assert "line 2" in given.evidence
    assert consent.state(PHONE)


def test_a_consent_column_does_not_overrule_a_withdrawal(tmp_path: Path) -> None:
    consent.withdraw(PHONE, "sms", Purpose.CARE, method="keyword")
    header = "id,starts_at,name,phone,consent_care"
    told(csv(tmp_path, f"a1,{ahead()},Ana Diaz,{PHONE},yes", header=header))
    assert consent.state(PHONE) is False


def test_an_import_is_taken_back_but_for_what_somebody_has_touched(tmp_path: Path) -> None:
    file = csv(tmp_path, f"a1,{ahead()},Ana Diaz,{PHONE}", f"a2,{ahead(6)},Ben Ode,+12025550143")
    batch = told(file)["batch"]
    visits.confirm(Appointment.objects.get(external_id="a2"), actor=Actor.ADMIN)
    looked = told(undo=batch, dry_run=True)
    assert (looked["taken_back"], looked["left"], Appointment.objects.filter(status="cancelled").count()) == (1, [3], 0)
    answer = told(undo=batch)
    assert (answer["taken_back"], answer["left"]) == (1, [3])
    assert {a.status for a in Appointment.objects.all()} == {"cancelled", "confirmed"}
    assert told(undo=batch)["taken_back"] == 0
    assert AuditLog.objects.filter(action="appointments.import_undone").exists()


def test_what_was_taken_back_can_be_read_in_again(tmp_path: Path) -> None:
    file = csv(tmp_path, f"a1,{ahead()},Ana Diaz,{PHONE}")
    told(undo=told(file)["batch"])
    assert told(file)["created"] == 1
    assert BookingRef.objects.filter(source="import").count() == 1
    assert ImportedVisit.objects.count() == 2


def test_an_import_that_is_not_known_cannot_be_taken_back() -> None:
    for reference in ("nonsense", str(new_id())):
        with pytest.raises(CommandError, match="no such import"):
            told(undo=reference)


def test_a_calendar_file_becomes_visits(tmp_path: Path) -> None:
    attendee = 'ATTENDEE;CN="Ana Diaz":mailto:ana@example.com'
    more = ("SUMMARY:Checkup", attendee, "DESCRIPTION:Phone: (202) 555-0142\\nFirst visit", "DURATION:PT45M")
    assert told(ics(tmp_path, event(*more)))["created"] == 1
    visit = Appointment.objects.get()
    assert (visit.external_id, visit.duration_minutes, visit.service) == ("uid-1", 45, "Checkup")
    assert (visit.customer.name, visit.customer.phone, visit.customer.email) == ("Ana Diaz", PHONE, "ana@example.com")


@IN_2026
def test_a_time_in_a_named_zone_and_one_without_a_zone_are_the_right_moments(tmp_path: Path) -> None:
    person = ("SUMMARY:Ana Diaz", "ATTENDEE:tel:+12025550142")
    named = event(*person, uid="u1", start="DTSTART;TZID=America/Chicago:20270301T100000")
    floating = event(*person, uid="u2", start="DTSTART:20270302T100000")
    told(ics(tmp_path, named, floating))
    starts = {a.external_id: a.starts_at.strftime("%H:%M") for a in Appointment.objects.all()}
    assert starts == {"u1": "16:00", "u2": "15:00"}


@pytest.mark.parametrize(
    ("more", "start", "field"),
    [
        ("RRULE:FREQ=HOURLY", "", "RRULE"),
        ("X-NONE:1", "DTSTART;VALUE=DATE:20270301", "DTSTART"),
        ("DTEND:20200101T000000Z", "", "DTEND"),
    ],
)
def test_an_event_that_cannot_be_a_visit_is_refused_plainly(tmp_path: Path, more: str, start: str, field: str) -> None:
    answer = told(ics(tmp_path, event("ATTENDEE:tel:+12025550142", more, start=start)))
    (problem,) = answer["problems"]
    assert (problem["line"], problem["field"]) == (4, field)


def test_a_cancelled_event_cancels_its_visit(tmp_path: Path) -> None:
    person = "ATTENDEE:tel:+12025550142"
    told(ics(tmp_path, event(person)))
    assert told(ics(tmp_path, event(person, "STATUS:CANCELLED")))["cancelled"] == 1


def test_what_is_no_calendar_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "visits.ics"
    file.write_text("<html>Sign in</html>", encoding="utf-8")
    with pytest.raises(CommandError, match="no iCalendar"):
        told(file)


def test_the_samples_of_the_docs_are_read_without_an_error() -> None:
    for name in ("visits.csv", "visits.ics"):
        answer = told(ROOT / "docs" / "how-to" / "samples" / name, dry_run=True)
        assert answer["rows"] == 2
        assert answer["problems"] == []


def test_a_row_with_a_corrected_number_and_name_corrects_the_person(tmp_path: Path) -> None:
    told(csv(tmp_path, f"a1,{ahead()},Baeline Ruiz,{PHONE}"))
    again = told(csv(tmp_path, f"a1,{ahead()},Adeline Ruiz,+12025550143"))
    person = Customer.objects.get()
    assert (again["changed"], person.name, person.phone) == (1, "Adeline Ruiz", "+12025550143")
    assert told(csv(tmp_path, f"a1,{ahead()},Adeline Ruiz,+12025550143"))["unchanged"] == 1


def test_an_event_with_a_corrected_number_corrects_the_person(tmp_path: Path) -> None:
    start = f"DTSTART:{(clock.now() + timedelta(days=5)):%Y%m%dT%H%M00Z}"
    for sequence, phone in ((0, PHONE), (1, "+12025550143")):
        told(
            ics(tmp_path, event("SUMMARY:Ana Diaz", f"DESCRIPTION:Phone {phone}", f"SEQUENCE:{sequence}", start=start))
        )
    assert Customer.objects.get().phone == "+12025550143"


def test_who_interrupts_it_is_told_what_was_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"{number},{ahead()},Ana {number},+1202555{1000 + number}" for number in range(45)]
    taken, real = iter(range(1000)), run._one

    def interrupted(*given: Any) -> Any:
        if next(taken) == 25:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(run, "_one", interrupted)
    err = StringIO()
    with pytest.raises(KeyboardInterrupt):
        call_command("appointments_import", str(csv(tmp_path, *rows)), stdout=StringIO(), stderr=err)
    batch = ImportBatch.objects.get()
    assert "20 of 45 rows were looked at, 20 taken" in err.getvalue()
    assert f"--undo {batch.pk}" in err.getvalue()
    assert ImportedVisit.objects.filter(batch=batch).count() == 20


def test_nothing_taken_offers_nothing_to_take_back(tmp_path: Path) -> None:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("appointments_import", str(csv(tmp_path, "1,never,Ana,+12025550142")), stdout=out)
    assert "--undo" not in out.getvalue()
