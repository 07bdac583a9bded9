"""Days and hours in replies are typed values, and what only looks like one is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.replies.text.normalize import plain
from workflows.replies.times import words as w
from workflows.replies.times.parse import Parsed, parse
from workflows.replies.times.repair import repaired
from workflows.replies.times.values import (
    Bound,
    Clock,
    DayOfMonth,
    Half,
    InTime,
    MonthDay,
    Number,
    Period,
    Relative,
    Unit,
    Value,
    Weekday,
    Which,
)

LONG, MOST_SECONDS = 16_000, 0.1
AM, PM = Half.AM, Half.PM
TUESDAY, WEDNESDAY, THURSDAY = Weekday(1), Weekday(2), Weekday(3)
DECEMBER_3 = MonthDay(12, 3)
READ: tuple[tuple[str, list[Value]], ...] = (
    ("half past ten", [Clock(10, 30)]),
    ("half ten", [Clock(10, 30)]),
    ("quarter to 4", [Clock(3, 45)]),
    ("a quarter past nine", [Clock(9, 15)]),
    ("ten to 4", [Clock(3, 50)]),
    ("five past two", [Clock(2, 5)]),
    ("quarter to one pm", [Clock(12, 45, PM)]),
    ("noon", [Clock(12, 0, PM)]),
    ("at midnight", [Clock(0, 0)]),
    ("430", [Clock(4, 30)]),
    ("1030am", [Clock(10, 30, AM)]),
    ("at 3", [Clock(3)]),
    ("@3", [Clock(3)]),
    ("2p", [Clock(2, 0, PM)]),
    ("3ish", [Clock(3)]),
    ("3 o'clock", [Clock(3)]),
    ("14:30", [Clock(14, 30)]),
    ("10.30", [Clock(10, 30)]),
    ("14h30", [Clock(14, 30)]),
    ("ten thirty", [Clock(10, 30)]),
    ("nine in the morning", [Clock(9, 0, AM)]),
    ("at one", [Clock(1)]),
    ("a las nueve y media", [Clock(9, 30)]),
    ("a la una y cuarto", [Clock(1, 15)]),
    ("a las tres menos cuarto", [Clock(2, 45)]),
    ("cuarto para las 3", [Clock(2, 45)]),
    ("a las 15 horas", [Clock(15)]),
    ("7 de la noche", [Clock(7, 0, PM)]),
    ("las doce menos cuarto de la mañana", [Clock(11, 45, AM)]),
    ("dec 3", [DECEMBER_3]),
    ("3rd of December", [DECEMBER_3]),
    ("3 de diciembre", [DECEMBER_3]),
    ("December third", [DECEMBER_3]),
    ("12/3", [MonthDay(12, 3, other=MonthDay(3, 12))]),
    ("12/13", [MonthDay(12, 13)]),
    ("2026-12-03", [MonthDay(12, 3, 2026)]),
    ("the 12th", [DayOfMonth(12)]),
    ("the twelfth", [DayOfMonth(12)]),
    ("el 12", [DayOfMonth(12)]),
    ("7 on the 7th", [Clock(7), DayOfMonth(7)]),
    ("tues at 9", [TUESDAY, Clock(9)]),
    ("thursday 3 at 2", [THURSDAY, DayOfMonth(3), Clock(2)]),
    ("9 tuesday", [Clock(9), TUESDAY]),
    ("wensday", [WEDNESDAY]),
    ("thrusday", [THURSDAY]),
    ("juebes", [THURSDAY]),
    ("myercoles", [WEDNESDAY]),
    ("el proximo martes", [Weekday(1, Which.NEXT)]),
    ("last tuesday", [Weekday(1, Which.PAST)]),
    ("on tuesdays", [Weekday(1, Which.EVERY)]),
    ("a week from tuesday", [Weekday(1, weeks=1)]),
    ("tmrw 9", [Relative(1), Clock(9)]),
    ("tomorow", [Relative(1)]),
    ("pasado mañana a las 3 de la tarde", [Relative(2), Clock(3, 0, PM)]),
    ("mañana por la mañana", [Relative(1), w.MORNING]),
    ("this afternoon", [Relative(0), w.AFTERNOON]),
    ("in an hour", [InTime(60)]),
    ("en media hora", [InTime(30)]),
    ("in 3 days", [Relative(3)]),
    ("next week", [Period(Unit.WEEK, 1)]),
    ("la semana que viene", [Period(Unit.WEEK, 1)]),
    ("evening 5", [w.EVENING, Clock(5, 0, PM)]),
    ("yes 9", [Number(9)]),
    ("one monday", [Clock(1), Weekday(0)]),
    ("one on the 12th", [Clock(1), DayOfMonth(12)]),
    ("tomorrow one", [Relative(1), Clock(1)]),
    ("the tuesday one", [TUESDAY]),
)
NO_TIME = (
    "call me at 555-1234", "call 800 555 1234", "there are 2 of us", "10 minutes late", "5-10 min late",
    "500 mg twice",
    "123 Main St", "the 3rd floor", "room 430", "my first visit", "good morning! yes", "have a great weekend",
    "I sat down", "buenas tardes", "$30", "24/7", "my copay was $12.50", "born 3/4/1985", "he is 5 years old",
    "one of us", "once more", "I may come", "we march on", "120/80", "2 kids", "suite 300", "50%",
    "what is your number",
    "last night", "#12",
)  # fmt: skip


def parsed(text: str) -> Parsed:
    return parse(plain(text))


def bounds(text: str) -> list[tuple[Value, Bound]]:
    return [(mention.value, mention.bound) for mention in parsed(text).mentions]


@pytest.mark.parametrize(("text", "values"), READ)
def test_days_and_hours_are_read_as_values(text: str, values: list[Value]) -> None:
    assert [mention.value for mention in parsed(text).mentions] == values


@pytest.mark.parametrize("text", NO_TIME)
def test_what_counts_names_or_greets_is_no_time(text: str) -> None:
    assert not parsed(text).mentions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("after 3", [(Clock(3), Bound.AFTER)]),
        ("not before 3", [(Clock(3), Bound.FROM)]),
        ("3 or later", [(Clock(3), Bound.FROM)]),
        ("until 5", [(Clock(5), Bound.UNTIL)]),
        ("antes de las 10", [(Clock(10), Bound.BEFORE)]),
        ("between 2 and 4", [(Clock(2), Bound.FROM), (Clock(4), Bound.UNTIL)]),
        ("2-4pm", [(Clock(2, 0, PM), Bound.FROM), (Clock(4, 0, PM), Bound.UNTIL)]),
        ("10 to 2pm", [(Clock(10, 0, AM), Bound.FROM), (Clock(2, 0, PM), Bound.UNTIL)]),
        ("2 or 3pm", [(Clock(2), Bound.AT), (Clock(3, 0, PM), Bound.AT)]),
    ],
)
def test_a_preposition_says_how_an_hour_bounds_the_wish(text: str, found: list[tuple[Value, Bound]]) -> None:
    assert bounds(text) == found


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("yes, see you tuesday at 3", "yes , see you "),
        ("10:30 is fine", "is fine "),
        ("si a las nueve el martes", "si "),
        ("there are 2 of us at 3pm", "there are 2 of us "),
    ],
)
def test_the_words_around_a_time_are_left_over(text: str, rest: str) -> None:
    assert parsed(text).rest == rest


@pytest.mark.parametrize("word", sorted(w.REAL_WORDS - w.REPAIRABLE.keys()))
def test_a_real_word_is_no_slip(word: str) -> None:
    assert repaired(word) == word


@pytest.mark.parametrize("word", sorted(w.WEEKDAYS.keys() & w.REPAIRABLE.keys()))
def test_two_swapped_letters_of_a_weekday_are_read_as_meant(word: str) -> None:
    slips = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    assert {repaired(slip) for slip in slips} == {word}


@pytest.mark.parametrize(
    "text",
    [
        "tuesday at 3 or ",
        "3 ",
        "the the at ",
        "a quarter past ",
        "9 y 10 y ",
        "last next this ",
        "not before ",
        "tuesdya ",
    ],
)
def test_a_long_message_costs_milliseconds(text: str) -> None:
    parsed("tuesday")
    words = plain(text * (LONG // len(text)))
    # The best of five: Python's collector cleans up after other tests when it likes.
    assert min(_seconds(words) for _ in range(5)) < MOST_SECONDS


def _seconds(words: str) -> float:
    started = time.thread_time()
    parse(words)
    return time.thread_time() - started


@given(text=st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    found = parsed(text)
    assert all(0 <= mention.start < mention.end <= len(found.tokens) for mention in found.mentions)


@given(
    words=st.lists(st.sampled_from(["3", "at", "to", "12", "tuesday", "/", "-", "430", "y", "las", "the", "th", "pm"]))
)
def test_any_heap_of_times_is_read(words: list[str]) -> None:
    found = parsed(" ".join(words))
    assert all(0 <= mention.start < mention.end <= len(found.tokens) for mention in found.mentions)
