"""A number that nobody can read is kept as it was typed, sealed, until somebody corrects it."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from appointments.inbound import BookingCreated, Person
from appointments.models import Appointment, Customer, Escalation
from appointments.services.booking import bookings
from appointments.services.person import customers
from aro import clock
from aro.ids import new_id
from tests.factories import BusinessFactory, booking

pytestmark = pytest.mark.django_db
TYPED = "555-0142 or ask Tom"


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ada", "ada@example.com", "correct horse battery"))
    return client


def booked(typed: str, *, name: str = "Ana Diaz", external_id: str = "typed/1", email: str = "") -> Appointment:
    BusinessFactory.create()
    news = BookingCreated(
        booking=booking(external_id=external_id, person=Person(name=name, phone=typed, email=email)),
        occurred_at=clock.now(),
    )
    bookings.created(news, correlation_id=new_id())
    return Appointment.objects.get(external_id=external_id)


def test_it_is_kept_sealed_and_the_case_says_that_there_was_one() -> None:
    visit = booked(TYPED)
    assert visit.customer.phone == ""
    assert TYPED not in visit.customer.phone_typed
    assert customers.typed_phone(visit.customer) == TYPED
    assert visit.escalations.get().reason == "unreadable_phone"


@pytest.mark.parametrize(
    "typed",
    [
        "don't text 646 555 0142", "Do NOT text: 646-555-0142", "landline, no texts: 646 555 0143",
        "646-555-0142 (land line)",
        "646 555 0142 no text messages please", "646 555 0142 call only", "646 555 0142 (fijo)",
        "no mandar mensajes 646 555 0142",
        "1 800 555 0199", "646 555 0142 ext. 5", "646 555 0142 fax", "+1 646 555 0142;ext=4",
        "my ex 646 555 0142", "neighbor 646-555-0142", "646 555 0142 (co-worker's)", "pager 646 555 0142",
        "don't call 646 555 0142", "do not call or text: 646 555 0142", "646 555 0142 old number", "vecina 6465550142",
        "no llamar al 646 555 0142", "646 555 0142 (emergency contact)", "ex-husband 646 555 0142",
    ],
)  # fmt: skip
def test_a_number_that_is_not_to_be_texted_is_kept_for_staff_and_not_texted(typed: str) -> None:
    visit = booked(typed)
    assert (visit.customer.phone, customers.typed_phone(visit.customer)) == ("", typed)
    assert visit.escalations.get().reason == "unreadable_phone"


@pytest.mark.parametrize(
    "typed",
    [
        "646 555 0142 text me", "646-555-0142 no calls, text only", "646 555 0142 (husband Leo)",
        "don't call, just text 646 555 0142", "Alex 646 555 0142", "no llamar, solo mensajes 646 555 0142",
        "next to Bea 646 555 0142",
    ],
)  # fmt: skip
def test_other_words_beside_a_number_do_no_harm(typed: str) -> None:
    assert booked(typed).customer.phone == "+16465550142"


def test_a_booking_that_gave_no_number_says_so() -> None:
    visit = booked("  ")
    assert customers.typed_phone(visit.customer) == ""
    assert visit.escalations.get().reason == "no_phone"


def test_staff_see_it_in_the_case_and_correct_it_there(admin: Client) -> None:
    visit = booked(TYPED)
    case = visit.escalations.get()
    page = admin.get(reverse("admin:appointments_escalation_change", args=[case.pk]))
    assert TYPED in page.content.decode()
    correct = reverse("admin:desk_act", args=["customer.correct_phone", visit.customer_id])
    assert correct in page.content.decode()
    assert TYPED in admin.get(correct).content.decode()
    assert admin.post(correct, {"phone": "still nonsense"}).status_code == 400
    assert admin.post(correct, {"phone": "(212) 555-0142"}).status_code == 302
    person = Customer.objects.get(pk=visit.customer_id)
    assert (person.phone, person.phone_typed) == ("+12125550142", "")
    assert Escalation.objects.get(pk=case.pk).status == Escalation.Status.RESOLVED


def test_the_command_line_shows_it() -> None:
    visit = booked(TYPED)
    said = StringIO()
    call_command("appointments_show", str(visit.pk), "--json", stdout=said)
    assert json.loads(said.getvalue())["phone_typed"] == TYPED


def test_a_known_person_without_a_number_keeps_what_a_later_booking_typed() -> None:
    first = booked("", email="ana@example.com")
    news = BookingCreated(
        booking=booking(external_id="typed/2", person=Person(name="Ana Diaz", phone=TYPED, email="ana@example.com")),
        occurred_at=clock.now(),
    )
    bookings.created(news, correlation_id=new_id())
    first.customer.refresh_from_db()
    assert customers.typed_phone(first.customer) == TYPED


def test_a_very_long_answer_is_cut_and_not_refused() -> None:
    assert customers.typed_phone(booked("no phone " * 100).customer) == ("no phone " * 100)[:200]


@pytest.mark.parametrize(
    ("first", "second"), [("+5511987654321", "+551187654321"), ("+541123456789", "+5491123456789")]
)
def test_both_spellings_of_a_number_are_one_person(first: str, second: str) -> None:
    known = booked(first).customer
    news = BookingCreated(
        booking=booking(external_id="typed/2", person=Person(name="Ana Diaz", phone=second)), occurred_at=clock.now()
    )
    bookings.created(news, correlation_id=new_id())
    assert Appointment.objects.get(external_id="typed/2").customer_id == known.pk
