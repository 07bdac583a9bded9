"""Somebody else answers, in other words and languages; and machines in French and Portuguese."""

from __future__ import annotations

import pytest

from workflows.replies.stops.machines import is_automatic
from workflows.replies.stops.strangers import says_wrong_number
from workflows.replies.text.normalize import plain

ANA = frozenset({"ana"})


@pytest.mark.parametrize(
    "text",
    [
        "this number belongs to someone else now", "Not Ana anymore, i got this number last month",
        "Ana changed her number", "this isnt her number anymore", "wrong nubmer", "wrong no.",
        "Ana no longer uses this phone", "ana doesnt have this phone anymore", "Ana's number changed",
        "I am not your patient, please check your records", "new owner of this phone",
        "She changed her number", "this is her old number", "my number is not for Ana",
        "who is Ana?? not me", "numero errado", "ana ya no tiene este telefono", "ana cambio de numero",
        "me estan confundiendo con otra persona", "não sou a ana", "mauvais numéro",
        "ce n'est pas le bon numéro", "vous vous trompez de numéro",
    ],
)  # fmt: skip
def test_somebody_else_answers(text: str) -> None:
    assert says_wrong_number(text, names=ANA)


@pytest.mark.parametrize(
    "text",
    [
        "you guys called the wrong number yesterday but this one is right", "who is Ana?",
        "I changed my number last month", "is this the number for billing", "ana will be there", "me cambio de dia",
        "does the doctor have a different number?",
        "I put the wrong number on the form, my insurance number I mean",
    ],
)  # fmt: skip
def test_who_has_the_right_number_is_nobody_else(text: str) -> None:
    assert not says_wrong_number(text, names=ANA)


@pytest.mark.parametrize(
    "text",
    ["Je conduis, je vous répondrai plus tard", "Estou dirigindo agora, respondo assim que puder",
     "Mensagem automática: estou fora", "Réponse automatique : absent jusqu'à lundi",
     "Hi! I'm at the gym until 3pm, will reply after. (Sent automatically)"],
)  # fmt: skip
def test_a_machine_is_known_in_french_and_portuguese_too(text: str) -> None:
    assert is_automatic(plain(text))
