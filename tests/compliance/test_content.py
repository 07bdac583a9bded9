from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import content


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SSN 123-45-6789", "social security"),
        ("123 45 6789", "social security"),
        ("MRN: 448812", "record number"),
        ("Medical record no. A-99812", "record number"),
        ("Expediente número 5512", "record number"),
        ("Your diagnosis is ready", "health word"),
        ("su diagnóstico", "health word"),
        ("Oncology visit", "health word"),
        ("cita de psiquiatría", "health word"),
        ("HIV test", "health word"),
        ("root canal on Monday", "health word"),
        ("Take your medication", "medication word"),
        ("la receta médica", "medication word"),
        ("20 mg twice daily", "dose"),
        ("this treatment helps", "medical advice"),
        ("we can cure it", "medical advice"),
        ("DOB 1 Jan", "date of birth"),
        ("see https://bit.ly/3abc", "shortened link"),
        ("TINYURL.COM/x", "shortened link"),
        ("http://www.t.co/x", "shortened link"),
    ],
)
def test_what_must_not_be_in_a_text_is_found(text: str, problem: str) -> None:
    assert any(problem in found for found in content.problems(text))


@pytest.mark.parametrize(
    "text",
    [
        "Hi Ann, your visit at Harbor Street Dental is on Tue, Nov 24 at 9:00 AM.",
        "Call (202) 555-0123 or +12025550123",
        "Book at https://oncology-center.example/visit?id=123-45-6789",
        "https://habit.ly.example/x and https://t.com/x",
        "Su cita es el mar 24 nov, 9:00 am.",
        "Bring a pillow, a policy card and stickers; health is wealth",
    ],
)
def test_ordinary_texts_are_left_alone(text: str) -> None:
    assert content.problems(text) == []


def test_a_business_may_bear_its_own_name() -> None:
    text = "Harbor Oncology: your visit is on Tuesday."
    assert content.problems(text)
    assert content.problems(text, ignoring=["Harbor Oncology"]) == []
    assert content.problems(text + " Oncology results", ignoring=["Harbor Oncology"])


def test_the_findings_do_not_repeat_what_was_found() -> None:
    assert not any("6789" in found for found in content.problems("SSN 123-45-6789"))


@given(st.text())
def test_any_text_can_be_judged(text: str) -> None:
    assert isinstance(content.problems(text), list)
