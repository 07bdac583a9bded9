"""CSV as spreadsheets write it, Excel before all: good rows are taken, bad ones are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from appointments.models import Appointment, Business
from integrations.imports import letters
from tests.integrations.imports.test_imports import PHONE, ahead, told

pytestmark = pytest.mark.usefixtures("business")
HEADER = "id,starts_at,name,phone"


def read(tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> dict[str, object]:
    file = tmp_path / "visits.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    answer: dict[str, object] = told(file)
    return answer


def lines(separator: str = ",", end: str = "\r\n", name: str = "Jos\xe9 Ruiz") -> str:
    rows = (HEADER.split(","), ["a1", ahead(), name, PHONE])
    return end.join(separator.join(row) for row in rows) + end


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
def test_a_first_line_that_names_the_separator_is_no_header(tmp_path: Path, first: str) -> None:
    assert read(tmp_path, f"{first}\r\n{lines(';')}")["created"] == 1


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_every_spreadsheet_is_read(tmp_path: Path, separator: str, end: str, encoding: str) -> None:
    assert read(tmp_path, lines(separator, end), encoding)["created"] == 1
    assert Appointment.objects.get().customer.name == "Jos\xe9 Ruiz"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (f"{HEADER},,,", "a1,{at},Bea Ruiz,{phone},,,"),
        (f"{HEADER},,,", "a1,{at},Bea Ruiz,{phone}"),
        ("id,starts_at,,name,phone", "a1,{at},,Bea Ruiz,{phone}"),
        (f",{HEADER}", ",a1,{at},Bea Ruiz,{phone}"),
        (HEADER, "a1,{at},Bea Ruiz,{phone},,,"),
        (f"{HEADER},service,location", "a1,{at},Bea Ruiz,{phone}"),
    ],
)
def test_a_column_without_a_name_and_without_values_is_nothing(tmp_path: Path, header: str, row: str) -> None:
    assert read(tmp_path, f"{header}\r\n{row.format(at=ahead(), phone=PHONE)}\r\n,,,,,,\r\n")["created"] == 1


def test_a_value_under_no_name_is_an_error_of_its_row(tmp_path: Path) -> None:
    rows = f"a1,{ahead()},Bea Ruiz,{PHONE},lost\r\nb1,{ahead()},Carl Moss,+12025550143,"
    answer = read(tmp_path, f"{HEADER},\r\n{rows}")
    assert answer["created"] == 1
    assert [(one["line"], one["field"]) for one in answer["problems"]] == [(2, "row")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("broken", ['a1,"{at},Bea,1', 'a1,{at},"Bea" Ruiz,{phone}'])
def test_a_quotation_mark_that_is_wrong_spoils_its_own_line_only(tmp_path: Path, broken: str) -> None:
    good = [f"g{n},{ahead(5 + n)},Carl Moss,+12025550143" for n in range(3)]
    answer = read(tmp_path, "\r\n".join([HEADER, good[0], broken.format(at=ahead(), phone=PHONE), *good[1:]]))
    assert answer["created"] == 3
    assert [(one["line"], one["field"]) for one in answer["problems"]] == [(3, "row")]  # type: ignore[attr-defined]


def test_the_clinics_own_number_is_not_the_patients(tmp_path: Path, business: Business) -> None:
    answer = read(tmp_path, f"{HEADER}\r\na1,{ahead()},Bea Ruiz,{business.phone}")
    assert [one["field"] for one in answer["problems"]] == ["phone"]  # type: ignore[attr-defined]


OF_MANY = (
    "Muñoz",
    "Jürgen Müller",
    "Sofía",
    "Renée",
    "Göran Åström",
    "Chloë O\u2019Brien",
    "Straße",
    "François",
    "Zoë",
)


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("name", OF_MANY)
def test_excel_on_a_mac_and_on_windows_write_other_letters(encoding: str, name: str) -> None:
    text = lines(name=name)
    assert letters.csv_text(text.encode(encoding)) == text


def test_lines_that_end_as_on_an_old_mac_tell_what_the_letters_leave_open() -> None:
    text = lines(end="\r", name="Óscar Ruiz")
    assert letters.csv_text(text.encode("mac_roman")) == text


def test_two_people_under_one_id_are_named_as_such(tmp_path: Path) -> None:
    first, same = f"a1,{ahead()},Bea Ruiz,{PHONE}", f"a1,{ahead()},Carl Moss,+12025550143"
    answer = read(tmp_path, f"{HEADER}\r\n{first}\r\n{same}\r\n{first}")
    assert answer["created"] == 1
    words = [(one["line"], one["what"]) for one in answer["problems"]]  # type: ignore[attr-defined]
    assert words == [
        (3, "Line 2 has the same id with another person."),
        (4, "The same visit is in line 2 already."),
    ]


@pytest.mark.parametrize(
    ("cell", "what"),
    [("landline {}", "no texts"), ("don't text {}", "no texts"), ("{} (interpreter)", "not the patient")],
)
def test_a_phone_whose_words_say_no_is_not_taken(tmp_path: Path, cell: str, what: str) -> None:
    answer = read(tmp_path, f"{HEADER}\na1,{ahead()},Ana Diaz,{cell.format(PHONE)}\n")
    assert (answer["created"], answer["problems"][0]["field"]) == (0, "phone")  # type: ignore[index]
    assert what in str(answer["problems"])
