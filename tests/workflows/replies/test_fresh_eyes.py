"""What people who had seen neither the rules nor the code got ARO to read wrongly, on 28 November 2026."""

from __future__ import annotations

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion, Sort

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


@pytest.mark.parametrize(
    "text",
    [
        "Definitely",
        "sure thing",
        "Voy.",
        "be there",
        "will do",
        "count me in",
        "i can make it",
        "cuente conmigo",
        "obvio que voy",
    ],
)
def test_a_common_yes_confirms_though_few_people_wrote_it_for_us(text: str) -> None:
    assert label_of(text) is Label.CONFIRM


@pytest.mark.parametrize("text", ["Yes what time", "yes, what day", "ok a que hora", "Yes when", "si que dia es"])
def test_who_does_not_know_when_it_is_has_confirmed_nothing(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize(
    "text",
    [
        "I can't come in the front door",
        "I can't come empty handed haha",
        "cant come up the stairs",
        "can't come to the phone",
    ],
)
def test_who_cannot_come_in_some_way_cancels_nothing(text: str) -> None:
    assert label_of(text) is not Label.CANCEL


@pytest.mark.parametrize(
    "text", ["Not gonna make it", "not gonna make tuesday, ill call", "boss wont let me out, cant come"]
)
def test_a_plain_no_is_no_emergency(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday 2:30 locked in", "class ran over, there in 15", "hay paro de subte, llego tarde",
        "no podre ir el lunes, disculpe las molestias", "a las 2:30 en mi hora libre",
        "insurance cut off. cancel please", "My wife didn't survive the surgery",
    ],
)  # fmt: skip
def test_everyday_words_are_no_emergency(text: str) -> None:
    assert label_of(text) is not Label.EMERGENCY


@pytest.mark.parametrize("text", ["he's not gonna make it please hurry", "car accident on the way, im hurt"])
def test_danger_beside_them_still_is_one(text: str) -> None:
    assert label_of(text) is Label.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "I asked you to stop", "I've asked you before not to text me", "Stop I dont know you", "DNC", "Stopp bitte",
        "стоп", "Отписаться", "停止", "توقف",
    ],
)  # fmt: skip
def test_stop_in_further_words_and_scripts(text: str) -> None:
    assert label_of(text) is Label.STOP


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for contacting Smith Plumbing! Yes, we are open Mon-Fri 8-5. Reply STOP to opt out.",
        "Joe's Pizza: 2 for 1 tonight. Text STOP to end, HELP for help.",
        "Gracias por escribir a Taller Luna. Responda BAJA para no recibir mensajes.",
    ],
)
def test_whoever_says_how_to_stop_has_not_asked_to(text: str) -> None:
    found = classify(text=text, question=OpenQuestion.CONFIRM, context=REMINDER)
    assert (found.label, found.sort) == (Label.OTHER, Sort.MACHINE)


def test_not_any_more_is_no_stop() -> None:
    assert label_of("ya no") is not Label.STOP
