"""Danger in words that were missed, and words that only sound like it."""

from __future__ import annotations

import pytest

from workflows.replies.agreement import is_danger
from workflows.replies.text.normalize import plain

DANGER = (
    "tiene un cuchillo", "mi esposo tiene un cuchillo", "él tiene una pistola", "trae un arma", "he has a knife",
    "he's got a gun",
    "heat stroke i think", "I think he has heatstroke", "dad has a heat stroke", "golpe de calor creo",
    "insolación y se desmayó",
    "tia again", "having a TIA", "mini stroke again", "mom had another TIA just now", "mini derrame otra vez",
    "socket gushing", "tooth socket is gushing", "the socket keeps gushing blood", "gushing from the extraction",
    "unaliving myself", "thinking of unaliving myself", "me sale un chorro de sangre de la muela",
    "going to unalive myself tonight",
)  # fmt: skip
CALM = (
    "my wallet is bleeding", "this bill is bleeding me dry", "wallet bleeding lol", "apt 911", "I live in apt 911",
    "apartment 911, buzz me",
    "so tired i could die", "so hungry I could die", "I could die of boredom",
    "heart attack burger place is next door right?",
    "suite 911", "unit 911", "room 911?", "porsche 911 parked outside", "mi tia viene conmigo",
    "my tia again is coming", "la tia de ella",
    "I carry a pocket knife, is that ok at the door", "he has a butter knife collection", "gushing with joy",
    "she was gushing about you",
    "electric socket near the chair?", "tan cansada que me muero", "me muero de hambre", "mi cartera está sangrando",
    "depto 911",
    "apto 911", "heat is on full blast", "dry socket again lol",
)  # fmt: skip


@pytest.mark.parametrize("text", DANGER)
def test_danger_is_heard_in_these_words(text: str) -> None:
    assert is_danger(plain(text))


@pytest.mark.parametrize("text", CALM)
def test_what_only_sounds_like_danger_is_none(text: str) -> None:
    assert not is_danger(plain(text))
