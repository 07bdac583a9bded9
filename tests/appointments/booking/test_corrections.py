"""A booking system's newer word of who comes: another number, address or name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from appointments.inbound import Applied, BookingCancelled, BookingCreated, BookingMoved, Person
from appointments.models import Appointment, Customer, Escalation, Message
from appointments.services import messages
from appointments.services.booking import bookings
from appointments.services.person import contacts
from aro import clock
from aro.ids import new_id
from compliance import consent, wrong_numbers
from compliance.models import Channel, Consent, Event, Purpose
from tests.factories import BusinessFactory, booking
from workflows.commands import settle_numbers

pytestmark = pytest.mark.django_db
OLD, NEW = "+12125550101", "+12125550102"
BEA = Person(name="Bea Ruiz", phone=OLD)


@pytest.fixture(autouse=True)
def clinic() -> None:
    BusinessFactory.create()


def booked(person: Person = BEA, name: str = "visit-1", *, minutes_later: float = 0, **more: Any) -> Appointment:
    """The booking system tells of the visit; each telling is newer than the last unless `minutes_later` says else."""
    starts_at = (clock.now() + timedelta(days=4)).replace(hour=15, minute=0, second=0, microsecond=0)
    news = BookingCreated(
        booking=booking(source="custom", external_id=name, person=person, starts_at=starts_at, **more),
        occurred_at=clock.now() + timedelta(minutes=minutes_later),
    )
    bookings.created(news, correlation_id=new_id())
    return now_called(name)


def moved(person: Person, name: str = "visit-1", before: str = "visit-1") -> Applied:
    later = clock.now() + timedelta(days=6)
    what = booking(source="custom", external_id=name, person=person, starts_at=later)
    news = BookingMoved(booking=what, previous_external_id=before, occurred_at=clock.now())
    return bookings.moved(news, correlation_id=new_id())


def now_called(name: str) -> Appointment:
    found = bookings.find("custom", name)
    assert found is not None
    return Appointment.objects.select_related("customer").get(pk=found.pk)


def who(name: str = "visit-1") -> tuple[str, str]:
    person = now_called(name).customer
    return person.name, person.phone


def open_cases() -> list[str]:
    return sorted(Escalation.objects.filter(status="open").values_list("reason", flat=True))


def readdressed() -> int:
    return Event.objects.filter(type="appointment.readdressed").count()


def test_a_corrected_number_is_the_persons_and_what_waits_goes_there() -> None:
    visit = booked()
    waiting = messages.plan(key="k", kind="reminder_first", appointment=visit, customer=visit.customer)
    assert waiting is not None
    booked(Person(name="Bea Ruiz", phone=NEW))
    assert who() == ("Bea Ruiz", NEW)
    assert Customer.objects.count() == 1
    assert Message.objects.get(pk=waiting.pk).address == NEW
    assert (readdressed(), consent.state(NEW)) == (1, True)


def test_a_visit_that_is_moved_with_another_number_is_told_there() -> None:
    booked()
    assert moved(Person(name="Bea Ruiz", phone=NEW), name="visit-2").detail == "moved"
    assert (who("visit-2"), readdressed()) == (("Bea Ruiz", NEW), 0)


@pytest.mark.parametrize("typed", ["", "call the office"])
def test_a_number_told_later_ends_the_case_that_there_was_none(typed: str) -> None:
    booked(Person(name="Bea Ruiz", email="bea@example.com", phone=typed))
    assert open_cases() == ["unreadable_phone" if typed else "no_phone"]
    booked(Person(name="Bea Ruiz", email="bea@example.com", phone=NEW))
    assert (who(), open_cases(), readdressed()) == (("Bea Ruiz", NEW), [], 1)
    assert Escalation.objects.get().resolution == "The number or address was corrected."


@pytest.mark.parametrize("known_before", [True, False])
def test_the_number_of_another_known_person_of_that_name_gives_the_visit_to_them(known_before: bool) -> None:  # noqa: FBT001
    if known_before:
        booked(Person(name="Bea Ruiz", phone=NEW), name="earlier")
    booked()
    booked(Person(name="Bea Ruiz", phone=NEW))
    same = now_called("earlier").customer_id if known_before else now_called("visit-1").customer_id
    assert (now_called("visit-1").customer_id, who()) == (same, ("Bea Ruiz", NEW))
    assert readdressed() == 1


def test_all_visits_of_the_same_person_go_to_the_new_number() -> None:
    booked()
    booked(name="visit-2")
    booked(Person(name="Bea Ruiz", phone=NEW))
    booked(name="visit-2")  # its booking still says the former number
    assert who("visit-2") == ("Bea Ruiz", NEW)


def test_nobody_of_the_family_but_the_person_gets_the_new_number() -> None:
    booked()
    booked(Person(name="Leo Ruiz", phone=OLD), name="visit-2")
    booked(Person(name="Bea Ruiz", phone=NEW))
    assert (who(), who("visit-2")) == (("Bea Ruiz", NEW), ("Leo Ruiz", OLD))


def test_a_visit_without_a_name_takes_none_of_the_others_along() -> None:
    booked(Person(phone=OLD))
    booked(Person(phone=OLD), name="visit-2")
    booked(Person(phone=NEW))
    assert (who(), who("visit-2")) == (("", NEW), ("", OLD))


def test_an_older_delivery_corrects_nothing() -> None:
    booked()
    booked(Person(name="Cleo Ruiz", phone=NEW), minutes_later=-30)
    assert who() == ("Bea Ruiz", OLD)


def test_what_staff_corrected_stays_though_the_booking_system_repeats_the_former_number() -> None:
    visit = booked()
    contacts.correct_phone(visit.customer, NEW, by="staff")
    booked(service="Cleaning")
    assert who() == ("Bea Ruiz", NEW)
    booked(Person(name="Bea Ruiz", phone="+12125550103"))
    assert who() == ("Bea Ruiz", "+12125550103")


@pytest.mark.parametrize(
    ("before", "after"),
    [("Baeline Ruiz", "Adeline Ruiz"), ("Bea Riuz", "Bea Ruiz"), ("Bea", "Bea Ruiz"), ("", "Bea Ruiz"), ("Ana", "Leo")],
)
def test_a_corrected_name_is_the_persons(before: str, after: str) -> None:
    booked(Person(name=before, phone=OLD))
    booked(Person(name=after, phone=OLD))
    assert (who(), Customer.objects.count(), readdressed()) == ((after, OLD), 1, 0)


def test_another_name_on_the_family_phone_is_another_of_the_family() -> None:
    booked(Person(name="Ana Ruiz", phone=OLD))
    booked(Person(name="Ana Ruiz", phone=OLD), name="visit-2")
    booked(Person(name="Leo Ruiz", phone=OLD))
    assert (who(), who("visit-2")) == (("Leo Ruiz", OLD), ("Ana Ruiz", OLD))


def test_a_corrected_address_is_the_persons() -> None:
    visit = booked(Person(name="Bea Ruiz", phone=OLD, email="b@example.com"))
    Customer.objects.update(email_usable=False)
    booked(Person(name="Bea Ruiz", phone=OLD, email="bea@example.com"))
    visit.customer.refresh_from_db()
    assert (visit.customer.email, visit.customer.email_usable, readdressed()) == ("bea@example.com", True, 0)


@pytest.mark.parametrize("telling", [booked, moved])
def test_where_name_and_number_both_differ_staff_are_asked(telling: Any) -> None:
    visit = booked()
    telling(Person(name="Carl Moss", phone=NEW))
    telling(Person(name="Carl Moss", phone=NEW))
    assert (who(), open_cases()) == (("Bea Ruiz", OLD), ["other_person"])
    assert Escalation.objects.get(status="open").appointment_id == visit.id


def test_a_second_person_under_one_id_has_a_visit_and_staff_are_asked_about_the_first() -> None:
    visit = booked(seat="bea")
    booked(Person(name="Carl Moss", phone=NEW), seat="carl")
    booked(Person(name="Carl Moss", phone=NEW), seat="carl")
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["Bea Ruiz", "Carl Moss"]
    assert list(Escalation.objects.values_list("reason", "appointment_id", "times")) == [("other_person", visit.id, 1)]


def stopped(address: str) -> None:
    consent.withdraw(address, Channel.SMS, Purpose.CARE, method=Consent.Method.KEYWORD)
    consent.suppress(address, source="keyword")


def test_a_stop_of_the_new_number_holds() -> None:
    booked()
    stopped(NEW)
    booked(Person(name="Bea Ruiz", phone=NEW))
    assert (who(), consent.state(NEW), consent.is_suppressed(NEW)) == (("Bea Ruiz", NEW), False, True)


def test_a_stop_goes_along_to_the_new_number_and_staff_are_told() -> None:
    booked()
    stopped(OLD)
    booked(Person(name="Bea Ruiz", phone=NEW))
    assert (consent.state(NEW), consent.is_suppressed(NEW), consent.is_suppressed(OLD)) == (False, True, True)
    assert open_cases() == ["stop_taken_along"]
    booked(Person(name="Bea Ruiz", phone=NEW), name="another")
    assert consent.is_suppressed(NEW)


def test_a_strangers_stop_stays_with_the_strangers_number() -> None:
    visit = booked()
    settle_numbers.is_wrong(visit.customer)
    stopped(OLD)
    booked(Person(name="Bea Ruiz", phone=NEW))
    assert (consent.is_suppressed(NEW), consent.state(NEW)) == (False, True)


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_number_is_settled_by_the_new_one_and_stays_held_itself(known: bool) -> None:  # noqa: FBT001
    if known:
        booked(Person(name="Bea Ruiz", phone=NEW), name="earlier")
    visit = booked()
    settle_numbers.is_wrong(visit.customer)
    booked(service="Cleaning")
    assert open_cases() == ["wrong_number"]
    booked(Person(name="Bea Ruiz", phone=NEW))
    assert (open_cases(), wrong_numbers.is_held(OLD), wrong_numbers.is_held(NEW)) == ([], True, False)


def test_a_number_that_cannot_be_read_leaves_the_former_one_and_tells_staff() -> None:
    booked()
    for _ in range(2):
        booked(Person(name="Bea Ruiz", phone="12345"))
    assert (who(), open_cases()) == (("Bea Ruiz", OLD), ["unreadable_phone"])
    booked()
    assert open_cases() == []


def test_a_booking_that_says_nothing_of_the_person_corrects_nothing() -> None:
    booked()
    booked(Person())
    assert who() == ("Bea Ruiz", OLD)


def test_of_a_visit_from_before_this_memory_only_what_is_missing_is_filled() -> None:
    booked(Person(name="Bea Ruiz"))
    booked(name="visit-2")
    Appointment.objects.update(person_told={})
    for name in ("visit-1", "visit-2"):
        booked(Person(name="Bea Ruiz", phone=NEW), name=name)
    assert (who()[1], who("visit-2")[1]) == (NEW, OLD)


def test_of_a_move_told_in_two_halves_the_second_may_bring_another_number() -> None:
    visit = booked()
    half = BookingCancelled(
        booking=booking(source="custom", external_id="visit-1", person=BEA, starts_at=visit.starts_at),
        occurred_at=clock.now(),
        moved_to="visit-2",
    )
    bookings.cancelled(half, correlation_id=new_id())
    moved(Person(name="Bea Ruiz", phone=NEW), name="visit-2")
    assert (who("visit-2"), Appointment.objects.count()) == (("Bea Ruiz", NEW), 1)
