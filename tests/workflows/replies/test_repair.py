"""Slips of the thumb over a closed list of words."""

from __future__ import annotations

import pytest

from workflows.replies.text.repair import Repair, distance, sound

WORDS = ("breathe", "chest", "seizure", "overdose", "opresion", "ahogando", "unconscious", "worst", "everything")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("brethe", "breathe"), ("siezure", "seizure"), ("overdoze", "overdose"), ("oprecion", "opresion"),
        ("aogando", "ahogando"), ("chst", "chest"), ("wrst", "worst"), ("evrythng", "everything"),
        ("unconsious", "unconscious"), ("uncoscous", "unconscious"),
    ],
)  # fmt: skip
def test_a_slip_may_stand_for_the_word_that_was_meant(typed: str, meant: str) -> None:
    assert meant in Repair(WORDS).meant(typed)


def test_what_was_typed_comes_first_and_a_known_word_stands_for_itself_alone() -> None:
    assert Repair(WORDS).meant("chest") == ("chest",)
    assert Repair(WORDS).meant("chst")[0] == "chst"


def test_a_real_word_is_no_slip_of_another() -> None:
    assert "chest" in Repair(WORDS).meant("cheat")
    assert Repair(WORDS, real=["cheat"]).meant("cheat") == ("cheat",)


@pytest.mark.parametrize("typed", ["at", "ok", "12", "3pm", "chess7"])
def test_short_words_and_numbers_are_left_alone(typed: str) -> None:
    assert Repair(WORDS).meant(typed) == (typed,)


def test_a_swap_is_one_slip() -> None:
    assert distance("siezure", "seizure") == 1
    assert distance("", "abc") == 3


@pytest.mark.parametrize(
    ("one", "other"), [("oprecion", "opresion"), ("vivir", "bibir"), ("haogo", "ahogo"), ("kiero", "quiero")]
)
def test_spanish_is_spelled_as_it_sounds(one: str, other: str) -> None:
    assert sound(one) == sound(other)
