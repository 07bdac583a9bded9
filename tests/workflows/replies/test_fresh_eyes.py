"""What people who had seen neither the rules nor the code got ARO to read wrongly, on 28 November 2026."""

from __future__ import annotations

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion

REMINDER = (
    "Riverside Clinic: Hi Ana, a reminder of your appointment on Tuesday, December 1 at 2:30 PM. "
    "Reply C to confirm, R to reschedule, X if you cannot come."
)


def label_of(text: str) -> Label:
    return classify(text=text, question=OpenQuestion.CONFIRM, context=REMINDER).label


@pytest.mark.parametrize(
    "text",
    [
        "Ok I'll be working",
        "Yes I'll be away",
        "Yes, I'm in jail that day",
        "Perfect, I'll be in Spain then",
        "Perfect, I'm in Spain then",
        "Sure, I'll be at work then",
        "Great, the 30th is my birthday so I'm away",
        "Genial, estaré en España",
        "Sí, estaré trabajando",
        "Vale, estaré de viaje",
        "I'll be there in my dreams",
        "Ill be there in spirit lol",
    ],
)
def test_a_yes_of_somebody_who_is_elsewhere_confirms_nothing(text: str) -> None:
    assert label_of(text) is Label.OTHER


@pytest.mark.parametrize("text", ["Yes I'll be there", "ok ill be home so yes", "si estare ahi"])
def test_a_yes_of_somebody_who_is_here_still_confirms(text: str) -> None:
    assert label_of(text) is Label.CONFIRM


@pytest.mark.parametrize(
    "text",
    [
        "not cancelling, I'll be there",
        "I'm not cancelling",
        "not going to miss it!",
        "No, I'm not going to miss it",
        "I thought I can't come but now I can",
        "I never said I can't come",
        "I can't come any earlier",
        "I have to reschedule work but I'll be there",
        "My husband will come instead",
    ],
)
def test_who_means_to_come_cancels_nothing(text: str) -> None:
    assert label_of(text) is not Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "Ana no longer lives here",
        "She moved away, this is her landlord",
        "Please take this number out, he doesn't live here",
        "You have the wrong Ana",
        "I'm not the person you want",
    ],
)
def test_a_stranger_is_known_in_other_words(text: str) -> None:
    assert label_of(text) is Label.WRONG_NUMBER


@pytest.mark.parametrize("text", ["I'll sue you if you text again", "If you text me again I'll sue", "PARA", "para"])
def test_consent_is_revoked_in_other_words(text: str) -> None:
    assert label_of(text) is Label.STOP


@pytest.mark.parametrize("text", ["high fever and swollen jaw, hard to swallow"])
def test_a_spreading_infection_is_danger(text: str) -> None:
    assert label_of(text) is Label.EMERGENCY


def test_a_phone_company_is_no_person() -> None:
    assert label_of("The number you have reached is not accepting text messages") is Label.OTHER
