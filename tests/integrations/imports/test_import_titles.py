"""A visit whose name says that it is off, missed or not settled: in a calendar and in a spreadsheet."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from appointments.models import Appointment
from aro import clock
from integrations.imports import titles
from tests.integrations.imports import test_import_spreadsheets as spreadsheets
from tests.integrations.imports.test_import_calendars import BEA, calendar, event, read, visit
from tests.integrations.imports.test_imports import PHONE, ahead

pytestmark = pytest.mark.usefixtures("business")
S = Appointment.Status
OFF = [
    *("Canceled: {}", "CANCELLED - {}", "{} (cancelled)", "{} - CANCELED", "*CANCELED* {}", "[Cancelled] {}"),
    *("Canceled event: {} @ Fri Dec 4, 2026 2pm (EST)", "{}, cancelled", "{} (cancelled by patient)", "{} [CXL 11/28]"),
    *("CXL {}", "{} - CX", "{} cancelled", "Cancelled {}", "CANCELED-{}", "{}/cancelled", "_CANCELLED_ {}"),
    *("\u274c {}", "{} \u274c", "\U0001f6ab{}", "Declined: {}", "No show: {}", "{} (no-show)", "{} (late cancel)"),
    *("Abgesagt: {}", "{} (storniert)", "{} - f\xe4llt aus", "Cancelado: {}", "{} (cita cancelada)", "{} - anulada"),
    *(
        "\u53d6\u6d88: {}",
        "\u5df2\u53d6\u6d88\uff1a{}",
        "\u3010\u30ad\u30e3\u30f3\u30bb\u30eb\u3011{}",
        "\ucde8\uc18c: {}",
        "{} (\u043e\u0442\u043c\u0435\u043d\u0451\u043d)",
    ),
    *("Annul\xe9 : {}", "{} (annul\xe9e)", "RDV annul\xe9 : {}", "{} \u2013 annul\xe9", "Annullato: {}"),
]
HELD = ["HOLD {}", "HOLD - {}", "Tentative: {}", "{} (tentative)", "{} - on hold", "Pendiente: {}", "\u231b {}"]
MOVED = ["Rescheduled: {}", "{} (rescheduled)", "RESCHEDULED {}", "Reprogramada: {}", "Verschoben: {}", "R/S: {}"]
STANDS = [
    *("Bea Ruiz", "Ruiz, Bea", "Hold, Anna", "Anna Hold", "ANNA HOLD", "CX Chen", "Void, Bea", "Cleaning (Bea Ruiz)"),
    *("Not cancelled: Bea Ruiz", "Bea Ruiz (insurance cancelled)", "Cancelled insurance", "DNA test: Bea Ruiz"),
    *("Follow-up - cancelled visit last week", "Bea Ruiz (cancelled last visit)", "Option 2: Bea Ruiz"),
]


@pytest.mark.parametrize("title", OFF)
@pytest.mark.parametrize("name", ["Bea Ruiz", "Deep Cleaning"])
def test_a_name_that_says_off_cancels_what_is_known_and_makes_no_visit(tmp_path: Path, title: str, name: str) -> None:
    off = f"SUMMARY:{title.format(name)}"
    read(tmp_path, calendar(event(BEA)))
    one, fresh = event(BEA, "SEQUENCE:1", stamp="20260202T000000Z"), event(BEA, uid="fresh")
    lines = [[off if line == "SUMMARY:Visit" else line for line in lines] for lines in (one, fresh)]
    answer = read(tmp_path, calendar(*lines))
    assert (answer["cancelled"], answer["created"], visit().status) == (1, 0, S.CANCELLED)


@pytest.mark.parametrize("title", [*HELD, *MOVED])
def test_a_visit_that_is_held_is_no_booking_yet_and_what_is_known_stays(tmp_path: Path, title: str) -> None:
    held = f"SUMMARY:{title.format('Bea Ruiz')}"
    read(tmp_path, calendar(event(BEA)))
    lines = [
        [held if line == "SUMMARY:Visit" else line for line in event(BEA, "SEQUENCE:1", uid=u)] for u in ("u1", "u2")
    ]
    answer = read(tmp_path, calendar(*lines))
    assert [one["field"] for one in answer["problems"]] == ["SUMMARY", "SUMMARY"]  # type: ignore[attr-defined]
    assert (visit().status, Appointment.objects.count()) == (S.BOOKED, 1)


SAYS_TENTATIVE = [
    ("STATUS:TENTATIVE",),
    ("STATUS:tentative ",),
    ("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",),
    ("STATUS:TENTATIVE", "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY"),
    ("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MICROSOFT-CDO-INTENDEDSTATUS:TENTATIVE"),
]


@pytest.mark.parametrize("lines", SAYS_TENTATIVE)
def test_so_is_one_that_the_calendar_calls_tentative(tmp_path: Path, lines: tuple[str, ...]) -> None:
    read(tmp_path, calendar(event(BEA)))
    before = visit().starts_at
    moved = event(BEA, *lines, "SEQUENCE:1", days=7)
    problems = read(tmp_path, calendar(moved, event(BEA, *lines, uid="fresh")))["problems"]
    assert [one["what"].count("tentative") for one in problems] == [1, 1]  # type: ignore[attr-defined]
    assert (visit().starts_at, visit().status, Appointment.objects.count()) == (before, S.BOOKED, 1)
    read(tmp_path, calendar(event(BEA, "STATUS:CONFIRMED", "SEQUENCE:2", days=7)))
    assert visit().starts_at > before


def test_an_invitation_that_is_not_answered_yet_is_meant_as_it_says(tmp_path: Path) -> None:
    outlook = "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY"
    read(tmp_path, calendar(event(BEA, "STATUS:CONFIRMED", *outlook)))
    maybe = event(BEA.replace("CN=", "PARTSTAT=TENTATIVE;CN="), uid="u2", days=8)
    read(tmp_path, calendar(maybe))
    assert Appointment.objects.count() == 2


@pytest.mark.parametrize("title", STANDS)
def test_other_names_say_nothing(title: str) -> None:
    assert titles.read(title) == titles.Title(title)


def test_a_visit_that_was_missed_is_not_cancelled() -> None:
    missed = titles.read("No show: Bea Ruiz")
    assert missed.name == "Bea Ruiz"
    assert not missed.is_off(clock.now() - timedelta(hours=1))


@pytest.mark.parametrize("title", ["Canceled: {}", "{} (cancelled)", "CXL {}"])
def test_so_does_a_name_in_a_spreadsheet(tmp_path: Path, title: str) -> None:
    rows = [f"{spreadsheets.HEADER}\na1,{ahead()},{name},{PHONE}\n" for name in ("Bea Ruiz", title.format("Bea Ruiz"))]
    spreadsheets.read(tmp_path, rows[0])
    assert spreadsheets.read(tmp_path, rows[1])["cancelled"] == 1
    held = f"{spreadsheets.HEADER}\nb1,{ahead()},HOLD Bea Ruiz,{PHONE}\n"
    assert "name" in str(spreadsheets.read(tmp_path, held)["problems"])
