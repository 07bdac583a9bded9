"""What six people who had seen neither the rules nor the code got ARO to read wrongly, and other wordings of each kind."""

from __future__ import annotations

from datetime import datetime

import pytest

from workflows.replies.changes import wants_cancel
from workflows.replies.classify import classify
from workflows.replies.keywords import is_opt_out
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.normalize import plain
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


@pytest.mark.parametrize(
    "text",
    [
        "take me off the 8th pls, seein family", "take me off for the 8th", "take me off tuesday", "pls remove me from the 8th",
        "delete me from tuesday", "Doing a locum shift Tuesday. Strike me off", "working tuesday, scratch me off the list",
        "cross us off your books", "take me off your schedule", "take me off the book for tuesday",
        "take me off your list for the 8th", "strike her off for tuesday", "no puedo ir nena, dala de baja",
        "dala de baja que no puedo ir", "no voy el martes, dela de baja",
    ],
)  # fmt: skip
def test_who_wants_off_a_day_or_the_book_cancels_and_still_gets_texts(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "715 dont bother me none been up since 4", "early dont bother me, see you tues", "mondays at 7 am dont bother me",
        "the early hour don't bother us one bit",
    ],
)  # fmt: skip
def test_what_bothers_nobody_is_no_opt_out(text: str) -> None:
    assert not is_opt_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "dont bother me any more", "dont bother me at all", "take me off the list", "scratch me off the list", "strike me off",
        "take me off your texting list", "strike my number off", "tuesday you texted me, take me off your list",
        "strike me off your text list tuesday was the last straw", "You text every monday. Scratch me off your list",
        "it is friday night, cross me off these texts", "denme de baja", "ya no puedo mas denme de baja", "take me off",
        "I said tuesday to take me off", "no puedo con tantos mensajes, denme de baja",
    ],
)  # fmt: skip
def test_silence_about_texts_still_is_asked_for(text: str) -> None:
    assert is_opt_out(text)


@pytest.mark.parametrize("text", ["take me off the list", "scratch me off the list", "strike me off"])
def test_off_the_list_may_mean_the_visit_too(text: str) -> None:
    assert wants_cancel(plain(text), visit_is_topic=True, new_time=False)
