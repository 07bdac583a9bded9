"""Messages that may mean danger."""

from __future__ import annotations

import itertools
import time

import pytest

from workflows.replies.classify import OpenQuestion, classify
from workflows.replies.danger.emergency import danger_in, tells_of_danger
from workflows.replies.labels import Label
from workflows.replies.text.normalize import plain

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
    assert not tells_of_danger(plain(text))


WHO = ("", "my dad ", "she ", "mi papá ", "he says ")
SIGNS = (
    "chest hurts bad", "cant breathe", "has chest pain", "is having a seizure", "wont wake up",
    "is bleeding everywhere",
    "took a whole bottle of pills",
    "me duele el pecho", "no puede respirar", "no despierta", "se desmayó",
    "face is drooping", "throat is closing", "coughing up blood", "lips are blue", "wants to die", "swallowed bleach",
)  # fmt: skip
AROUND = ("{}", "yes ill be there but {}", "{} should we still come tuesday", "cancel please, {}", "{} 😭", "C. {}")
SLIPS = (("chest", "chst"), ("breathe", "brethe"), ("seizure", "siezure"), ("bleeding", "bleding"), ("pecho", "peccho"))


def test_whoever_it_is_and_whatever_stands_around_it() -> None:
    said = [frame.format(who + sign) for who, sign, frame in itertools.product(WHO, SIGNS, AROUND)]
    found = [text for text in said if classify(text=text, question=OpenQuestion.CONFIRM).label is not Label.EMERGENCY]
    assert found == []


@pytest.mark.parametrize(("word", "slip"), SLIPS)
def test_a_slip_of_the_thumb_hides_nothing(word: str, slip: str) -> None:
    for sign in SIGNS:
        if word in sign:
            assert tells_of_danger(plain(sign.replace(word, slip))), sign


@pytest.mark.parametrize(
    ("alarm", "none"),
    [
        ("i have chest pain", "i have no chest pain"),
        ("had a heart attack", "had a heart attack in 2019, all good now"),
        ("bleeding since monday", "no bleeding since monday"),
        ("i am dying", "i am dying to see you guys"),
        ("my boyfriend will kill me if i leave", "my boss will kill me if i miss it"),
        ("i have trouble breathing", "i have no trouble breathing"),
        ("se está muriendo", "se muere de risa"),
        ("fiebre de 40", "ya no tiene fiebre"),
    ],
)
def test_what_takes_an_alarm_back(alarm: str, none: str) -> None:
    assert tells_of_danger(plain(alarm))
    assert not tells_of_danger(plain(none))


@pytest.mark.parametrize(
    "text",
    [
        "had a heart attack in 2019 and my chest hurts now",
        "dying to see you lol but i cant feel my left arm",
        "my phone died and he is not breathing",
    ],
)
def test_a_sign_that_stands_beside_is_taken_back_by_nothing(text: str) -> None:
    assert tells_of_danger(plain(text))


def test_a_sentence_that_asks_for_silence_too_is_both() -> None:
    found = classify(text="stop texting me, i want to die", question=OpenQuestion.CONFIRM)
    assert (found.label, found.also) == (Label.EMERGENCY, (Label.STOP,))


def test_a_dying_father_gets_no_word_about_visits() -> None:
    found = classify(text="my dad might not make it through the night", question=OpenQuestion.CONFIRM)
    assert found.label in (Label.EMERGENCY, Label.OTHER)


def test_reading_takes_a_few_milliseconds() -> None:
    words = plain("yes i will be there on tuesday at 3 with my daughter, is there parking near the door? thank you")
    danger_in(words)
    started = time.thread_time()
    for _ in range(50):
        danger_in(words)
    assert (time.thread_time() - started) / 50 < 0.05
