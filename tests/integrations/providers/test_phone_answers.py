"""Which question of a booking form asks for the phone."""

from __future__ import annotations

import time

import pytest

from integrations.providers.shared import phone_answers

NUMBER = "+1 212 555 0188"


@pytest.mark.parametrize(
    "question",
    [
        "Phone", "Telephone number", "Teléfono / WhatsApp", "N° de TELÉFONO", "Tel.:", "Telefonnummer", "Your cell?",
        "Mobilnummer", "número de celular", "Móvil", "cell-phone", "Work_phone", "Best number to reach you?", "Cell #",
        "Contact number", "Número de contacto", "No. de cel.", "Text number", "What's your number?", "Parent's phone",
        "Where can the doctor reach you? Phone", "Número donde la clínica puede llamarle",
        "Phone number (no landlines please)", "Phone where the nurse can reach you", "Mobile phone (for reminders)",
        "Handy / Mobil", "Phone. Notice: bring a photo", "Phone of the person to be seen", "Phone in case of changes",
    ],
)  # fmt: skip
def test_usual_questions_ask_for_the_phone(question: str) -> None:
    assert phone_answers.first([("Name", "Ana"), (question, NUMBER)], "") == NUMBER


@pytest.mark.parametrize("question", ["Reason for cancellation", "Hotel", "Insurance number", "Automobile plate", ""])
def test_a_word_inside_another_is_no_word(question: str) -> None:
    assert phone_answers.first([(question, NUMBER)], "") == ""


OF_OTHERS = [
    "Emergency contact phone", "Insurance company phone number", "Referring doctor's phone", "Pharmacy phone", "Fax",
    "Phone of your physician", "Teléfono de emergencia", "Teléfono del seguro", "Next of kin: mobile", "Dr. phone",
    "Doctor's office phone", "Spouse cell", "Número de contacto de emergencia", "Persona de contacto - teléfono",
    "Phone of someone to call if we can't reach you", "Teléfono de un familiar", "Employer phone", "Phone / fax",
    "Phone number of the person who will drive you home", "Driver's cell", "Interpreter's phone number",
    "Who should we call if you cannot be reached? Phone", "Roommate phone number", "Teléfono de su acompañante",
    "Numéro de téléphone d'une personne à prévenir", "School phone", "Caregiver's cell number",
    "Telefon des Notfallkontakts",
    "Phone of a family member", "Celular de quien lo lleva a casa", "Teléfono de la persona a quien avisar",
    "Boss phone", "ICE phone number", "Phone of your ride home", "Old phone number", "Phone - do not text",
    "School nurse phone",
    "Whom can we call when you don't answer? Phone", "Telefono del chofer", "Babysitter's phone",
    "Téléphone du conjoint",
]  # fmt: skip


@pytest.mark.parametrize("question", OF_OTHERS)
def test_a_number_of_somebody_else_never_counts(question: str) -> None:
    theirs, own = (question, "+1 212 555 0111"), ("Your phone", NUMBER)
    assert phone_answers.first([theirs], "") == ""
    assert phone_answers.first([theirs, own], "") == NUMBER
    assert phone_answers.first([own, theirs], "") == NUMBER


@pytest.mark.parametrize("question", ["Home phone", "Work phone", "Second phone", "Mother's phone", "Teléfono fijo"])
def test_a_number_that_gets_no_texts_or_is_a_parents_is_for_want_of_a_better_one(question: str) -> None:
    poorer = (question, "+1 212 555 0111")
    assert phone_answers.first([poorer, ("Mobile", NUMBER)], "") == NUMBER
    assert phone_answers.first([poorer, ("Mobile", "")], "") == "+1 212 555 0111"


def test_staff_add_words_of_others_and_may_want_one_after_all() -> None:
    coach = ("Coach's phone", NUMBER)
    assert phone_answers.first([coach], "phone") == NUMBER
    assert phone_answers.first([coach], "phone, not coach") == ""
    assert phone_answers.first([("Caregiver phone", NUMBER)], "phone, caregiver phone") == NUMBER
    assert phone_answers.first([("Phone", NUMBER)], "not coach") == NUMBER


def test_an_operators_words_are_never_an_expression() -> None:
    started = time.process_time()
    assert phone_answers.first([("a" * 5000 + "!", NUMBER)], "(x+)+$, .*z") == ""
    assert time.process_time() - started < 1


def test_words_of_nothing_are_the_usual_ones() -> None:
    assert phone_answers.first([("Mobile", NUMBER)], " , ") == NUMBER
