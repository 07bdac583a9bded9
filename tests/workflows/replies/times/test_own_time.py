"""A yes with the visit's own day and hour confirms it, however they are written; a yes with another one never does."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.eval import grid
from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.times.fit import VisitFacts

SEED = 7

# The visit is on Tuesday the 8th at half past ten; it is Sunday morning.
VISIT = VisitFacts(start=datetime(2026, 12, 8, 10, 30), now=datetime(2026, 12, 6, 9, 0))  # noqa: DTZ001 - wall clock
OURS = "Hi Ana, see you at Juniper Lane Dental on {} at {}? Reply C to confirm, R to reschedule, X if you cannot come."
OWN = (
    "yes see you at 10:30", "half past ten tuesday", "1030", "10:30 is fine", "si el martes a las diez y media",
    "Tuesday 10:30am", "yes the 8th", "12/8 at 1030", "yes tues 10:30, thank you", "ok dec 8", "see you tuesday",
    "C, tuesday", "tuesday morning works", "yes, in two days", "this tuesday at 10.30 yes", "martes 8",
    "el 8 a las 10:30",
    "8 de diciembre", "confirmo el martes", "Confirming my appointment for Tuesday December 8th at 10:30am",
    "c u tues 1030", "10 y media el martes", "diez treinta", "10:30 sharp", "Tuesday. 10:30.", "si a las 10:30 hrs",
    "yes tuesday the 8th of december at half past 10 in the morning",
)  # fmt: skip
ANOTHER = (
    "yes see you at 8", "yes tuesday at 3", "Yes, Friday at 2?", "ok friday?", "puedo ir el viernes?", "yes. 3pm?",
    "yes the 10th", "ok dec 9", "si a las 8", "see you tomorrow", "yes wednesday", "8am is fine",
    "yes tuesday the 15th",
    "tuesday the 9th", "yes next tuesday", "see you on the 30th", "yes, 10:30 pm on monday", "yes after 3", "ok 10",
    "yes, tuesday afternoon", "half past ten wednesday", "si, el jueves a las diez y media", "yes 12/10", "yes 8/12",
    "martes 10", "yes in an hour", "yes in two weeks", "last tuesday yes", "yes or thursday", "sure, 10:30 or 11",
    "one tuesday", "yes tuesday one", "one on the 8th", "yes anytime tuesday", "yes same time next week",
    "yes a week from tuesday", "yes tuesday december 8, 2027",
    "yes 12/08/2027", "mine is at 11 right?", "no es el jueves?", "yes not before 10:30", "ok si el martes que viene",
)  # fmt: skip
WISHES = ("yes see you at 8", "ok friday?", "puedo ir el viernes?", "yes tuesday at 3", "yes wednesday", "8am is fine")


def label_of(text: str, *, visit: VisitFacts | None = VISIT, context: str = "") -> Label:
    found = classify(text=text, question=OpenQuestion.CONFIRM, visit=visit, context=context)
    return found.label if found.decided else Label.OTHER


@pytest.mark.parametrize("text", OWN)
def test_the_visits_own_time_in_any_words_confirms(text: str) -> None:
    assert label_of(text) is Label.CONFIRM


@pytest.mark.parametrize("text", ANOTHER)
def test_a_yes_with_another_time_confirms_nothing(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize("text", WISHES)
def test_a_yes_with_another_time_is_a_wish_for_that_time(text: str) -> None:
    assert label_of(text) is Label.RESCHEDULE


@pytest.mark.parametrize(
    ("day", "hour", "text", "label"),
    [
        ("Thu, Dec 3", "2:00 PM", "yes, see you at 3pm", Label.RESCHEDULE),
        ("Thu, Dec 3", "2:00 PM", "si a las 3", Label.RESCHEDULE),
        ("Wed, Mar 4", "3:00 PM", "yes, March 3", Label.RESCHEDULE),
        ("Thu, Dec 3", "2:00 PM", "yes thursday at 2pm", Label.CONFIRM),
        ("Mon, Dec 7", "7:00 AM", "7 on the 7th", Label.CONFIRM),
        ("Mon, Dec 7", "8:00 AM", "7 on the 7th", Label.RESCHEDULE),
        ("Sat, Dec 12", "12:00 PM", "noon on the 12th", Label.CONFIRM),
        ("Tue, Dec 8", "10:30 AM", "yes tuesday december 8, 2027", Label.OTHER),
        ("Tue, Dec 8", "10:30 AM", "yes in 3 days", Label.OTHER),
    ],
)
def test_without_the_visit_our_own_text_says_its_time(day: str, hour: str, text: str, label: Label) -> None:
    assert label_of(text, visit=None, context=OURS.format(day, hour)) is label


def test_a_weekday_means_the_next_one_unless_our_text_named_it() -> None:
    far = VisitFacts(start=datetime(2026, 12, 22, 10, 30), now=VISIT.now)  # noqa: DTZ001
    assert label_of("yes tuesday", visit=far) is Label.OTHER
    assert label_of("yes tuesday", visit=far, context=OURS.format("Tue, Dec 22", "10:30 AM")) is Label.CONFIRM


def test_tomorrow_is_the_day_after_now_where_the_visit_is() -> None:
    late = datetime.fromisoformat("2026-12-08T04:30:00+00:00")
    visit = VisitFacts.of(starts_at=datetime.fromisoformat("2026-12-08T18:30+00:00"), now=late, zone="America/Denver")
    assert label_of("see you tomorrow", visit=visit) is Label.CONFIRM
    assert label_of("see you today", visit=visit) is Label.RESCHEDULE


def test_the_day_comes_first_in_dates_where_people_write_them_so() -> None:
    moment = datetime.fromisoformat("2026-12-03T10:00+00:00")
    london = VisitFacts.of(starts_at=moment, now=datetime.fromisoformat("2026-12-01T10:00+00:00"), zone="Europe/London")
    assert label_of("yes 3/12", visit=london) is Label.CONFIRM
    assert label_of("yes 12/3", visit=london) is Label.OTHER


def test_every_wording_with_the_own_time_confirms_and_with_another_one_never() -> None:
    cells = [cell for start in grid.sample(seed=SEED) for cell in grid.cells(start, seed=SEED)]
    own = [cell.label is Label.CONFIRM for cell in cells if cell.own]
    assert not [cell.text for cell in cells if not cell.own and cell.label is Label.CONFIRM]
    assert sum(own) / len(own) >= grid.OWN_SHARE
