"""Danger in words that are run together or seldom heard, and what is denied, over or a figure of speech."""

from __future__ import annotations

import pytest

from workflows.replies.agreement import is_danger
from workflows.replies.text.compounds import Compounds
from workflows.replies.text.normalize import plain

RUN_TOGETHER = (
    "chestpain since this morning", "chestpains", "cantbreathe", "cantbreath", "bleedingalot", "heartattack",
    "dolordepecho", "shortnessof breath",
    "nopuedorespirar", "chestpain on monday at 3", "i have chestpressure and sweating",
)  # fmt: skip
THREATS = (
    "lo voy a matar", "la voy a matar", "los voy a matar a todos", "te voy a matar", "voy a matar a mi esposo",
    "mi marido me quiere matar, ayuda",
    "mi novio quiere matarme", "i will kill you all", "im going to kill him", "gonna burn the clinic down",
    "im coming with my gun monday",
)  # fmt: skip
SELF_HARM = (
    "ill be dead by tuesday so cancel", "i'll be dead by friday", "not going to make it to 2027 and dont want to",
    "dont think ill make it through the weekend",
    "cant come, this is my last day on earth", "dont need the appt. dont need anything anymore. bye",
    "no creo llegar viva al viernes",
    "no voy a llegar vivo al lunes", "el viernes ya no estare en este mundo", "ya no voy a estar en este mundo",
    "el viernes voy a estar muerta",
    "wont be alive on monday", "ya no necesito nada, adios",
)  # fmt: skip
NO_DANGER = (
    "stopped bleeding, thank you", "the swelling went down", "swelling much better", "its not bleeding anymore",
    "sin dolor en el pecho todo bien",
    "no hay sangrado", "epilepsy runs in my family fyi", "me mata esta espera", "paro en la farmacia y llego",
    "burned my tongue on coffee lol",
    "will it bleed a lot", "will my face swell after", "me tome las pastillas que me dio", "ya no sangra, gracias",
    "se bajo la hinchazon",
    "lo voy a matar jaja", "ill be dead by friday lol", "mi marido me quiere matar porque olvide la cita jaja",
    "fallecio mi tia, tengo velorio el viernes, no puedo",
    "voy a matar el tiempo en la sala", "i need to stop at the pharmacy",
    "see you in the afternoon somewhere downstairs",
)  # fmt: skip
STILL_DANGER = (
    "no bleeding before but now my chest hurts", "the swelling went down but he cant breathe",
    "stopped bleeding but shes unconscious", "le dio un paro en el trabajo",
    "entro en paro", "me tome todas las pastillas que me dio", "never had pain like this in my chest",
    "my aunt had a tia this morning, face is drooping",
)  # fmt: skip


@pytest.mark.parametrize("text", [*RUN_TOGETHER, *THREATS, *SELF_HARM, *STILL_DANGER])
def test_a_danger_is_heard_however_it_is_said(text: str) -> None:
    assert is_danger(plain(text))


@pytest.mark.parametrize("text", NO_DANGER)
def test_what_is_denied_over_or_a_figure_is_no_alarm(text: str) -> None:
    assert not is_danger(plain(text))


def test_a_word_is_taken_apart_only_where_all_its_parts_are_known() -> None:
    words = Compounds(("chest", "pain", "breathe", "rapist"), ("therapist",), (), {"cant": "can not"})
    assert words.apart("chestpain") == ("chest", "pain")
    assert words.apart("cantbreathe") == ("can", "not", "breathe")
    assert [words.apart(word) for word in ("chest", "chestnuts", "therapist", "chestpa1n")] == [()] * 4
