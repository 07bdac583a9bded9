"""The visit's own hour in words of every kind confirms it; a yes that turns to another one wishes for that one."""

from __future__ import annotations

from datetime import datetime

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.times.fit import VisitFacts
from workflows.replies.times.wish import wished

# It is Tuesday morning; the visit is on Thursday, December 3.
NOW = datetime(2026, 12, 1, 10, 0)  # noqa: DTZ001 - wall clock
HALF_PAST, QUARTER_TO = (VisitFacts(start=datetime(2026, 12, 3, 15, minute), now=NOW) for minute in (30, 45))  # noqa: DTZ001
HALF_PAST_THREE = (
    "yep 3:30", "three thirty works", "three thirty is good", "half past three works for us",
    "half after three is good",
    "330 works great", "3.30 is good", "3;30 works", "3 thirty works", "15:30 works", "three thirty it is",
    "I can do 3:30", "thirty past three works", "3:30 on thursday still works", "sí, tres y media",
    "3 y media perfecto",
    "tres treinta me funciona", "me sirve a las tres y media", "quince treinta está bien", "a las quince treinta",
    "sí, a las quince y treinta", "15h30 ok", "tres y media me acomoda", "yes thursday dec 3",
)  # fmt: skip
A_QUARTER_TO_FOUR = (
    "quarter to four works for me", "yes quarter to 4", "15 to 4 is fine", "fifteen to four is fine", "3:45 is great",
    "three forty five works", "quarter til four, yep", "un cuarto para las cuatro está bien",
    "al cuarto para las cuatro",
    "cuatro menos cuarto me viene bien", "faltando quince para las cuatro", "faltan 15 para las cuatro",
    "sí, a las quince para las cuatro", "1545 works", "tres y cuarenta y cinco me sirve",
)  # fmt: skip
# To the visit at half past three.
TURNS = (
    "C but at 3:45", "c but 3:45", "C, but 3:45", "C but 4 pm", "C, just make it 3:45", "C but quarter to four",
    "confirm but at quarter to four", "yep but 3:45 please", "C pero a las 3:45", "C pero tres y cuarenta y cinco",
    "sí pero tres y cuarto", "confirmo pero a las 4 menos cuarto", "C but on friday", "C but friday 3:30",
    "yes thursday dec 10", "yes thursday the 10th",
)  # fmt: skip
NO_YES = (
    "yep 3:45", "three forty five works", "quarter to four works for me", "yes, 3 people", "yes, 3", "yes 30", "yep 3",
    "sí, 3 personas", "si, somos 3", "yes at 3:45", "C at 3:45", "C 3:45", "3:30 or 3:45 works", "3:30am works",
    "would 3:30 work?", "would 3:30 work", "no me funciona", "C but maybe",
    "three thirty is not good", "C only if my mom can drive", "c solo si me llevan", "C but I'm not sure",
    "C but my car broke down", "quince treinta pesos", "somos quince", "3:30 works on friday", "15 to 4 is fine",
    "quince para las cuatro me va bien", "C but I'll be there at 3:45", "C but not before 3:45", "monday dec 3 yes",
)  # fmt: skip


def label_of(text: str, visit: VisitFacts = HALF_PAST) -> Label:
    ours = (
        f"Bright Dental: please confirm Thu, Dec 3 at {visit.start:%I:%M %p}. Reply C to confirm, X if you cannot come."
    )
    found = classify(text=text, question=OpenQuestion.CONFIRM, visit=visit, context=ours)
    return found.label if found.decided else Label.OTHER


@pytest.mark.parametrize("text", HALF_PAST_THREE)
def test_half_past_three_in_other_words_confirms(text: str) -> None:
    assert label_of(text) is Label.CONFIRM


@pytest.mark.parametrize("text", A_QUARTER_TO_FOUR)
def test_a_quarter_to_four_in_other_words_confirms(text: str) -> None:
    assert label_of(text, QUARTER_TO) is Label.CONFIRM


@pytest.mark.parametrize("text", TURNS)
def test_a_yes_that_turns_to_another_time_is_a_wish_for_it(text: str) -> None:
    assert label_of(text) is Label.RESCHEDULE


@pytest.mark.parametrize("text", NO_YES)
def test_another_time_and_a_number_of_something_are_no_yes(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize("text", ["C but at 3:45", "C pero a las 3:45", "confirm but at quarter to four"])
def test_the_time_that_is_wished_for_is_kept(text: str) -> None:
    (window,) = wished(text, now=NOW, visit=HALF_PAST)
    assert (window.stored["opens"], window.stored["closes"]) == ("15:45", "15:45")
