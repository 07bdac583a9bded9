"""A booking whose name, or phone, says not to text its person: nothing automatic goes there before staff allow it."""

from __future__ import annotations

import pytest

from appointments import names, phone_wishes
from appointments.inbound import BookingCreated, Person
from appointments.models import Appointment, Customer, Escalation
from appointments.services.booking import bookings
from appointments.texts.values import first_name, last_name
from aro import clock
from aro.ids import new_id
from compliance import consent
from compliance.models import Actor, Channel, Consent
from tests.appointments.test_typed_phones import admin
from tests.factories import BusinessFactory, booking
from tests.integrations.carriers.mail_server import MailServer
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import mail, sends, twilio, work
from tests.workflows.phone import answers_to, asked_about, cases, writes
from workflows.commands import bus

__all__ = ["admin", "mail", "twilio"]
pytestmark = [pytest.mark.django_db(transaction=True)]
PHONE, MAIL = "+12125550177", "ana@example.com"
WISHES = [
    "DO NOT CALL Ana Ruiz", "Ana Ruiz (DO NOT TEXT)", "NO TEXTS - Ruiz, Ana", "Ana Ruiz *no sms*",
    "Do not contact Ana Ruiz", "Don’t text Ana Ruiz", "Ruiz, Ana - DO NOT CALL/TEXT",
    "***NO TEXT MESSAGES PLEASE*** Ana Ruiz", "Ana Ruiz, no reminders", "Please do not text this patient: Ana Ruiz",
    "[DO NOT SMS] Ana Ruiz", "Ana Ruiz never text her", "do_not_text_Ana Ruiz", "Ana Ruiz (wants no automated texts)",
    "Ana Ruiz opted out of texts", "Stop texting Ana Ruiz", "NO LLAMAR Ana Ruiz", "Ana Ruiz (no enviar mensajes)",
    "Ruiz, Ana - sin sms", "No escribir a Ana Ruiz", "Ana Ruiz *no contactar*",
    "Ana Ruiz (no quiere mensajes de texto)", "Favor de no mandar textos a Ana Ruiz", "Ana Ruiz no molestar",
    "Ana Ruiz (call only)", "Ana Ruiz (solo llamadas)", "Ana Ruiz DNC", "Ana Ruiz NO CONTACT", "NO CALLS Ana Ruiz",
]  # fmt: skip


@pytest.fixture(autouse=True)
def clinic() -> None:
    BusinessFactory.create(quiet_from="00:00", quiet_until="00:00")


def booked(name: str, phone: str = PHONE, *, external_id: str = "v/1", email: str = "") -> Appointment:
    person = Person(name=name, phone=phone, email=email)
    news = BookingCreated(booking=booking(external_id=external_id, person=person), occurred_at=clock.now())
    bookings.created(news, correlation_id=new_id())
    return Appointment.objects.get(external_id=external_id)


def allow(person: Customer) -> None:
    payload = {"customer_id": str(person.id), "evidence": "asked at the desk"}
    bus.execute(command="customer.opt_in", payload=payload, actor=Actor.ADMIN, actor_id="ada")


@pytest.mark.parametrize("name", WISHES)
def test_a_wish_in_a_name_is_heeded_and_greets_nobody(name: str) -> None:
    assert phone_wishes.name_says_not_to_text(name)
    assert first_name(name) == "Ana"
    assert last_name(name) == "Ruiz"
    assert names.compatible("Ana Ruiz", name)
    assert not names.are_two("Ana Ruiz", name)


@pytest.mark.parametrize(
    "name",
    ["Ana Ruiz", "Noah Text", "Ana No", "Do Ngoc", "Norma Textor",
     "Call, Ana", "Phone Ring", "Maria Fijo", "Ana Ruiz (no calls, text only)",
     "Ana Ruiz: do not call, text instead", "Ana Stop", "Contact Ana", "Sin Ye", "Ana Mensah", "No Hyun-woo"],
)  # fmt: skip
def test_a_name_without_one_is_texted(name: str) -> None:
    assert not phone_wishes.name_says_not_to_text(name)


def test_a_name_that_is_nothing_but_the_wish_greets_nobody() -> None:
    assert first_name("DO NOT CALL") == ""
    assert first_name("Ana Ruiz (no calls, text only)") == first_name("TEXT ONLY Ana") == "Ana"


def test_nothing_automatic_goes_out_and_one_case_says_what_to_press(twilio: Loopback) -> None:
    visit = booked("Ana Ruiz (DO NOT TEXT)")
    planned = sends(visit)
    assert (planned.status, planned.reason, twilio.requests) == ("blocked", "texts_unwanted", [])
    assert not Consent.objects.exists()
    case = Escalation.objects.get()
    assert (case.reason, case.customer) == ("no_texts", visit.customer)
    assert "press Opt in again" in case.next_step
    booked("Ana Ruiz (DO NOT TEXT)", external_id="v/2")
    assert (Customer.objects.count(), Escalation.objects.get().times) == (1, 2)


def test_who_is_known_by_that_number_is_texted_no_more_and_who_shares_it_is(twilio: Loopback) -> None:
    earlier, leo = booked("Ana Ruiz"), booked("Leo Ruiz", external_id="v/2")
    booked("NO TEXTS Ana Ruiz", external_id="v/3")
    assert Customer.objects.count() == 2
    assert sends(earlier, "reminder_first").reason == "texts_unwanted"
    assert sends(leo, "reminder_first").status == "queued"
    assert "Ana" not in twilio.form().decode()


def test_a_name_that_is_changed_to_it_counts(twilio: Loopback) -> None:
    visit = booked("Ana Ruiz")
    booked("Ana Ruiz - DO NOT TEXT")
    visit.refresh_from_db()
    assert sends(visit).reason == "texts_unwanted"
    assert cases() == ["no_texts"]


@pytest.mark.parametrize("typed", ["212 555 0177 no texts", "do not call 212-555-0177", "no texts: +1 212 555 0177"])
def test_so_does_a_wish_beside_the_number_of_who_is_known(twilio: Loopback, typed: str) -> None:
    visit = booked("Ana Ruiz")
    booked("Ana Ruiz", typed)
    later = booked("Ana Ruiz", typed, external_id="v/2")
    visit.refresh_from_db()
    assert later.customer == visit.customer
    assert sends(visit).reason == "texts_unwanted"
    assert cases() == ["no_texts"]


def test_staff_allow_it_once_and_for_all(twilio: Loopback) -> None:
    visit = booked("Ana Ruiz (DO NOT TEXT)")
    allow(visit.customer)
    assert cases() == []
    later = booked("Ana Ruiz (DO NOT TEXT)", external_id="v/2")
    booked("Ana Ruiz (DO NOT TEXT) ", external_id="v/1")
    assert cases() == []
    assert sends(later, "reminder_first").status == "queued"
    assert "Hi Ana," in twilio.form().decode().replace("+", " ").replace("%2C", ",")


def test_who_texts_start_is_texted_again(twilio: Loopback) -> None:
    visit = booked("Ana Ruiz (DO NOT TEXT)")
    writes(visit, "START")
    visit.refresh_from_db()
    assert cases() == []
    assert sends(visit).status == "queued"


def test_who_writes_is_answered(twilio: Loopback) -> None:
    visit = booked("Ana Ruiz (DO NOT TEXT)")
    asked_about(visit)
    note = writes(visit, "C")
    assert answers_to(note) == ["thank_you"]
    work()
    assert "Thank" in twilio.form().decode()


def test_it_goes_by_e_mail_to_who_agreed_to_it(twilio: Loopback, mail: MailServer) -> None:
    visit = booked("Ana Ruiz (DO NOT TEXT)", email=MAIL)
    consent.give(MAIL, Channel.EMAIL, "care", method="verbal")
    assert sends(visit).channel == "email"
    assert (twilio.requests, len(mail.letters)) == ([], 1)


def test_closing_the_case_alone_allows_nothing(twilio: Loopback) -> None:
    visit = booked("Ana Ruiz (DO NOT TEXT)")
    payload = {"escalation_id": str(Escalation.objects.get().id), "resolution": "called"}
    bus.execute(command="escalation.resolve", payload=payload, actor=Actor.ADMIN, actor_id="ada")
    assert sends(visit).reason == "texts_unwanted"
