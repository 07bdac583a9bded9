"""iCalendar as it is meant (RFC 5545, RFC 5546): the newest word counts, and the patient is the patient."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from appointments.models import Appointment, Business
from aro import clock
from integrations.imports.ics import phones
from tests.integrations.imports.test_imports import told

pytestmark = pytest.mark.usefixtures("business")
S = Appointment.Status
BEA = "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;CN=Bea Ruiz:mailto:bea@example.com"
ROOM = "ATTENDEE;CUTYPE=ROOM;CN=Room 2:mailto:room2@resource.example.com"


def start(days: int = 5) -> str:
    """On that day, at one and the same time however long the test takes."""
    return f"DTSTART:{(clock.now() + timedelta(days=days)):%Y%m%dT150000Z}"


def event(*more: str, uid: str = "u1", stamp: str = "20260101T000000Z", days: int = 5) -> list[str]:
    person = [] if any(line.startswith(("ATTENDEE", "DESCRIPTION")) for line in more) else [BEA]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{stamp}",
        start(days),
        "SUMMARY:Visit",
        *person,
        *more,
        "END:VEVENT",
    ]


def calendar(*events: list[str], method: str = "") -> list[str]:
    named = [f"METHOD:{method}"] if method else []
    inside = [line for one in events for line in one]
    return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *named, *inside, "END:VCALENDAR"]


def read(tmp_path: Path, *parts: list[str] | bytes) -> dict[str, object]:
    file = tmp_path / "visits.ics"
    whole = [part if isinstance(part, bytes) else "\r\n".join([*part, ""]).encode() for part in parts]
    file.write_bytes(b"".join(whole))
    answer: dict[str, object] = told(file)
    return answer


def visit(uid: str = "u1") -> Appointment:
    return Appointment.objects.select_related("customer").get(external_id=uid)


def test_a_cancelling_file_cancels_and_makes_no_visit(tmp_path: Path) -> None:
    read(tmp_path, calendar(event()))
    answer = read(tmp_path, calendar(event("SEQUENCE:1"), event(uid="fresh"), method="CANCEL"))
    assert answer["cancelled"] == 1
    assert (visit().status, Appointment.objects.count()) == (S.CANCELLED, 1)


@pytest.mark.parametrize("status", ["CANCELLED", "CANCELED", "canceled", "Cancelled"])
def test_a_cancelled_event_cancels_however_it_is_spelt(tmp_path: Path, status: str) -> None:
    read(tmp_path, calendar(event()))
    read(tmp_path, calendar(event("SEQUENCE:1", f"STATUS:{status}"), event(f"STATUS:{status}", uid="fresh")))
    assert (visit().status, Appointment.objects.count()) == (S.CANCELLED, 1)


@pytest.mark.parametrize(
    "named", [";TZID=America/New_York", ';TZID="America/New_York"', ";VALUE=DATE-TIME;TZID=Asia/Tokyo"]
)
def test_a_time_in_utc_is_in_utc_whatever_zone_stands_beside_it(tmp_path: Path, named: str) -> None:
    at = (clock.now() + timedelta(days=5)).replace(hour=15, minute=0, second=0, microsecond=0)
    lines = [line.replace("DTSTART:", f"DTSTART{named}:") for line in event()]
    assert read(tmp_path, calendar(lines))["problems"] == []
    assert visit().starts_at == at


@pytest.mark.parametrize("zone", ["GMT+0100", "UTC+01:00", "(GMT-05:00) Eastern Time", "GMT-5", "Nowhere"])
def test_a_zone_that_may_mean_several_is_refused_and_never_guessed(tmp_path: Path, zone: str) -> None:
    at = f"{clock.now() + timedelta(days=5):%Y%m%dT140000}"
    lines = [f'DTSTART;TZID="{zone}":{at}' if line.startswith("DTSTART") else line for line in event()]
    problems = str(read(tmp_path, calendar(lines, event(uid="fine")))["problems"])
    assert "DTSTART" in problems
    assert "time zone" in problems
    assert [one.external_id for one in Appointment.objects.all()] == ["fine"]


def test_the_highest_sequence_in_a_file_wins_wherever_it_stands(tmp_path: Path) -> None:
    news = [event("SEQUENCE:2", days=9), event("SEQUENCE:0", days=5), event("SEQUENCE:1", days=7)]
    answer = read(tmp_path, calendar(*news))
    assert (answer["problems"], answer["created"]) == ([], 1)
    assert visit().starts_at > clock.now() + timedelta(days=8)
    held = calendar(event("SEQUENCE:3"))
    off = calendar(event("SEQUENCE:4"), method="CANCEL")
    assert read(tmp_path, off, held)["cancelled"] == 1


@pytest.mark.parametrize(
    ("known", "older"),
    [
        (("SEQUENCE:2", "20260101T000000Z"), ("SEQUENCE:1", "20260301T000000Z")),
        (("SEQUENCE:2", "20260301T000000Z"), ("SEQUENCE:2", "20260101T000000Z")),
    ],
)
def test_an_older_file_changes_nothing(tmp_path: Path, known: tuple[str, str], older: tuple[str, str]) -> None:
    read(tmp_path, calendar(event(known[0], stamp=known[1], days=9)))
    read(tmp_path, calendar(event(older[0], stamp=older[1], days=5)))
    read(tmp_path, calendar(event(older[0], stamp=older[1]), method="CANCEL"))
    assert visit().starts_at > clock.now() + timedelta(days=8)
    assert visit().status == S.BOOKED


def test_a_higher_sequence_moves_whatever_its_stamp_says_and_holds_a_cancelled_visit_after_all(tmp_path: Path) -> None:
    read(tmp_path, calendar(event("SEQUENCE:1", stamp="20260301T000000Z")))
    read(tmp_path, calendar(event("SEQUENCE:2", stamp="20260101T000000Z", days=9)))
    assert visit().starts_at > clock.now() + timedelta(days=8)
    read(tmp_path, calendar(event("SEQUENCE:3"), method="CANCEL"))
    assert visit().status == S.CANCELLED
    read(tmp_path, calendar(event("SEQUENCE:2")))
    assert visit().status == S.CANCELLED
    read(tmp_path, calendar(event("SEQUENCE:4", days=7), method="REQUEST"))
    assert visit().status == S.BOOKED


def test_several_calendars_in_one_file_are_all_read(tmp_path: Path) -> None:
    first = calendar(event(uid="u1"))
    second = calendar(event(uid="u2"), method="PUBLISH")
    assert (
        read(tmp_path, first, second, calendar(event(uid="u1", stamp="20260201T000000Z"), method="CANCEL"))["created"]
        == 1
    )
    assert visit("u2").status == S.BOOKED


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"])
def test_an_answer_to_an_invitation_is_left_out_with_the_reason(tmp_path: Path, method: str) -> None:
    answer = read(tmp_path, calendar(event(), method=method), calendar(event(uid="u2")))
    assert answer["created"] == 1
    found = [(one["line"], one["field"], method in one["what"]) for one in answer["problems"]]  # type: ignore[attr-defined]
    assert found == [(5, "METHOD", True)]


def test_lines_are_joined_before_they_are_decoded(tmp_path: Path) -> None:
    name = "SUMMARY:" + "z" * 66 + "\xfc" * 5
    raw = name.encode()
    folded = (raw[:75] + b"\r\n " + raw[75:]).decode("latin-1").encode("latin-1")
    with pytest.raises(UnicodeDecodeError):
        folded[:75].decode()
    text = "\r\n".join(calendar(event("DESCRIPTION:Phone +12025550142"), event(uid="u2"))).encode()
    read(tmp_path, text.replace(b"SUMMARY:Visit", folded, 1))
    assert visit().customer.name.endswith("\xfc" * 5)
    assert Appointment.objects.count() == 2


def test_an_event_that_breaks_its_calendar_spoils_no_other(tmp_path: Path) -> None:
    broken = ["BEGIN:VEVENT", "BEGIN:VALARM", "UID:broken", "END:VEVENT"]
    answer = read(tmp_path, calendar(event(), broken, event(uid="u2")))
    assert answer["created"] == 2
    assert [one["line"] for one in answer["problems"]] == [11]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "others",
    [
        ["ATTENDEE;CN=Dr Gray:mailto:DR.GRAY@clinic.example"],
        [ROOM],
        ["ATTENDEE;CUTYPE=RESOURCE:mailto:laser@example.com"],
        ["ATTENDEE;CN=Room:mailto:c_18@resource.calendar.google.com"],
        ["ATTENDEE;ROLE=CHAIR;CN=Dr Gray:mailto:gray@private.example"],
        ["ATTENDEE;CN=Nurse:mailto:nurse@clinic.example"],
        ["ATTENDEE;CN=Desk:mailto:desk@bright.example"],
        ["ATTENDEE;CN=Sam:mailto:sam@login.example"],
        ["ATTENDEE:tel:+1 202 555 0100"],
        ["ATTENDEE;CN=Dr Gray:mailto:dr.gray@clinic.example", ROOM],
    ],
)
def test_the_patient_is_not_the_clinic_nor_a_thing(tmp_path: Path, business: Business, others: list[str]) -> None:
    Business.objects.update(email="desk@bright.example", phone="+12025550100")
    get_user_model().objects.create_user("sam", email="Sam@login.example", is_staff=True)
    organizer = "ORGANIZER;CN=Dr Gray:mailto:dr.gray@clinic.example"
    answer = read(tmp_path, calendar(event(organizer, *others, BEA)))
    assert answer["created"] == 1, answer
    assert (visit().customer.name, visit().customer.email) == ("Bea Ruiz", "bea@example.com")
    alone = read(tmp_path, calendar(event(organizer, *others, uid="nobody")))
    assert [one["field"] for one in alone["problems"]] == ["phone"]  # type: ignore[attr-defined]


DECLINED = 'ATTENDEE;CN="Bea Ruiz";PARTSTAT=DECLINED:mailto:bea@mail.test'
COMING = 'ATTENDEE;CN="Carl Moss";PARTSTAT=ACCEPTED:mailto:carl@mail.test'


def test_of_several_who_were_invited_the_one_who_comes_is_the_patient(tmp_path: Path) -> None:
    assert read(tmp_path, calendar(event(DECLINED, COMING)))["created"] == 1
    assert visit().customer.name == "Carl Moss"


def test_a_visit_that_everybody_declined_is_for_a_person(tmp_path: Path) -> None:
    answer = read(tmp_path, calendar(event(DECLINED)))
    assert answer["created"] == 0
    assert [one["field"] for one in answer["problems"]] == ["ATTENDEE"]  # type: ignore[attr-defined]


def test_an_address_in_place_of_a_name_is_no_name(tmp_path: Path) -> None:
    read(tmp_path, calendar(event("ATTENDEE;CN=bea@example.com:mailto:bea@example.com", "SUMMARY:Bea Ruiz")))
    assert "@" not in visit().customer.name


MEET = """Join with Google Meet: https://meet.google.com/abc
Or dial: (US) +1 567-234-5678 PIN: 123 456 789#
More phone numbers: https://tel.meet/abc?pin=1234567890"""
ZOOM = """One tap mobile
+16465588656,,81234567890# US (New York)
Dial by your location
 +1 646 558 8656 US (New York)
 +1 312 626 6799 US (Chicago)
Meeting ID: 812 3456 7890"""
TEAMS = """Microsoft Teams meeting
+1 323-555-0166,,123456789# United States, Los Angeles
Phone conference ID: 123 456 789#"""


@pytest.mark.parametrize("call", [MEET, ZOOM, TEAMS])
@pytest.mark.parametrize("written", ["Phone: (646) 555-0177", "646-555-0177", "Tel 646 555 0177, first visit"])
def test_a_number_to_dial_in_is_not_the_patients(business: Business, call: str, written: str) -> None:
    assert phones.phone_in(call, business) == ""
    for text in (f"{written}\n\n{call}", f"{call}\n\n{written}"):
        found = phones.phone_in(text, business)
        assert "".join(c for c in found if c.isdigit()) == "6465550177", text


def test_the_clinics_own_number_is_not_the_patients(business: Business) -> None:
    ours = f"Questions? Call us at {business.phone}"
    assert phones.phone_in(ours, business) == ""
    assert phones.phone_in(f"{ours}\n(646) 555-0177", business) == "(646) 555-0177"


OWN, OTHER = "646-555-0177", "212-555-0111"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Emergency contact phone: {OTHER}\nMobile: {OWN}", OWN),
        (f"Mobile: {OWN}, emergency contact: {OTHER}", OWN),
        (f"Insurance: Aetna {OTHER}\n{OWN}", OWN),
        (f"{OTHER} (pharmacy)\nBest number to reach you: {OWN}", OWN),
        (f"Home phone: {OTHER}\nCell: {OWN}", OWN),
        (f"Emergency contact:\nAna Ruiz\n{OTHER}\n\nBea Ruiz {OWN}", OWN),
        (f"Mobile?\n{OWN}\nReferring doctor?\n{OTHER}", OWN),
        (f"Emergency contact: Ana Ruiz, {OTHER}", ""),
    ],
)
def test_a_number_of_somebody_else_is_not_the_patients(business: Business, text: str, found: str) -> None:
    assert phones.phone_in(text, business) == found


@pytest.mark.parametrize("text", ["<html>Sign in</html>", "id;name\n1;2", "", "BEGIN:VCALENDAR\nVERSION:2.0"])
def test_a_calendar_file_is_never_told_to_be_a_csv(tmp_path: Path, text: str) -> None:
    with pytest.raises(Exception, match="iCalendar") as refused:
        read(tmp_path, text.encode())
    assert "CSV" not in str(refused.value)
