"""A number is found as a phone shows it, wherever patients are searched for."""

from __future__ import annotations

import html
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.test import Client
from django.urls import reverse

from appointments.models import Customer, Deposit
from aro.desk.dialled import as_kept
from tests.admin import rows

NAMED = "O’Neill-Łuczak, Siobhán"  # noqa: RUF001 - as booking systems write it
LISTS = ("appointment", "customer", "escalation", "message")
TYPED = ("(202) 555-0103", "202-555-0103", "202.555.0103", "555-0103", "+1 (202) 555-0103", "2025550103")


@pytest.mark.parametrize("typed", [*TYPED, "\u202a(202)\u00a0555\u20110103\u202c", "Ana (202) 555-0103"])
@pytest.mark.parametrize("name", LISTS)
def test_a_number_is_found_as_phones_show_it(admin: Client, name: str, typed: str) -> None:
    wanted = rows.visit(1, customer=rows.person(1, name="Ana Ruiz", phone="+12025550103"))
    for about in (wanted, rows.visit(2, customer=rows.person(2, name="Ana Sol", phone="+12025550104"))):
        rows.case(about=about)
        rows.message(about)
    found = admin.get(f"/admin/appointments/{name}/", {"q": typed}).context["cl"].result_list
    phones = [getattr(row, "customer", row).phone for row in found]
    assert phones == ["+12025550103"]


def test_a_case_is_found_by_the_number_that_wrote(admin: Client) -> None:
    about = rows.visit(1)
    case = rows.case(1, message=rows.message(about, address="+12025550302"))
    found = admin.get("/admin/appointments/escalation/", {"q": "(202) 555-0302"}).context["cl"].result_list
    assert [row.pk for row in found] == [case.pk]


def test_an_id_that_looks_like_a_number_is_found_all_the_same(admin: Client) -> None:
    visit = rows.visit(1, external_id="2026-11-24-7")
    found = admin.get("/admin/appointments/appointment/", {"q": "2026-11-24-7"}).context["cl"].result_list
    assert [row.pk for row in found] == [visit.pk]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+44 (0)20 7946 0958", "442079460958"),
        ("020 7946 0958", "2079460958"),
        ("0044 20 7946 0958", "442079460958"),
        ("Ana 12", "Ana 12"),
        ("ana@example.com", "ana@example.com"),
        ("a1b2-3456-7890", "a1b2-3456-7890"),
        ("", ""),
    ],
)
def test_digits_are_what_is_looked_for(typed: str, kept: str) -> None:
    assert as_kept(typed) == kept


def found(admin: Client, name: str, typed: str) -> list[object]:
    answer = admin.get(f"/admin/appointments/{name}/", {"q": typed})
    return [row.pk for row in answer.context["cl"].result_list]


@pytest.mark.parametrize("typed", ["O'Neill", "o’neill", "oneill", "O`Neill", "Luczak, Siobhan", "Siobhán O'Neill"])  # noqa: RUF001
def test_a_name_is_found_with_every_keyboards_apostrophe_and_with_none(admin: Client, typed: str) -> None:
    wanted = rows.person(1, name=NAMED)
    rows.person(2, name="Tim Cole")
    assert found(admin, "customer", typed) == [wanted.pk]


def test_an_address_is_found_with_its_apostrophe(admin: Client) -> None:
    wanted = rows.person(1, name="Tim Cole", email="t.o'neill@example.com")
    assert found(admin, "customer", "o'neill@example") == [wanted.pk]


def test_names_that_were_kept_before_are_found_too(db: None) -> None:
    kept = rows.person(1, name=NAMED)
    Customer.objects.filter(pk=kept.pk).update(name_folded="o’neill-luczak, siobhan")  # noqa: RUF001
    import_module("appointments.migrations.0037_names_without_apostrophes").fill(apps, None)
    assert Customer.objects.get().name_folded == "oneill-luczak  siobhan"


@pytest.mark.parametrize("typed", ["Olga", "(202) 555-0105", "olga petrov"])
def test_a_case_about_several_visits_is_found_by_each_of_their_patients(admin: Client, typed: str) -> None:
    case = rows.case(1, customer=None)
    case.visits.add(rows.visit(1, customer=rows.person(1, name="Olga Petrov", phone="+12025550105")), rows.visit(2))
    rows.case(2, customer=None).visits.add(rows.visit(3))
    assert found(admin, "escalation", typed) == [case.pk]


def test_messages_and_replies_are_found_by_their_words(admin: Client) -> None:
    reply = rows.reply(rows.visit(1), body="Where is the parking? ¿Mañana?")
    assert found(admin, "message", "parking") == found(admin, "message", "mañana") == [reply.message_id]
    assert found(admin, "replyclassification", "parking") == [reply.pk]


def test_a_deposit_is_found_by_its_patients_phone(admin: Client) -> None:
    rows.everything(1)
    deposit = Deposit.objects.select_related("appointment__customer").get()
    assert found(admin, "deposit", deposit.appointment.customer.phone) == [deposit.pk]


def test_under_a_search_or_a_filter_an_empty_list_says_only_that_nothing_matches(admin: Client) -> None:
    rows.everything(1)
    for model, shown in django_admin.site._registry.items():
        if not shown.search_fields:
            continue
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        page = admin.get(address, {"q": "nobody-is-called-so"}).content.decode()
        assert "Nothing here matches your search or filters. Show all takes them away." in page, model
        assert str(getattr(shown, "empty_list", "Nothing here yet.")) not in html.unescape(page), model
    day = admin.get("/admin/appointments/appointment/", {"day": "past"}).content.decode()
    assert "Nothing here matches" in day
    assert "No visits yet" not in day
