"""A file's letters: those that are sure are read, and others refused with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError

from appointments.models import Appointment
from tests.integrations.imports import test_import_spreadsheets as spreadsheets
from tests.integrations.imports.test_import_calendars import calendar, event, read, visit

pytestmark = pytest.mark.usefixtures("business")


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1250", "Dvo\u0159\xe1k \u0160\xe1rka"),
        ("cp1250", "Micha\u0142 Wa\u0142\u0119sa"),
        ("iso-8859-2", "Dvo\u0159\xe1k"),
        ("cp1251", "\u0418\u0432\u0430\u043d \u041f\u0435\u0442\u0440\u043e\u0432"),
        ("koi8-r", "\u0418\u0432\u0430\u043d \u041f\u0435\u0442\u0440\u043e\u0432"),
        ("cp1253", "\u0393\u03b9\u03ce\u03c1\u03b3\u03bf\u03c2"),
        ("shift-jis", "\u5c71\u7530 \u592a\u90ce"),
        ("gb18030", "\u738b\u5c0f\u660e"),
        ("euc-kr", "\uae40\ucca0\uc218"),
    ],
)
def test_letters_of_another_alphabet_are_refused_and_never_guessed(tmp_path: Path, encoding: str, name: str) -> None:
    with pytest.raises(CommandError, match="CSV UTF-8"):
        spreadsheets.read(tmp_path, spreadsheets.lines(name=name), encoding)
    with pytest.raises(CommandError, match="UTF-8"):
        read(tmp_path, "\r\n".join(calendar(event(f"ATTENDEE;CN={name}:tel:+12025550142"))).encode(encoding))
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        *("Jos\xe9 N\xfa\xf1ez", "Zo\xeb M\xfcller", "Fran\xe7ois Lef\xe8vre", "S\xf8ren \xc6r\xf8", "\xc5sa \xd6berg"),
        *(
            "Jo\xe3o Gon\xe7alves",
            "\xde\xf3r \xc6gisson",
            "Niccol\xf2 D\u2019Amore",
            "M\xaa Jos\xe9",
            "J\xfcrgen Gro\xdf",
        ),
    ],
)
def test_those_of_western_europe_are_read(tmp_path: Path, name: str) -> None:
    spreadsheets.read(tmp_path, spreadsheets.lines(name=name), "cp1252")
    assert Appointment.objects.get().customer.name == name


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_two_bytes_for_each_letter_are_read_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    spreadsheets.read(tmp_path, spreadsheets.lines(name="Dvo\u0159\xe1k"), encoding)
    assert Appointment.objects.get().customer.name == "Dvo\u0159\xe1k"


def test_the_values_of_a_vcalendar_1_are_decoded(tmp_path: Path) -> None:
    lines = event(
        "SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Zo=C3=AB M=C3=BCl=",
        "ler",
        "DESCRIPTION;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Caf=E9=0D=0APhone=3A 202 =",
        " 555 0142",
    )
    lines.remove("SUMMARY:Visit")
    read(tmp_path, ["VERSION:1.0" if line == "VERSION:2.0" else line for line in calendar(lines)])
    assert (visit().customer.name, visit().customer.phone) == ("Zo\xeb M\xfcller", "+12025550142")
