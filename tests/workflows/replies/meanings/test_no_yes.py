"""A yes that is none: to a cancellation, for later, with a condition, half, elsewhere, for another day or moment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from workflows.replies.believed import believed
from workflows.replies.classify import classify
from workflows.replies.labels import Classification, Label, OpenQuestion, Source
from workflows.replies.times.fit import VisitFacts

# The visit is on Thursday the 3rd at two in New York; it is Tuesday.
HERE = ZoneInfo("America/New_York")
VISIT = VisitFacts(start=datetime(2026, 12, 3, 14, 0, tzinfo=HERE), now=datetime(2026, 12, 1, 10, 0, tzinfo=HERE))
OURS = "Hi Ana, see you at Juniper Lane Dental on Thu, Dec 3 at 2:00 PM? Reply C to confirm, X if you cannot come."
WORDS = Path(__file__).with_name("no_yes.txt").read_text(encoding="utf-8")


def _by_kind(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("["):
            kind = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            kind.append(line)
    return found


WORDINGS = _by_kind(WORDS.splitlines())


def label_of(text: str, *, visit: VisitFacts | None = VISIT, ours: str = OURS) -> Label:
    found = classify(text=text, question=OpenQuestion.CONFIRM, visit=visit, context=ours)
    return found.label if found.decided else Label.OTHER


@pytest.mark.parametrize("text", WORDINGS["cancellation"])
@pytest.mark.parametrize("visit", [VISIT, None])
def test_a_cancellation_that_is_confirmed_is_no_visit(text: str, visit: VisitFacts | None) -> None:
    assert label_of(text, visit=visit) in (Label.CANCEL, Label.OTHER, Label.QUESTION)


@pytest.mark.parametrize("text", WORDINGS["put_off"])
@pytest.mark.parametrize("visit", [VISIT, None])
def test_a_yes_for_later_confirms_nothing_and_wants_no_other_time(text: str, visit: VisitFacts | None) -> None:
    assert label_of(text, visit=visit) in (Label.OTHER, Label.QUESTION)


@pytest.mark.parametrize("text", ["confirmo mañana", "le confirmo mañana", "mañana confirmo", "ahorita confirmo"])
def test_so_it_is_where_tomorrow_is_the_visits_own_day(text: str) -> None:
    eve = VisitFacts(start=VISIT.start, now=datetime(2026, 12, 2, 10, 0, tzinfo=HERE))
    assert label_of(text, visit=eve) is Label.OTHER


def test_who_puts_it_off_and_wants_another_time_still_wants_it() -> None:
    assert label_of("I will confirm tomorrow, but please reschedule it to Friday") is Label.RESCHEDULE


@pytest.mark.parametrize("text", WORDINGS["condition"])
def test_an_if_is_no_yes(text: str) -> None:
    assert label_of(text) not in (Label.CONFIRM, Label.CANCEL)


@pytest.mark.parametrize("text", WORDINGS["elsewhere"])
def test_who_will_be_elsewhere_does_not_come(text: str) -> None:
    assert label_of(text) not in (Label.CONFIRM, Label.CANCEL)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("see you on zoom", "on Zoom"), ("nos vemos por videollamada", "por videollamada"),
        ("confirmed for the Queens office", "at the Queens office"), ("see you at the hospital", "at Mercy Hospital"),
    ],
)  # fmt: skip
def test_unless_our_own_text_speaks_of_that_place(text: str, place: str) -> None:
    assert label_of(text) is Label.OTHER
    assert label_of(text, ours=OURS.replace("at Juniper Lane Dental", place)) is Label.CONFIRM


@pytest.mark.parametrize("text", WORDINGS["another_day"])
def test_a_day_told_by_the_day_beside_it_is_another(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize("text", WORDINGS["halfway"])
def test_half_a_yes_is_none(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize("text", WORDINGS["another_moment"])
@pytest.mark.parametrize("visit", [VISIT, None])
def test_the_visits_digits_in_another_zone_are_another_moment(text: str, visit: VisitFacts | None) -> None:
    assert label_of(text, visit=visit) is not Label.CONFIRM


@pytest.mark.parametrize("text", WORDINGS["own_moment"])
@pytest.mark.parametrize("visit", [VISIT, None])
def test_the_visits_own_moment_in_another_zone_is_never_another_time(text: str, visit: VisitFacts | None) -> None:
    assert label_of(text, visit=visit) in (Label.CONFIRM, Label.OTHER, Label.QUESTION)


@pytest.mark.parametrize(
    "text",
    [
        "yes 1pm CST",
        "yes 11am PST",
        "yes 7pm GMT",
        "1:00 pm Chicago time yes",
        "yes 1900Z",
        "sí, 11 am hora del pacífico",
    ],
)
def test_where_both_zones_are_known_it_is_the_yes_that_it_says(text: str) -> None:
    assert label_of(text) is Label.CONFIRM
    assert label_of(text, visit=None) is Label.OTHER


@pytest.mark.parametrize("text", WORDINGS["own_zone"])
def test_the_visits_own_zone_adds_nothing(text: str) -> None:
    assert label_of(text) is Label.CONFIRM


def test_a_zone_of_the_same_clock_is_the_visits_own_in_summer_too() -> None:
    phoenix = ZoneInfo("America/Phoenix")
    visit = VisitFacts(
        start=datetime(2026, 7, 9, 14, 0, tzinfo=phoenix), now=datetime(2026, 7, 7, 9, 0, tzinfo=phoenix)
    )
    ours = OURS.replace("Dec 3", "Jul 9")
    assert label_of("yes 2pm MST", visit=visit, ours=ours) is Label.CONFIRM
    assert label_of("yes 2pm pacific", visit=visit, ours=ours) is Label.CONFIRM
    assert label_of("yes 2pm mountain time", visit=visit, ours=ours) is Label.CONFIRM
    assert label_of("yes 2pm central", visit=visit, ours=ours) is Label.OTHER


@pytest.mark.parametrize("text", WORDINGS["no_cancel"])
@pytest.mark.parametrize("visit", [VISIT, None])
def test_what_only_looks_like_a_cancellation_is_none(text: str, visit: VisitFacts | None) -> None:
    assert label_of(text, visit=visit) is not Label.CANCEL


@pytest.mark.parametrize(
    "text", ["no puedo ir porque no tengo carro", "I can't come, I have no car", "no voy, no encuentro quien me lleve"]
)
def test_beside_plain_words_trouble_is_why_they_do_not_come(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize("text", WORDINGS["yes"])
def test_a_plain_yes_stays_one(text: str) -> None:
    assert label_of(text) is Label.CONFIRM


@pytest.mark.parametrize("text", ["ya le confirmo", "yes 2pm pacific", "see you on zoom", "soft yes", "si puedo voy"])
def test_a_model_is_not_believed_either(text: str) -> None:
    said = Classification(Label.CONFIRM, 0.99, Source.MODEL, "the model's reading")
    found = believed(said, text=text, question=OpenQuestion.CONFIRM, context=OURS, visit=VISIT)
    assert found.label is Label.OTHER
