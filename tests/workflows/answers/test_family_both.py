""" "Both", "all three", "los dos": how many are meant, and whether they are those who were asked."""

from __future__ import annotations

import pytest

from tests.workflows.family import family, told_together
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("words", ["yes for both", "both will be there", "C for both", "sí para los dos, ambos"])
def test_both_are_two_even_when_each_was_asked_alone(words: str) -> None:
    visits = family("Tom", "Leo")
    for visit in visits:
        asked_about(visit, kind="reminder_first")
    writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["confirmed"] * 2


@pytest.mark.parametrize(
    "words",
    [
        "Confirmed for both kids",
        "both are coming",
        "C for both",
        "both, thanks!",
        "all of them",
        "Confirm for both of my kids",
        "confirmed for the two of them",
        "both boys will be there",
        "los dos",
        "ambos",
        "todos",
        "vamos todos",
        "sí, los dos van",
        "los dos van a ir",
        "confirmo a los dos niños",
        "mis dos hijos van",
    ],
)
def test_both_and_all_confirm_those_that_one_text_asked_about(words: str) -> None:
    visits = family("Tom", "Leo")
    told_together(visits)
    message = writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["confirmed"] * 2
    assert (answers_to(message), cases()) == (["thank_you"], [])


@pytest.mark.parametrize("words", ["both", "both kids are coming", "los dos", "los dos van", "my two kids are coming"])
def test_both_are_not_three(words: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits)
    writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["booked"] * 3
    assert cases()


@pytest.mark.parametrize("words", ["all three kids are coming", "los tres van", "all of them", "todos"])
def test_all_three_are_three_and_not_two(words: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits)
    writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["confirmed"] * 3


def test_all_three_of_two_is_for_a_person() -> None:
    visits = family("Tom", "Leo")
    told_together(visits)
    writes(visits[0], "all three are coming")
    assert [status_of(one) for one in visits] == ["booked"] * 2


def test_both_alone_says_nothing_when_each_was_asked_alone() -> None:
    visits = family("Tom", "Leo")
    for visit in visits:
        asked_about(visit, kind="reminder_first")
    writes(visits[0], "both")
    assert [status_of(one) for one in visits] == ["booked"] * 2


@pytest.mark.parametrize("before", ["R", "can we come another day"])
def test_both_after_a_wish_for_another_time_may_mean_to_move_both(before: str) -> None:
    visits = family("Tom", "Leo")
    told_together(visits)
    writes(visits[0], before)
    writes(visits[0], "both")
    assert [status_of(one) for one in visits] == ["booked"] * 2
