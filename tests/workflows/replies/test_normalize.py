"""One spelling for what thumbs type."""

from __future__ import annotations

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.text.normalize import plain, sentences


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Can\u2019t", "can not "),
        ("I'LL be there", "i will be there "),
        ("thats fine", "that is fine "),
        ("SÍ, mañana", "si , manana "),
        ("3 P.M.", "3 pm "),
        ("10.30am", "10:30 am "),
        ("yesssss", "yes "),
        ("\uff39\uff25\uff33", "yes "),
        ("\U0001f44d\U0001f3ff", "yes "),
        ("appt tmrw", "appointment tomorrow "),
        ("tomorow", "tomorrow "),
        ("confrim", "confirm "),
        ("cancer", "cancer "),
        ("", ""),
    ],
)
def test_spellings_meet_in_one(typed: str, words: str) -> None:
    assert plain(typed) == words


def test_sentences_know_whether_they_ask() -> None:
    found = sentences(plain("Yes. Where is it? Thanks"))
    assert [(s.words, s.asks) for s in found] == [("yes ", False), ("where is it ", True), ("thanks ", False)]


def test_an_empty_text_has_no_sentence() -> None:
    assert sentences(plain(" ... ")) == []


@pytest.mark.parametrize(
    "unseen",
    [
        "\u200b",
        "\u00ad",
        "\u034f",
        "\u061c",
        "\u180e",
        "\u202c",
        "\u2063",
        "\u2069",
        "\u3164",
        "\ufe0f",
        "\ufeff",
        "\U000e0020",
        "\x00",
        "\x7f",
    ],
)
@pytest.mark.parametrize("place", ["{0}stop", "stop{0}", "st{0}op", "{0}s{0}t{0}o{0}p{0}"])
def test_what_nobody_sees_is_no_letter_and_no_gap(unseen: str, place: str) -> None:
    assert plain(place.format(unseen)) == "stop "


@pytest.mark.parametrize("text", ["C\u200b", "\u2066C\u2069", "c\u00adonfirm", "C\u2063."])
def test_a_confirmation_is_understood_with_what_nobody_sees_in_it(text: str) -> None:
    assert classify(text=text, question=OpenQuestion.CONFIRM).label is Label.CONFIRM
