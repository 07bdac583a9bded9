"""What six people who had seen neither the rules nor the code got ARO to read wrongly, and other wordings of each kind."""

from __future__ import annotations

from datetime import datetime

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.times.fit import VisitFacts

OURS = "Riverside Clinic: Hi Ana, can you make it? Reply C to confirm, R to reschedule, X if you cannot come."
# The visit is on Tuesday the 8th at half past four in the afternoon; it is Sunday, in the sister's case the day before.
TUESDAY = VisitFacts(start=datetime(2026, 12, 8, 16, 30), now=datetime(2026, 12, 6, 9, 0))  # noqa: DTZ001 - wall clock


def label_of(text: str, *, visit: VisitFacts = TUESDAY, question: OpenQuestion = OpenQuestion.CONFIRM) -> Label:
    found = classify(text=text, question=question, visit=visit, context=OURS)
    return found.label if found.decided else Label.OTHER


@pytest.mark.parametrize(
    "text",
    [
        "what do i have to bring tues", "hey whos the doctor tuesday", "wat paper i need bring tuesday",
        "cuanto me va a costar el martes", "que llevo el martes", "yall really see folks on a tuesday",
        "you guys open tuesday", "do yall open on tuesday", "atienden el martes", "van a abrir el dia 8??",
        "el 8?? en plena fiesta atienden?", "whats the address for tuesday", "donde es lo del martes",
        "hi which dr do i see on the 8th", "how long will it take tuesday", "how do i get there tuesday",
        "is the doctor there tuesday", "who do i ask for on tuesday", "necesito ir en ayunas el martes?",
        "hay estacionamiento el martes", "you take insurance tuesday", "en que piso es el martes",
    ],
)  # fmt: skip
def test_a_question_that_names_the_visits_own_day_is_no_yes(text: str) -> None:
    assert label_of(text) in (Label.QUESTION, Label.OTHER)


@pytest.mark.parametrize(
    "text",
    ["what do i have to bring tues", "hey whos the doctor tuesday", "cuanto me va a costar el martes"],
)
def test_a_question_that_names_the_visits_own_day_is_a_question(text: str) -> None:
    assert label_of(text) is Label.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday 4:30. Where do I park?", "tuesday 4:30 where do i park", "yes tuesday, where do i park",
        "tell dr ramirez im coming 4:30", "si el martes, ¿cuánto cuesta?", "si voy martes a las 4:30, llevo algo?",
    ],
)  # fmt: skip
def test_who_says_the_time_and_asks_something_still_comes(text: str) -> None:
    assert label_of(text) is Label.CONFIRM


@pytest.mark.parametrize("text", ["d/c my Tuesday appt pls", "pls d/c my appt", "d/c my visit"])
def test_a_letter_beside_a_slash_answers_nothing(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "d/c", "c/o my mother tuesday", "a/c", "C/R/X", "c/x", "Y/N", "ill come when i come", "I'll come when I can", "We'll see.",
        "yeah we'll see", "sure we will see", "ire cuando pueda", "si ya veremos", "si abren el martes voy", "be there whenever i get off",
        "forget about tuesday, thx anyway", "forget tuesday", "we'll see how i feel", "dont forget tuesday",
    ],
)  # fmt: skip
def test_no_yes_is_heard_where_none_is(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize(
    "text", ["C/yes", "we'll see you tuesday", "We'll see you then", "I won't forget about tuesday", "c / thanks"]
)
def test_what_looks_like_it_and_is_a_yes_stays_one(text: str) -> None:
    assert label_of(text) is Label.CONFIRM


@pytest.mark.parametrize("text", ["forget about tuesday, thx anyway", "just forget about the appointment"])
def test_who_says_forget_the_day_does_not_come(text: str) -> None:
    assert label_of(text) is Label.CANCEL
