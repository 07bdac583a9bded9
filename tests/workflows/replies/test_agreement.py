"""What the rules and the learned reader decide together, and what the weights were made from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.eval import __main__ as gate
from tests.workflows.replies.test_short_replies import REMINDER, label_of
from workflows.replies import agreement, learned
from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion, Source
from workflows.replies.text.normalize import plain

ASKS_SOMETHING_ELSE = "Please confirm: a table for 2 at 7 pm on March 1st?"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("any other slots later this wk, boss got me closing", Label.RESCHEDULE),
        ("10:30 works like a charm", Label.CONFIRM),
    ],
)
def test_what_no_rule_knows_is_read_by_how_people_write(text: str, label: Label) -> None:
    found = classify(text=text, question=OpenQuestion.CONFIRM, context=REMINDER)
    assert (found.label, found.source) == (label, Source.LEARNED)


@pytest.mark.parametrize(
    "text", ["We'll see.", "si hay colado no llego, si no hay si", "SEÑORITA CUANTO ME VA A COSTAR"]
)
def test_a_rule_alone_makes_no_yes_of_what_people_mean_otherwise(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize(
    "text", ["shes asleep ill ask her, see you tuesday", "forget about tuesday, thx anyway", "tuesday? no"]
)
def test_no_likelihood_makes_a_yes_of_a_no_a_question_or_another_time(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize("text", ["", ".", "?", "...", "😶", "好", "🐶🐶", "tuesday", "12/1"])
def test_of_what_has_no_words_the_learned_reader_has_no_opinion(text: str) -> None:
    found = classify(text=text, question=OpenQuestion.CONFIRM, context=REMINDER)
    assert found.source != Source.LEARNED


def test_what_asks_something_else_is_for_the_rules_alone() -> None:
    assert agreement.asks_to_come(REMINDER)
    assert agreement.asks_to_come("Responda C para confirmar, R para cambiarla")
    assert not agreement.asks_to_come(ASKS_SOMETHING_ELSE)
    found = classify(
        text="any other slots later this wk, boss got me closing",
        question=OpenQuestion.CONFIRM,
        context=ASKS_SOMETHING_ELSE,
    )
    assert found.source != Source.LEARNED


@pytest.mark.parametrize(
    "text",
    ["call 911", "C. chest pain", "overdose", "stop I have chest pain", "yes ill be there but my dad has chest pain"],
)
def test_a_few_grave_words_are_an_alarm_whatever_was_learned(text: str) -> None:
    assert agreement.is_danger(plain(text))


@pytest.mark.parametrize("text", ["half his face isnt moving right", "mi abuelo no reacciona y esta morado"])
def test_danger_in_words_of_ones_own_is_an_alarm(text: str) -> None:
    assert agreement.is_danger(plain(text))


def test_the_shares_of_the_meanings_are_one_and_hostile_texts_harm_nothing() -> None:
    for text in ("", "yes", "a" * 4096, "? " * 2000, "ñ" * 50):
        likely = learned.weights("labels").likely(plain(text), ["fits:"])
        assert set(likely) == {*agreement.MEANINGS, Label.OTHER}
        assert sum(likely.values()) == pytest.approx(1)


def test_the_weights_have_a_byte_for_each_bucket_and_meaning() -> None:
    for name, meanings in (("labels", 6), ("danger", 2)):
        weights = learned.weights(name)
        assert len(weights.table) == learned.BUCKETS * meanings


def test_the_weights_were_learned_from_the_sets_as_they_are() -> None:
    learned_from = (learned.FOLDER / "sets.sha256").read_text(encoding="utf-8").strip()
    assert learned_from == gate.digest(), "a set has changed: run `make learn` and commit config/replies/learned"


def test_nothing_that_is_kept_back_was_learned() -> None:
    kept = [path for path in gate.SETS.glob("*.jsonl") if gate.KEPT_BACK in path.stem]
    ids = {json.loads(line)["id"] for path in kept for line in Path(path).read_text(encoding="utf-8").splitlines()}
    assert kept
    assert ids.isdisjoint(json.loads(line).get("id") for text in gate.for_building() for line in text.splitlines())
