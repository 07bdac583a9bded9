"""Whatever arrives, reading it ends quickly and without an error."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.replies.classify import OpenQuestion, classify
from workflows.replies.labels import Label
from workflows.replies.text.masking import mask
from workflows.replies.text.normalize import MAX_CHARS, plain

ANY_TEXT = st.text(alphabet=st.characters(), max_size=300)
VOCABULARY = (
    "yes", "no", "c", "r", "x", "not", "can't", "but", "cancel", "stop", "my", "appointment", "at", "3", "pm", "friday",
    ",", ".", "?", "ok", "thanks", "i", "we", "do", "make", "it", "the",
)  # fmt: skip
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=40).map(" ".join)
NASTY = (
    "", " ", "\x00", "\ud800", "\udfff\ud800", "yes\x00", "\ud83d", "\u202e yes", "\ufeff", "\u0301" * 50,
    "\U0001f44d" * 500,
    "yes " * 25_000, "a" * 100_000, "no " * 50_000, "stop " * 3 + "x" * 100_000, "do not want these " * 6_000,
    "?" * 100_000,
    "\n" * 100_000, "1" * 100_000, "3:" * 50_000, "cancel " * 30_000, "please " * 20_000, "that is " * 20_000,
    "'" * 90_000,
)  # fmt: skip
SECONDS_FOR_THE_WORST = 5.0


@pytest.fixture(autouse=True, scope="module")
def warm() -> None:
    """The first reply of a process compiles the patterns, which is not what is timed here."""
    classify(text="maybe so", question=OpenQuestion.CONFIRM, context="Tuesday at 3")


@given(text=ANY_TEXT, context=ANY_TEXT, question=st.sampled_from([None, *OpenQuestion]))
def test_any_text_is_classified(text: str, context: str, question: OpenQuestion | None) -> None:
    found = classify(text=text, question=question, context=context)
    assert found.label in Label
    assert 0 <= found.confidence <= 1


@given(text=WORDS)
def test_without_an_open_question_no_words_confirm(text: str) -> None:
    assert classify(text=text, question=OpenQuestion.NONE).label is not Label.CONFIRM


@given(text=WORDS)
def test_a_clear_denial_is_never_read_as_a_yes(text: str) -> None:
    found = classify(text=f"{text}. No, I can not come.", question=OpenQuestion.CONFIRM)
    assert found.label is not Label.CONFIRM


@given(text=ANY_TEXT)
def test_plain_words_are_ascii_and_never_fail(text: str) -> None:
    assert plain(text).isascii()


@given(text=ANY_TEXT)
def test_masking_never_fails(text: str) -> None:
    assert isinstance(mask(text, names=["Ana", "", "("]), str)


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_nasty_text_ends_soon(number: int) -> None:
    started = time.thread_time()
    for question in OpenQuestion:
        classify(text=NASTY[number], question=question, context=NASTY[number])
    assert time.thread_time() - started < SECONDS_FOR_THE_WORST


def test_what_lies_beyond_the_longest_message_is_not_read() -> None:
    assert classify(text=" " * MAX_CHARS + "STOP", question=None).label is Label.OTHER
