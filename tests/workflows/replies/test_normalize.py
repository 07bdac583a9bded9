"""One spelling for what thumbs type."""

from __future__ import annotations

import pytest

from workflows.replies.normalize import plain, sentences


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
