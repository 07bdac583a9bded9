"""The conversation on a patient's page: by text at each of their numbers, and by e-mail."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from appointments.models import Customer
from tests.admin import rows

FORMER, MAIL = "+12025560777", "ana@example.com"


def _page(client: Client, person: Customer) -> str:
    return client.get(reverse("admin:appointments_customer_change", args=[person.pk])).content.decode()


def test_what_was_said_at_the_former_number_stays_in_sight(admin: Client) -> None:
    visit = rows.visit(1)
    rows.message(visit, address=FORMER, body="See you on Tuesday?")
    page = _page(admin, visit.customer)
    assert "See you on Tuesday?" in page
    assert f"former number {FORMER}" in page
    assert "No texts yet" not in page


def test_an_email_is_part_of_the_conversation(admin: Client) -> None:
    visit = rows.visit(1, customer=rows.person(1, email=MAIL))
    rows.message(visit, address=MAIL, channel="email", body="See you on Tuesday?")
    rows.message(visit, body="By text")
    page = _page(admin, visit.customer)
    assert page.index("See you on Tuesday?") < page.index("By text")
    assert "Reminder first, E-mail" in page.replace("Email", "E-mail")


def test_a_familys_number_is_one_conversation(admin: Client) -> None:
    visit = rows.visit(1)
    other = rows.person(2, phone=visit.customer.phone)
    rows.message(visit, body="See you on Tuesday?")
    page = _page(admin, other)
    assert "See you on Tuesday?" in page
    assert "former number" not in page


def test_without_a_message_the_page_says_so(admin: Client) -> None:
    assert "No texts yet" in _page(admin, rows.person(1))
