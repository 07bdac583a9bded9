"""A death told in few words, on the visit's own day or another: never thanked, no link, and a person hears of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from appointments.models import Appointment, Escalation
from tests.workflows.replies.test_act import asked_about, visit, writes  # noqa: F401 - a fixture
from workflows.replies.stops.departed import reason_in

DAYS = {
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
FEW = (
    "murio el viernes", "la enterramos el viernes", "la mataron el viernes", "murio a las 4:30",
    "she passed on tuesday", "she passed at 3 this morning",
    "mom passed this morning at 6", "she didnt make it, she died sunday", "we lost mom on sunday",
    "her funeral is tuesday", "my husband passed thursday morning",
    "she went to heaven tuesday", "she was killed in a car accident on friday", "he's passed",
    "maria fallecio ayer a las 3", "el viernes es su entierro",
)  # fmt: skip
BY_NAME = (
    "Zelda passed",
    "Zelda is gone, funeral is monday",
    "Zelda is in a better place",
    "We lost Zelda last week",
    "Zelda passed on the 20th",
)
OF_ANOTHER = (
    "my tooth is dead they said", "my grandmother died so I have a funeral monday cant come",
    "fallecio mi tia, tengo velorio el viernes, no puedo",
    "se murio mi abuela, no puedo ir el viernes", "Zelda passed her exam", "he passed out",
    "he passed a kidney stone", "my mom passed along your message",
    "the nerve died in that tooth", "we lost her card", "Zelda is coming on friday",
)  # fmt: skip


@pytest.mark.parametrize("text", FEW)
def test_a_death_in_few_words_is_understood(text: str) -> None:
    assert reason_in(text) == "deceased"


@pytest.mark.parametrize("text", BY_NAME)
def test_so_is_one_with_the_name_that_our_text_greeted(text: str) -> None:
    assert reason_in(text, frozenset({"zelda"})) == "deceased"


@pytest.mark.parametrize("text", OF_ANOTHER)
def test_a_relative_a_tooth_or_an_exam_is_no_death_of_the_patient(text: str) -> None:
    assert reason_in(text, frozenset({"zelda"})) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("she passed on {}", "en"),
        ("murió el {}", "es"),
        ("la enterramos el {}", "es"),
        ("la mataron el {}", "es"),
        ("her funeral is {}", "en"),
    ],
)
@pytest.mark.parametrize("later", [0, 1])
def test_the_day_that_is_named_makes_it_no_yes_and_no_move(
    visit: Appointment,  # noqa: F811
    text: str,
    language: str,
    later: int,
) -> None:
    asked_about(visit)
    at = visit.starts_at.astimezone(ZoneInfo(visit.timezone or "UTC"))
    assert writes(visit, text.format(DAYS[language][(at.weekday() + later) % 7])) == []
    assert [case.reason for case in Escalation.objects.all()] == ["deceased"]
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.BOOKED
