"""Names in every script are names: compared, kept apart and found again."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client

from appointments import names
from appointments.inbound import BookingCreated, Person
from appointments.models import Appointment, Business, Customer
from appointments.services.booking import bookings
from appointments.services.person import customers
from aro import clock
from aro.ids import new_id
from tests.factories import BusinessFactory, booking

DIFFERENT = [
    ("王伟", "李娜"),
    ("Иван Петров", "Ольга Орлова"),
    ("محمد علي", "فاطمة حسن"),
    ("אבי כהן", "רחל כהן"),
    ("राम शर्मा", "सीता शर्मा"),
    ("กมล ใจดี", "สมชาย ใจดี"),
    ("김철수", "이영희"),
    ("さくら", "ひろし"),
    ("Γιώργος Παπάς", "Μαρία Παπά"),
    ("Ana Diaz", "Leo Diaz"),
    ("José", "Josefa"),
    ("Li Na", "李伟"),
]
SAME = [
    ("José Muñoz", "Jose Munoz"),
    ("Łukasz", "Lukasz"),
    ("Søren Ærø", "soren aero"),
    ("O'Brien", "O’Brien"),
    ("Иван Петров", "иван"),
    ("Пётр", "Петр"),
    ("王伟", "王 伟"),
    ("مُحَمَّد", "محمد"),
    ("ＡＮＡ Diaz", "Ana"),
    ("Strauß", "STRAUSS"),
    ("", "Ana"),
    ("İlker", "ilker"),
    ("Zoe\u0308 Marsh", "Zoë Marsh"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_names_are_two_people_in_every_script(one: str, other: str) -> None:
    assert not names.compatible(one, other)
    assert not names.compatible(other, one)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_name_spelt_in_two_ways_is_one_person(one: str, other: str) -> None:
    assert names.compatible(one, other)
    assert names.compatible(other, one)


@pytest.mark.parametrize("name", [name for pair in (*DIFFERENT, *SAME) for name in pair if name])
def test_no_name_folds_to_nothing(name: str) -> None:
    assert names.words(name)
    assert names.searchable(name)


def test_the_longest_name_fits_its_searchable_form() -> None:
    assert len(names.searchable("\ufdfa" * 200)) <= names.LONGEST


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_a_family_on_one_phone_is_told_apart(one: str, other: str) -> None:
    business: Business = BusinessFactory.create()
    found = [
        customers.match_or_create(Person(name=name, phone="+12125550177"), business=business)
        for name in (one, other, one)
    ]
    assert found[0].pk == found[2].pk != found[1].pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "typed"), [("José Ñandú", "jose nandu"), ("Иван Петров", "ИВАН"), ("王伟", "王伟"), ("Ana", "ÁNA")]
)
def test_staff_find_a_name_with_and_without_accents(name: str, typed: str) -> None:
    business: Business = BusinessFactory.create()
    customers.match_or_create(Person(name=name, phone="+12125550177"), business=business)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ada", "ada@example.com", "correct horse battery"))
    answer = client.get("/admin/appointments/customer/", {"q": typed})
    assert [row.name for row in answer.context["cl"].result_list] == [name]


@pytest.mark.django_db
def test_a_corrected_name_is_found_under_its_new_form() -> None:
    person = Customer.objects.create(name="Zoe")
    person.name = "Zoë Ångström"
    person.save(update_fields=["name"])
    person.refresh_from_db()
    assert person.name_folded == "zoe angstrom"


@pytest.mark.django_db(transaction=True)
def test_two_first_bookings_of_one_person_at_once_make_one_person() -> None:
    BusinessFactory.create()
    first_has_booked, second_has_booked = threading.Event(), threading.Event()

    def book(name: str, begin: threading.Event | None, booked: threading.Event, commit: threading.Event | None) -> None:
        try:
            if begin:
                begin.wait(10)
            with transaction.atomic():
                news = BookingCreated(booking=booking(external_id=name), occurred_at=clock.now())
                bookings.created(news, correlation_id=new_id())
                booked.set()
                if commit:
                    # The second one gets this far only when nothing makes it wait for the first one's commit.
                    commit.wait(1)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=book, args=("x/1", None, first_has_booked, second_has_booked)),
        threading.Thread(target=book, args=("x/2", first_has_booked, second_has_booked, None)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Appointment.objects.count() == 2
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("known", "given", "two"),
    [
        ("Ana Ruiz", "Leo Ruiz", True),
        ("Ruiz, Ana", "Leo Ruiz", True),
        ("Ana Ruiz", "Ada Ruiz", True),
        ("Ana Ruiz", "Carl Moss", True),
        ("Bea Riuz", "Bea Ruiz", False),
        ("Baeline Ruiz", "Adeline Ruiz", False),
        ("Ana Ruiz", "Mrs. Ana Gomez", False),
        ("Bea Ruiz", "Beatriz Moss", False),
        ("", "Leo Ruiz", False),
    ],
)
def test_a_corrected_name_is_not_that_of_a_second_person(known: str, given: str, two: bool) -> None:
    assert names.are_two(known, given) is two
