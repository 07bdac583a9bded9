"""What staff read is kept as a code with its values, and is looked up in the reader's language when it is shown."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from aro.desk import sentences
from aro.desk.sentences import Sentence, at, on, quoted, say, shown

WORDS: dict[str, str | Promise] = {
    "plain": "Nobody answers.",
    "two": "{count} visits on {day}.",
    "at": "Booked for {when}.",
    "within": "Text not delivered: {why}.",
    "lower": "one reminder",
    "month": gettext_lazy("January"),
}


@pytest.fixture(autouse=True)
def table() -> Iterator[None]:
    sentences.register("test", WORDS)
    yield
    for code in WORDS:
        sentences._tables.pop(f"test.{code}")


def test_a_sentence_is_read_as_its_words_and_kept_as_its_code() -> None:
    said = say("test.plain")
    assert said == "Nobody answers."
    assert json.loads(said.kept) == {"say": "test.plain"}
    assert shown(said.kept) == said


def test_values_are_kept_beside_the_code_and_put_in_when_it_is_shown() -> None:
    said = say("test.two", count=3, day=on(date(2026, 12, 25)))
    assert said == "3 visits on Friday, 25 December 2026."
    assert json.loads(said.kept)["values"] == {"count": 3, "day": {"on": "2026-12-25"}}


def test_a_moment_is_shown_on_the_wall_clock_of_its_zone() -> None:
    said = say("test.at", when=at(datetime(2026, 11, 24, 14, tzinfo=UTC), "America/New_York"))
    assert said == "Booked for Tue 24 Nov 2026, 09:00 EST."


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("The number is a landline.", "the number is a landline"),
        ("Twilio does not know this account.", "Twilio does not know this account"),
        ("WhatsApp does not know this number.", "WhatsApp does not know this number"),
    ],
)
def test_what_somebody_else_says_stands_in_a_sentence_without_its_capital_unless_it_is_a_name(
    why: str, words: str
) -> None:
    assert say("test.within", why=quoted(why, within=True)) == f"Text not delivered: {words}."


def test_a_sentence_begins_with_a_capital_and_a_part_of_one_does_not() -> None:
    assert say("test.lower") == "One reminder"
    assert say("test.within", why=say("test.lower")) == "Text not delivered: one reminder."


def test_words_written_before_there_were_codes_are_shown_as_they_are() -> None:
    assert shown("No answer to two reminders.") == "No answer to two reminders."
    assert shown("") == ""


@pytest.mark.parametrize(
    "typed", ['{"say": what she said}', '{"say":', '{"say":3}', '{"quote":{}}', '{"say":"a"', "{}"]
)
def test_what_somebody_typed_that_only_looks_like_a_code_is_shown_as_it_is(typed: str) -> None:
    assert shown(typed)
    assert shown(typed).kept


def test_a_code_that_the_table_has_no_more_and_a_value_that_the_row_never_had_break_no_page() -> None:
    assert shown('{"say":"gone.long_ago"}') == "Gone.long_ago"
    assert shown('{"say":"test.at"}') == "Booked for {when}."


def test_the_same_row_is_read_in_each_readers_language() -> None:
    kept = say("test.month").kept
    with translation.override("es"):
        assert shown(kept) == "Enero"
        assert say("test.two", count=1, day=on(date(2026, 12, 25))) == "1 visits on viernes, 25 diciembre 2026."
    assert shown(kept) == "January"


def test_a_copy_of_a_row_keeps_the_code() -> None:
    assert copy.deepcopy(say("test.plain")).kept == say("test.plain").kept
    assert Sentence("typed").kept == "typed"
