"""Who has arrived and leaves before their turn is not thanked for coming."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, Escalation
from tests.workflows.test_past_visits import at, does, open_reasons, over, says, visit

__all__ = ["visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]
LEFT = [
    "I left, I waited 25 minutes and nobody called me in",
    "I walked out, nobody saw me",
    "I had to leave, will rebook",
    "me tuve que ir, nadie me atendió",
    "me tuve que ir",
    "I can't come",
    "I left",
    "X",
]


@pytest.mark.parametrize("words", LEFT)
def test_who_was_there_and_writes_that_they_left_is_asked_about(visit: Appointment, words: str) -> None:
    with at(visit.starts_at - timedelta(minutes=2)):
        does("appointment.start", visit)
    with at(visit.starts_at + timedelta(minutes=25)):
        says(words)
        assert Escalation.objects.get(status="open").appointment_id == visit.id
    assert over(visit).status == "in_progress"
    assert open_reasons() == {"past_no_outcome"}
    with at(visit.starts_at + timedelta(hours=4)):
        does("appointment.no_show", visit)
    assert open_reasons() == set()


@pytest.mark.parametrize("words", ["", "thank you!"])
def test_who_is_there_and_says_nothing_of_it_has_come(visit: Appointment, words: str) -> None:
    says("X")
    with at(visit.starts_at):
        does("appointment.start", visit)
    if words:
        with at(visit.starts_at + timedelta(minutes=10)):
            says(words)
    assert over(visit).status == "completed"
    assert open_reasons() == set()
