"""What programs write a little otherwise, and two people who read one file at once."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from appointments.models import Appointment, Business
from aro import clock
from integrations.imports import run
from tests.integrations.imports.test_import_calendars import BEA, calendar, event, read, visit
from tests.integrations.imports.test_import_known import rows
from tests.integrations.imports.test_imports import PHONE, ahead

pytestmark = pytest.mark.usefixtures("business")
HEADER = "id,date,time,name,phone"


@pytest.mark.parametrize("written", ["2:00\u202fPM", "2:00 PM", "2:00pm", "12:30 a.m."])
def test_hours_of_half_a_day_are_refused_with_how_to_write_them(tmp_path: Path, written: str) -> None:
    day = f"{clock.now() + timedelta(days=9):%Y-%m-%d}"
    answer = rows(tmp_path, HEADER, f"a1,{day},{written},Ana Diaz,{PHONE}")
    assert answer["created"] == 0
    assert "14:30" in str(answer["problems"])


def test_an_id_with_commas_between_its_digits_is_the_number(tmp_path: Path) -> None:
    header = "id,starts_at,name,phone"
    for number, spelt in enumerate(("1234567", '"1,234,567"', '"1,234,567.0"')):
        answer = rows(tmp_path, header, f"{spelt},{ahead(5 + number)},Ana Diaz,{PHONE}")
        assert (answer["problems"], Appointment.objects.count()) == ([], 1)
    rows(tmp_path, header, f'"1,23",{ahead(9)},Ana Diaz,{PHONE}')
    assert Appointment.objects.count() == 2


@pytest.mark.parametrize("address", ["/aMTYwMDA/principal/", "urn:uuid:5E2C0F1A", "invalid:nomail"])
def test_an_address_beside_one_that_only_icloud_knows_is_read(tmp_path: Path, address: str) -> None:
    read(tmp_path, calendar(event(f'ATTENDEE;CN="Bea Ruiz";EMAIL="bea@mail.test":{address}')))
    assert (visit().customer.name, visit().customer.email) == ("Bea Ruiz", "bea@mail.test")


@pytest.mark.parametrize("end", ["\r", "\r\r\n", "\n", "\r\n"])
def test_a_calendar_is_read_however_its_lines_end(tmp_path: Path, end: str) -> None:
    folded = BEA[:30] + end + " " + BEA[30:]
    text = end.join([*calendar(event(folded), event(BEA, "STATUS:TENTATIVE", uid="u2")), ""])
    answer = read(tmp_path, text.encode())
    assert (answer["created"], visit().customer.name) == (1, "Bea Ruiz")
    assert [one["line"] for one in answer["problems"]] == [12]  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_read_one_file_at_once_the_second_finds_the_visit_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: the second waits for the first")
    Business.objects.get_or_create(defaults={"name": "Clinic"})
    alone, found = run._new, threading.Event()

    def after_the_other(*given: object) -> run.Outcome:
        if not found.is_set():
            found.set()
            other = threading.Thread(target=_first, args=(alone, given))
            other.start()
            other.join()
        return alone(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "_new", after_the_other)
    answer = rows(tmp_path, "id,starts_at,name,phone", f"a1,{ahead()},Ana Diaz,{PHONE}")
    assert (answer["problems"], answer["unchanged"], Appointment.objects.count()) == ([], 1, 1)


def _first(create: object, given: tuple[object, ...]) -> None:
    try:
        create(*given)  # type: ignore[operator]
    finally:
        connection.close()
