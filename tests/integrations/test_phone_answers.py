"""Which question of a booking form asks for the phone."""

from __future__ import annotations

import time

import pytest

from integrations.providers import phone_answers

NUMBER = "+1 212 555 0188"


@pytest.mark.parametrize(
    "question",
    [
        "Phone", "Telephone number", "Teléfono / WhatsApp", "N° de TELÉFONO", "Tel.:", "Telefonnummer", "Your cell?",
        "Mobilnummer", "número de celular", "Móvil", "cell-phone", "Work_phone",
    ],
)  # fmt: skip
def test_usual_questions_ask_for_the_phone(question: str) -> None:
    assert phone_answers.first([("Name", "Ana"), (question, NUMBER)], "") == NUMBER


@pytest.mark.parametrize("question", ["Reason for cancellation", "Hotel", "Insurance number", "Automobile plate", ""])
def test_a_word_inside_another_is_no_word(question: str) -> None:
    assert phone_answers.first([(question, NUMBER)], "") == ""


def test_an_operators_words_are_never_an_expression() -> None:
    started = time.process_time()
    assert phone_answers.first([("a" * 5000 + "!", NUMBER)], "(x+)+$, .*z") == ""
    assert time.process_time() - started < 1


def test_words_of_nothing_are_the_usual_ones() -> None:
    assert phone_answers.first([("Mobile", NUMBER)], " , ") == NUMBER
