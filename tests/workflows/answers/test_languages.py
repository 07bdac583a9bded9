"""An answer in Spanish is answered in Spanish, and every later text to that person is."""

from __future__ import annotations

import json

import pytest

from appointments.models import Appointment, Business, Customer, Message
from aro import clock
from aro.project import ROOT
from compliance.models import Actor
from integrations.outbound import context
from integrations.outbound.channels import Route
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import ASKED, asked_about, writes
from workflows.commands.bus import execute
from workflows.replies.text.languages import language_of

SET = ROOT / "tests" / "workflows" / "replies" / "sets" / "build.jsonl"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sí, confirmo", "es"),
        ("si", "es"),
        ("no puedo ir", "es"),
        ("ahi estare a las 2 y media", "es"),
        ("mañana", "es"),
        ("¿dónde es?", "es"),
        ("hola gracias", "es"),
        ("numero equivocado", "es"),
        ("yes", "en"),
        ("see you then", "en"),
        ("can't make it", "en"),
        ("running late", "en"),
        ("ok", ""),
        ("no", ""),
        ("C", ""),
        ("X", ""),
        ("STOP", ""),
        ("gracias", ""),
        ("👍", ""),
        ("10:30", ""),
        ("", ""),
        ("退订", ""),
    ],
)
def test_the_words_tell_the_language_or_nothing(text: str, language: str) -> None:
    assert language_of(text) == language


def test_what_people_wrote_is_hardly_ever_taken_for_the_other_language() -> None:
    rows = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    found = [(row["lang"], language_of(row["text"])) for row in rows]
    wrong = [pair for pair in found if pair[1] and pair[1] != pair[0]]
    told = [pair for pair in found if pair[1]]
    assert len(wrong) <= 0.02 * len(told)
    assert len(told) >= 0.7 * len(found)


@pytest.fixture
def visit(db: None) -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create()


def spoken_to(visit: Appointment) -> str:
    return Customer.objects.get(pk=visit.customer_id).language


def answer_text(message: Message) -> str:
    answer = Message.objects.select_related("appointment", "customer").get(key=f"answer:{message.id}")
    route = Route(channel="sms", address=answer.address, business=Business.objects.get())
    return context.read(answer, route, now=clock.now()).text.body


def test_an_answer_in_spanish_is_answered_in_spanish_at_once(visit: Appointment) -> None:
    asked_about(visit)
    message = writes(visit, "Sí, confirmo")
    assert spoken_to(visit) == "es"
    assert "Gracias" in answer_text(message)


def test_in_a_clinic_that_writes_spanish_an_english_answer_is_followed(visit: Appointment) -> None:
    Business.objects.update(language="es")
    writes(visit, "yes I will be there")
    assert spoken_to(visit) == "en"


@pytest.mark.parametrize("text", ["ok", "no", "C", "👍", f"Le gustó “{ASKED}”", f"> {ASKED}\nok"])
def test_what_says_nothing_changes_nothing(visit: Appointment, text: str) -> None:
    asked_about(visit)
    writes(visit, text)
    assert spoken_to(visit) == ""


def test_two_answers_in_the_other_language_bring_it_back_and_one_does_not(visit: Appointment) -> None:
    writes(visit, "no puedo ir mañana")
    writes(visit, "can I come on friday?")
    assert spoken_to(visit) == "es"
    writes(visit, "ok")
    writes(visit, "is there parking?")
    assert spoken_to(visit) == "en"


def test_one_answer_in_between_starts_the_count_anew(visit: Appointment) -> None:
    for text in ("no puedo ir mañana", "can I come on friday?", "o el lunes", "what about tuesday"):
        writes(visit, text)
    assert spoken_to(visit) == "es"


def test_what_staff_chose_stays(visit: Appointment) -> None:
    payload = {"customer_id": str(visit.customer_id), "language": "en"}
    execute(command="customer.choose_language", payload=payload, actor=Actor.ADMIN, actor_id="desk")
    for text in ("no puedo ir mañana", "o el lunes", "gracias por todo, muy amable"):
        writes(visit, text)
    assert spoken_to(visit) == "en"
    execute(command="customer.choose_language", payload={**payload, "language": ""}, actor=Actor.ADMIN, actor_id="desk")
    writes(visit, "hasta el lunes")
    assert spoken_to(visit) == "es"


def test_it_holds_for_everybody_on_the_phone(visit: Appointment) -> None:
    child = CustomerFactory.create(name="Leo Diaz", phone=visit.customer.phone)
    writes(visit, "si, ahi estaremos")
    child.refresh_from_db()
    assert child.language == "es"


@pytest.mark.parametrize("text", ["numero equivocado", "Respuesta automática: estoy conduciendo"])
def test_neither_a_stranger_nor_a_machine_decides(visit: Appointment, text: str) -> None:
    writes(visit, text)
    writes(visit, text)
    assert spoken_to(visit) == ""


@pytest.mark.django_db(transaction=True)
def test_who_was_written_to_goes_on_in_that_language_when_the_clinic_changes_its_own() -> None:
    business = BusinessFactory.create(language="en")
    told, spanish, fresh = (AppointmentFactory.create() for _ in range(3))
    asked_about(told)
    asked_about(spanish)
    Customer.objects.filter(pk=spanish.customer_id).update(language="es")
    business.language = "es"
    business.save()
    known = {one.pk: one.language for one in Customer.objects.all()}
    assert [known[one.customer_id] for one in (told, spanish, fresh)] == ["en", "es", ""]
    told.customer.refresh_from_db()
    writes(told, "Sí, confirmo")
    assert Customer.objects.get(pk=told.customer_id).language == "es"
