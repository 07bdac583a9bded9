"""Whatever an address or a form of the front desk is made to hold: a page that says what is wrong, never a fault."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.contrib import admin as site
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.admin import rows

HUGE, LONG = "99999999999", "9" * 30
FINE = (200, 301, 302, 400, 403, 404)
NO_TIMES = ["9999-12-31T23:59", "0001-01-01T00:00", "20226-12-01T10:00", "\x00"]


@pytest.fixture
def desk(transactional_db: None) -> Client:
    rows.business()
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("ada", "", "not-a-real-password"))
    return client


def questions(day: str | None) -> Iterator[dict[str, str]]:
    yield from ({"id__exact": LONG}, {"p": LONG}, {"q": "a\x00b"}, {"o": LONG})
    if day:
        yield from ({f"{day}__year": HUGE}, {f"{day}__year": "0"}, {f"{day}__gte": HUGE})
        yield {f"{day}__year": "9999", f"{day}__month": "12", f"{day}__day": "31"}
        yield {f"{day}__year": "2026", f"{day}__month": "2", f"{day}__day": "30"}


def addresses() -> Iterator[str]:
    for model, screen in site.site._registry.items():
        base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield from (f"{base}?{urlencode(question)}" for question in questions(screen.date_hierarchy))
        yield from (f"{base}{LONG}/change/", f"{base}%00/change/")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_address_of_the_front_desk_fails_on_what_it_holds(desk: Client) -> None:
    answers = [(desk.get(address).status_code, address) for address in addresses()]
    assert [answer for answer in answers if answer[0] not in FINE] == []


@pytest.mark.parametrize("at", NO_TIMES)
def test_a_visit_cannot_be_moved_to_a_time_that_no_calendar_holds(desk: Client, at: str) -> None:
    about = rows.visit()
    before, address = about.starts_at, reverse("admin:desk_act", args=["appointment.move", about.pk])
    answer = desk.post(address, {"starts_at": at})
    assert answer.status_code in (200, 400)
    about.refresh_from_db()
    assert about.starts_at == before


@pytest.mark.parametrize("path", ["appointments_appointment", "appointments_customer"])
def test_two_thousand_words_are_searched_for_as_far_as_it_makes_sense_and_that_is_said(desk: Client, path: str) -> None:
    answer = desk.get(reverse(f"admin:{path}_changelist"), {"q": " ".join(f"w{n}" for n in range(2000))})
    assert answer.status_code == 200
    assert "Only the first 12 words were searched for" in answer.content.decode()
