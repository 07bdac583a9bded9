"""Kinds of danger that were not heard, and kinds of everyday words that were taken for it: what the rules say of each.

Each kind has wordings of its own in `danger_kinds.txt`, so that it is the kind that is read and not one sentence.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from workflows.replies.danger.emergency import Message, danger_in
from workflows.replies.text.normalize import plain
from workflows.replies.words.phrasebook import Heard, Phrasebook

LINES = Path(__file__).with_name("danger_kinds.txt").read_text(encoding="utf-8").splitlines()
HEARD = [line[2:] for line in LINES if line.startswith("+ ")]
EVERYDAY = [line[2:] for line in LINES if line.startswith("- ")]

# What nothing but its being long past takes back, and what stands before it.
PLAIN = (
    "he swallowed a whole bottle of pills", "she drank bleach", "my son took all my heart pills",
    "se tomó todo el frasco de pastillas", "mi hija tomó cloro", "my chest hurts and its going down my left arm",
)  # fmt: skip
BEFORE = (
    "{}", "the form asks about strokes, {}", "the form asks about strokes and {}", "my dog is fine and {}",
    "we watched a movie about a heart attack then {}", "el cuestionario pregunta por desmayos, {}", "mi perro, {}",
    "lol {}", "dont have a heart attack but {}", "all better now but {}", "this commute is killing me, {}",
)  # fmt: skip


@pytest.mark.parametrize("text", HEARD)
def test_each_wording_of_a_danger_is_heard(text: str) -> None:
    assert danger_in(plain(text)) is not None


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_words_that_are_near_to_it_are_not(text: str) -> None:
    assert danger_in(plain(text)) is None


@pytest.mark.parametrize(("before", "text"), list(itertools.product(BEFORE, PLAIN)))
def test_no_topic_no_animal_and_no_figure_takes_back_the_plainest_signs(before: str, text: str) -> None:
    assert Message.of(plain(before.format(text))).is_plain


@pytest.mark.parametrize(
    "text",
    [
        "all better yesterday but he cant breathe",
        "that bill killed me lol but my chest hurts",
        "ya estoy bien pero mi mamá no despierta",
    ],
)
def test_what_is_over_or_a_joke_takes_nothing_back_behind_a_but(text: str) -> None:
    assert danger_in(plain(text)) is not None


def test_a_figure_does_not_reach_over_a_comma_or_around_a_chest() -> None:
    assert danger_in(plain("work, he'll kill me if he finds out")) is not None
    assert danger_in(plain("all morning my chest killing me")) is not None
    assert danger_in(plain("all morning the kids killing me")) is None


def test_a_gap_ends_where_a_part_of_the_sentence_ends() -> None:
    book = Phrasebook({"phrases": ("phone ~ kill me",)})
    words: list[Heard] = [(word,) for word in ("phone", "again", "he", "will", "kill", "me")]
    assert book.find(words)["phrases"]
    assert not book.find(words, frozenset({2}))["phrases"]
