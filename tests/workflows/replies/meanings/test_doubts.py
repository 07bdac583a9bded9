"""A yes beside a question that undermines it confirms nothing; a question about the visit does no harm."""

from __future__ import annotations

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion

UNDERMINING = (
    "ok who is this",
    "ok what is this",
    "ok do i know you",
    "Great, what appointment?",
    "ok did i even book this",
    "yes but which doctor?? i never booked",
    "is this for Leo or me",
    "ok is this for leo or for me",
    "sure, who are you?",
    "yes wait what's this about",
    "ok, what for?",
    "sure, for whom?",
    "yes is this a scam",
    "ok when did i make this",
    "Yes which one of us?",
    "ok who's this",
    "si quien es",
    "ok de que cita",
    "si pero de quien",
    "ok para quien es",
    "vale, qué cita?",
    "si? no recuerdo haber hecho cita",
    "ok cual cita",
    "ok who dis",
    "yes who is this for",
    "great. which appointment is this?",
    "ok but i don't remember making an appointment",
    "Yes. Is this for me or my daughter?",
    "sure what's it for",
    "ok how did you get my number",
    "yes? who is texting",
    "yes what did i sign up for",
    "k whats this regarding",
    "ok who am i talking to",
    "yes?? since when do i have an appointment",
    "ok which kid",
    "yes, what office is this",
    "Perfecto, ¿quién habla?",
    "Si, ¿es para mí o para mi hijo?",
)
HARMLESS = (
    "Yes. Is there parking?",
    "Yes, where do I park?",
    "Sure, what floor are you on?",
    "yes what do i need to bring?",
    "Yes! What time should I arrive?",
    "ok, how long will it take?",
    "Yes. Do you take Aetna?",
    "si, ¿dónde queda?",
    "Yes, who will I be seeing?",
    "Yes, which doctor will i see?",
    "yes do i need to fast",
    "ok thanks. what is the address?",
    "Si, cuanto cuesta?",
    "Yes is it ok if i bring my son?",
)


@pytest.mark.parametrize("text", UNDERMINING)
def test_who_does_not_know_the_visit_has_not_confirmed_it(text: str) -> None:
    found = classify(text=text, question=OpenQuestion.CONFIRM)
    assert found.label in (Label.QUESTION, Label.OTHER)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_question_about_the_visit_still_confirms_and_is_passed_on(text: str) -> None:
    found = classify(text=text, question=OpenQuestion.CONFIRM)
    assert (found.label, found.asks) == (Label.CONFIRM, True)
