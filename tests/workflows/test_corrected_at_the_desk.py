"""A number corrected by staff: who has it is told of the visit, or a person is told why nobody can be."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse

from appointments.inbound import BookingCreated, Person
from appointments.models import Appointment, Business, Customer, Escalation, Message
from appointments.services.booking import bookings
from aro import clock
from aro.errors import InvalidRequestError
from aro.ids import new_id
from aro.queue import tick
from compliance import consent, wrong_numbers
from compliance.models import Actor
from tests.factories import BusinessFactory, booking
from tests.workflows.phone import cases, writes
from workflows.commands import bus

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "+12125550101", "+12125550102"


def told(phone: str = OLD, *, sent: bool = True) -> Appointment:
    """Bea has a visit in four days, and her confirmation has gone out."""
    BusinessFactory.create(reminder_hours=[48, 24])
    at = clock.now() + timedelta(days=4)
    what = booking(source="custom", external_id="1", person=Person(name="Bea Ruiz", phone=phone), starts_at=at)
    with transaction.atomic():
        bookings.created(BookingCreated(booking=what, occurred_at=clock.now()), correlation_id=new_id())
    tick.drain(["events", "timers"])
    if sent:
        Message.objects.filter(status="planned").update(status="delivered", sent_at=clock.now())
    return Appointment.objects.select_related("customer").get()


def corrects(visit: Appointment, phone: str = NEW, *, wait: int = 0) -> dict[str, str]:
    payload = {"customer_id": str(visit.customer_id), "phone": phone}
    waits = timedelta(seconds=wait)
    done = bus.execute(command="customer.correct_phone", payload=payload, actor=Actor.ADMIN, actor_id="ada", wait=waits)
    tick.drain(["events", "timers"])
    return done


def texts() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("created_at", "id").values_list("kind", "address"))


def case() -> Escalation:
    return Escalation.objects.get(status="open")


def said(visit: Appointment, phone: str = NEW) -> str:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ada", "ada@example.com", "correct horse battery"))
    address = reverse("admin:desk_act", args=["customer.correct_phone", visit.customer_id])
    return client.post(address, {"phone": phone}, follow=True).content.decode()


def test_the_new_number_is_told_of_the_visit_and_may_be_texted() -> None:
    corrects(told())
    assert texts() == [("confirmation", OLD), ("confirmation", NEW)]
    assert consent.state(NEW) is True


def test_a_number_that_was_missing_is_told_as_well() -> None:
    visit = told("")
    Message.objects.update(status="blocked")
    corrects(visit)
    assert texts()[-1] == ("confirmation", NEW)
    assert consent.state(NEW) is True


def test_what_still_waits_goes_there_and_is_not_doubled() -> None:
    corrects(told(sent=False))
    assert texts() == [("confirmation", NEW)]


def test_within_the_minute_nothing_is_said_and_taken_back_nothing_at_all() -> None:
    undo = corrects(told(), wait=60)["undo"]
    assert texts() == [("confirmation", OLD)]
    bus.take_back(undo, actor=Actor.ADMIN, actor_id="ada")  # type: ignore[arg-type]
    tick.drain(["events", "timers"])
    assert texts() == [("confirmation", OLD)]
    assert consent.state(NEW) is None


def test_who_had_said_stop_is_not_texted_at_the_new_number_either() -> None:
    visit = told()
    writes(visit, "STOP")
    corrects(visit)
    assert texts()[-1][1] != NEW
    assert consent.is_suppressed(NEW)
    assert "stop_taken_along" in cases()


def test_a_number_that_said_stop_is_a_case_at_once_and_staff_read_it() -> None:
    visit = told()
    consent.suppress(NEW, source="keyword")
    page = said(visit)
    assert case().reason == "said_stop"
    assert "nobody reminds" in case().title
    assert "Call" in case().next_step
    assert "What is still to come goes there" not in page
    assert "No text goes out: this number said stop" in page


def test_a_number_at_which_somebody_else_answers_is_a_case_at_once_and_staff_read_it() -> None:
    visit = told()
    wrong_numbers.hold(NEW)
    page = said(visit)
    assert (case().reason, case().appointment) == ("held_number", visit)
    assert "press The number is right" in case().next_step
    assert "What is still to come goes there" not in page
    assert "Texts wait: somebody else answers at this number" in page


def test_a_number_that_nobody_agreed_to_is_said_to_get_nothing() -> None:
    visit = told("")
    Business.objects.update(booking_consent_care=False)
    assert "no consent to texts of this kind is on record for this number" in said(visit)


def test_a_good_number_gets_what_is_still_to_come() -> None:
    assert "What is still to come goes there" in said(told())


def test_the_booking_systems_correction_to_a_silent_number_is_a_case_too() -> None:
    visit = told()
    consent.suppress(NEW, source="keyword")
    what = booking(
        source="custom", external_id="1", person=Person(name="Bea Ruiz", phone=NEW), starts_at=visit.starts_at
    )
    with transaction.atomic():
        bookings.created(BookingCreated(booking=what, occurred_at=clock.now()), correlation_id=new_id())
    assert case().reason == "said_stop"


def test_a_late_word_from_the_former_number_asks_for_no_other_and_holds_it() -> None:
    visit = told()
    corrects(visit)
    writes(visit, "wrong number", sender=OLD)
    assert (cases(), wrong_numbers.is_held(OLD), wrong_numbers.is_held(NEW)) == ([], True, False)


def test_what_it_writes_later_is_not_said_to_be_the_patients() -> None:
    visit = told()
    writes(visit, "wrong number")
    corrects(visit)
    writes(visit, "C", sender=OLD)
    assert "former number" in case().title
    assert "The number is right" not in case().next_step


def test_of_a_family_that_still_has_the_number_it_asks() -> None:
    visit = told()
    Customer.objects.create(name="Leo Ruiz", phone=OLD)
    corrects(visit)
    writes(visit, "wrong number", sender=OLD)
    assert cases() == ["wrong_number"]


def test_corrected_once_more_to_a_good_number_the_case_ends() -> None:
    visit = told()
    consent.suppress(NEW, source="keyword")
    corrects(visit)
    corrects(visit, "+12125550103")
    assert "said_stop" not in cases()


@pytest.mark.parametrize(
    ("typed", "why"), [("+12025550100", "your own number"), ("+1 212 555 0142;ext=4", "extension"), ("no", "no phone")]
)
def test_what_no_patient_reads_is_refused(typed: str, why: str) -> None:
    visit = told()
    with pytest.raises(InvalidRequestError, match=why):
        corrects(visit, typed)
    assert Customer.objects.get().phone == OLD


def test_a_booking_with_the_clinics_own_number_is_not_texted_and_asks() -> None:
    visit = told("(202) 555-0100")
    assert (visit.customer.phone, cases()) == ("", ["unreadable_phone"])
    assert "own number" in case().title


def test_several_corrections_one_after_the_other_plan_one_text() -> None:
    visit, start = told(), clock.now()
    for second in range(0, 120, 10):
        with time_machine.travel(start + timedelta(seconds=second), tick=True):
            tick.drain(["events", "timers"])
            if second < 40:
                corrects(visit, f"+1212555010{second // 10 + 2}", wait=60)
    assert texts() == [("confirmation", OLD), ("confirmation", "+12125550105")]
