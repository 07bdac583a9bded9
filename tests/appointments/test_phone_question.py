"""An installation's regular expression becomes words when it is upgraded."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from appointments import phone_words
from tests.factories import BusinessFactory

more = import_module("appointments.migrations.0025_own_phone_question")
upgrade = import_module("appointments.migrations.0004_phone_question_as_words")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (r"phone|mobile|cell|text|whatsapp|tel[eé]fono|celular|m[oó]vil", upgrade._NEW),
        ("best contact|whom may we call", "best contact, whom may we call"),
        (r"(?i)^mobile\b", upgrade._NEW),
        ("", upgrade._NEW),
    ],
)
def test_an_expression_of_words_keeps_its_words_and_any_other_becomes_the_usual_ones(
    expression: str, words: str
) -> None:
    business = BusinessFactory.create(phone_question=expression)
    upgrade.to_words(apps, None)
    business.refresh_from_db()
    assert business.phone_question == words


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "words"), [(more._OLD, phone_words.OWN), ("best contact", "best contact")])
def test_the_shipped_words_become_more_and_a_clinics_own_stay(typed: str, words: str) -> None:
    business = BusinessFactory.create(phone_question=typed)
    more.more_words(apps, None)
    business.refresh_from_db()
    assert business.phone_question == words
    more.fewer_words(apps, None)
    business.refresh_from_db()
    assert business.phone_question == typed
