"""Somebody else has the phone and says so in words of their own; who answers for the patient is no stranger."""

from __future__ import annotations

import pytest

from tests.workflows.phone import ASKED
from workflows.replies.classify import OpenQuestion, classify
from workflows.replies.labels import Label

SOMEBODY_ELSE = (
    "I'm her ex husband, please don't send me her appointments", "this is her ex", "I'm his ex wife, we're divorced",
    "Ana and I broke up, text her not me", "we are not together anymore, please text her",
    "I'm her coworker she borrowed my phone", "she used my phone to book, text her at 646 555 0144",
    "she was using my phone that day", "I let her use my phone once", "Ana borrowed my cell to make the appointment",
    "I found this phone on the bus", "found this phone in a taxi, how do I return it", "this phone was stolen from Ana",
    "this is a stolen phone", "this phone was lost, we are trying to find the owner",
    "Ana is my daughter, her number is 646 555 0123", "Ana is my mom. Her cell is 646 555 0199",
    "This is the nursing home's phone, she was discharged", "this is a nursing home, there are 200 people here",
    "This is the front desk of the Grand Hotel", "this is a hotel", "youve reached a restaurant",
    "this is the school office phone", "You have reached the lobby of a hotel",
    "Marcus here, who's Ana?", "who is Ana?? I'm Pete", "wrong ana", "different Ana", "I'm Ana Lopez not Ana Diaz",
    "I no longer have custody of Tom, contact his mother",
    "I don't have custody anymore, please contact the other parent",
    "I am no longer her guardian", "I'm no longer her caregiver", "bought this sim yesterday",
    "I bought this phone last week", "this is a public phone", "this is not her phone, it's her sister's",
    "error de numero", "numero equibocado", "este celular ya no es de ella", "este cel no es de ella",
    "ya no soy el tutor", "ya no tengo la custodia", "soy su ex esposo, no me manden sus citas", "soy su ex",
    "ella uso mi telefono", "le preste mi celular", "me pidió prestado el teléfono para llamar",
    "encontré este teléfono en el bus", "este celular es robado", "este teléfono fue robado",
    "Ana es mi hija, su numero es 646 555 0123", "esto es un hotel", "aquí es un restaurante",
    "este es el telefono de la escuela", "habla a un asilo de ancianos", "compre este chip ayer",
    "está hablando a una oficina", "yo no soy la persona que buscan",
)  # fmt: skip
STILL_HERS = (
    "this is her daughter, she'll be there", "I'm her husband, she will come",
    "this is her caregiver, we will be there",
    "this is the nursing home, we will bring her at 2", "her ex husband will bring her", "this is Ana's mom. yes",
    "my ex will drop her off, see you then", "I found my phone, yes I'll be there",
    "my phone was stolen but I got it back, yes",
    "I'm at the front desk", "I am at the hotel, see you tomorrow", "she borrowed my car but I'll be there",
    "my new phone was stolen, this one works, see you", "is this the front desk?", "C", "who is the doctor?",
    "I have custody this week, so I'll bring her", "different time please", "wrong time",
    "soy su hija, ella va a ir", "soy su esposo, sí va", "habla su mamá, ahí estaremos", "estoy en el hotel",
    "mi ex la lleva, ahí estará", "encontré el consultorio, gracias",
    "me robaron el telefono pero ya lo recupere, si voy",
    "I'm the front desk manager at a hotel so I need a late time", "can I borrow a phone there?",
)  # fmt: skip


def labels(text: str) -> set[Label]:
    found = classify(text=text, question=OpenQuestion.CONFIRM, context=ASKED, names=frozenset({"tom"}))
    return {found.label, *found.also}


@pytest.mark.parametrize("text", SOMEBODY_ELSE)
def test_somebody_else_at_the_phone_is_a_wrong_number(text: str) -> None:
    assert Label.WRONG_NUMBER in labels(text)


@pytest.mark.parametrize("text", STILL_HERS)
def test_who_answers_for_the_patient_or_tells_of_phones_is_no_stranger(text: str) -> None:
    assert Label.WRONG_NUMBER not in labels(text)
