"""How late somebody says that they will be, and from when on the visit may be off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from appointments.models import Appointment
from workflows.replies.meanings import delay

START = datetime(2026, 12, 1, 15, tzinfo=UTC)
SAID = {
    "Running 3 hours late": 180,
    "running 3hrs late": 180,
    "an hour late": 60,
    "I'm about an hour and a half late": 90,
    "running 1.5 hours late": 90,
    "1 hr 20 min late": 80,
    "90 min late": 90,
    "running 15-20 min late": 20,
    "half an hour late": 30,
    "a couple of hours late": 120,
    "running late, maybe 45 minutes": 45,
    "running late by an hour": 60,
    "hours late": 60,
    "tres horas tarde": 180,
    "voy una hora y media tarde": 90,
    "media hora tarde": 30,
    "llego con 2 horas de retraso": 120,
    "Voy 90 minutos tarde": 90,
    "running late": 0,
    "On my way": 0,
}


@pytest.mark.parametrize(("text", "minutes"), SAID.items())
def test_a_delay_is_read_as_it_is_said(text: str, minutes: int) -> None:
    assert delay.stated(text, starts_at=START, now=START) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["be there in 2 hours", "estoy a 2 horas", "2 hours away, sorry", "llego en dos horas"]
)
@pytest.mark.parametrize(("before", "minutes"), [(0, 120), (90, 30)])
def test_in_two_hours_counts_from_now(text: str, before: int, minutes: int) -> None:
    said = START - timedelta(minutes=before)
    assert delay.stated(text, starts_at=START, now=said) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "visit_minutes", "long"),
    [
        ("60 min late", 120, True),
        ("50 min late", 60, False),
        ("50 min late", 30, True),
        ("30 min late", 30, False),
    ],
)
def test_an_hour_is_long_and_so_is_more_than_the_visit(text: str, visit_minutes: int, long: bool) -> None:  # noqa: FBT001
    visit = Appointment(starts_at=START, duration_minutes=visit_minutes)
    assert delay.is_long(text, visit, now=START) is long
