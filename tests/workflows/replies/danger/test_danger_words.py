"""The words of danger and of opting out are data that can be reviewed: whole, and spelled as replies are read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from workflows.replies.danger import danger_words
from workflows.replies.danger.danger_words import LANGUAGES
from workflows.replies.danger.emergency import danger_in
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists

PATTERN = re.compile(r"~|\{\w+\}|\S+\*")


def tables() -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in LANGUAGES:
        found = danger_words.language(name)
        for table, phrases in (found.tables() | found.figures | found.taken_back).items():
            yield f"{name}.{table}", phrases
    for name in wordlists.FILES:
        said = wordlists.one(name).opt_out
        for table, phrases in (said.tables | {"wordings": said.wordings, "otherwise": said.otherwise}).items():
            yield f"{name}.opt_out.{table}", phrases


@pytest.mark.parametrize(("name", "phrases"), list(tables()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_phrase_is_spelled_as_a_reply_is_read_and_said_once(name: str, phrases: tuple[str, ...]) -> None:
    assert len(phrases) == len(set(phrases))
    for phrase in phrases:
        said = [part.strip() for part in PATTERN.split(phrase) if part.strip()]
        assert [plain(part).strip() for part in said] == said


def test_every_combination_names_tables_that_exist() -> None:
    known = {*danger_words.signs().numbers, *(t for name in LANGUAGES for t in danger_words.language(name).tables())}
    named = {part for sign in danger_words.signs().sign for parts in sign.combinations() for part in parts}
    assert named <= known


def test_both_languages_have_the_same_tables() -> None:
    en, es = (danger_words.language(name).tables() for name in LANGUAGES)
    assert set(en) == set(es)


def test_a_real_word_is_no_word_of_danger() -> None:
    assert danger_in(plain("my chest feels tight")) == "chest"
    assert danger_in(plain("my cheat feels tight")) is None
