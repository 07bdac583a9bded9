"""Messages that may mean danger."""

from __future__ import annotations

import pytest

from workflows.replies.classify import OpenQuestion, classify
from workflows.replies.emergency import is_emergency
from workflows.replies.labels import Label

DANGER = (
    "I have chest pain", "my chest hurts so bad", "I can't breathe", "he cannot breathe", "she is bleeding a lot",
    "it won't stop bleeding", "I want to kill myself", "feeling suicidal", "he took an overdose", "mom passed out",
    "I think it's a heart attack", "having a stroke", "my throat is closing", "should I call 911", "me duele el pecho",
    "no puedo respirar", "está sangrando mucho", "quiero morirme", "mi papá tuvo un infarto",
)  # fmt: skip


@pytest.mark.parametrize("text", DANGER)
@pytest.mark.parametrize("question", list(OpenQuestion))
def test_danger_goes_to_staff_whatever_was_asked(text: str, question: OpenQuestion) -> None:
    found = classify(text=text, question=question)
    assert found.label is Label.EMERGENCY
    assert found.decided


def test_danger_is_seen_behind_a_yes() -> None:
    assert classify(text="Yes. But I have chest pains", question=OpenQuestion.CONFIRM).label is Label.EMERGENCY


@pytest.mark.parametrize("text", ["family emergency, can't come", "my tooth hurts", "I took a breath", "yes", ""])
def test_an_ordinary_trouble_is_no_danger(text: str) -> None:
    assert not is_emergency(text)
