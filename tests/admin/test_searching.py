"""A number is found as a phone shows it, wherever patients are searched for."""

from __future__ import annotations

import pytest
from django.test import Client

from aro.desk.dialled import as_kept
from tests.admin import rows

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
