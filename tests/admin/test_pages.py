from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from appointments.case_reasons.words import to_do
from appointments.desk.screens import SAYS_NOTHING
from appointments.models import Appointment, Message, StatusChange
from appointments.risk import score
from appointments.risk.features import Visit
from appointments.services.person import customers
from aro import clock
from compliance import wrong_numbers
from compliance.models import AuditLog
from tests.admin import rows
from workflows.desk import roles


def _page(client: Client, row: object) -> str:
    meta = row._meta  # type: ignore[attr-defined]
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])  # type: ignore[attr-defined]
    return client.get(address).content.decode()


def test_a_visit_shows_its_time_in_its_own_zone_by_name(admin: Client) -> None:
    page = _page(admin, rows.visit(timezone="America/Denver"))
    assert "(America/Denver)" in page


def test_a_visit_tells_why_a_text_was_not_sent(admin: Client) -> None:
    about = rows.visit()
    rows.message(about, status=Message.Status.BLOCKED, reason="opted_out", sent_at=None)
    assert "Not sent: this number said stop." in _page(admin, about)


def test_a_visit_tells_until_when_a_text_is_held(admin: Client) -> None:
    about = rows.visit()
    until = clock.now() + timedelta(hours=3)
    rows.message(about, status=Message.Status.HELD, reason="quiet_hours", held_until=until, sent_at=None)
    assert "quiet hours at the recipient&#x27;s place" in _page(admin, about)


def test_a_visit_shows_its_history_workflow_case_and_buttons(admin: Client) -> None:
    about = rows.visit()
    StatusChange.objects.create(
        appointment=about,
        before="cancelled",
        after="booked",
        at=clock.now(),
        actor="admin",
        reason="slip",
        override=True,
    )
    rows.run(about)
    rows.case(about=about)
    page = _page(admin, about)
    assert all(words in page for words in ("slip", "Correction", "Send the first reminder", "No answer 0", "Confirm"))


def test_a_visit_shows_what_another_of_the_family_wrote_about_it(admin: Client) -> None:
    marta, leo = rows.visit(1), rows.visit(2)
    wrote = rows.reply(marta, body="Marta yes, Leo no").message
    rows.case(about=marta, message=wrote)
    rows.case(about=leo, message=wrote)
    for about in (marta, leo):
        page = admin.get(reverse("admin:appointments_appointment_change", args=[about.pk])).content.decode()
        assert page.count("Marta yes, Leo no") == 1, about


def test_the_number_of_queries_of_a_visit_does_not_grow_with_its_history(
    admin: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    about = rows.visit()
    for _ in range(20):
        rows.message(about)
        rows.case(about=about)
        rows.run(about)
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
        _page(admin, about)


def test_a_patients_page_is_a_conversation(admin: Client) -> None:
    about = rows.visit()
    rows.message(about, body="See you tomorrow?")
    rows.reply(about, body="Yes, see you!")
    page = _page(admin, about.customer)
    assert page.index("See you tomorrow?") < page.index("Yes, see you!")
    assert "Delivered." in page


def test_a_family_on_one_phone_is_named(admin: Client) -> None:
    parent = rows.person(1, name="Parent")
    rows.message(rows.visit(customer=parent))
    rows.person(2, name="Child", phone=parent.phone)
    assert "Child" in _page(admin, parent)


@pytest.mark.parametrize("row", ["visit", "customer"])
def test_opening_a_persons_record_is_written_down(admin: Client, row: str) -> None:
    about = rows.visit()
    shown = about if row == "visit" else about.customer
    _page(admin, shown)
    assert AuditLog.objects.filter(action__endswith=".viewed", actor_id="ada", resource_id=str(shown.pk)).exists()


def test_an_auditor_cannot_open_a_patient(logged_in_as: Callable[[str], Client]) -> None:
    person = rows.person()
    address = reverse("admin:appointments_customer_change", args=[person.pk])
    assert logged_in_as(roles.AUDITOR).get(address).status_code == 403


def test_an_operator_sees_dead_letters_and_no_patients(logged_in_as: Callable[[str], Client]) -> None:
    client = logged_in_as(roles.OPERATOR)
    assert client.get("/admin/aro/deadletter/").status_code == 200
    assert client.get("/admin/appointments/customer/").status_code == 403
    assert client.get("/admin/appointments/message/").status_code == 403


def test_a_row_that_is_gone_is_not_found(admin: Client) -> None:
    assert admin.get("/admin/appointments/appointment/not-an-id/change/").status_code == 404


def test_the_scores_starting_point_is_not_shown_as_a_reason(admin: Client) -> None:
    visit = Visit(
        lead_days=1,
        prior_visits=0,
        prior_no_shows=0,
        last_was_no_show=None,
        days_since_last=None,
        pending=0,
        booked_hour=9,
        weekday=1,
    )
    assert score.TEXTS["start"](visit) == SAYS_NOTHING
    about = rows.visit(risk_reasons=[SAYS_NOTHING, "booked 40 days ahead"])
    page = admin.get("/admin/appointments/appointment/").content.decode()
    assert SAYS_NOTHING not in page + _page(admin, about)
    assert "booked 40 days ahead" in page


def test_a_hostile_name_is_only_text(admin: Client) -> None:
    about = rows.visit(customer=rows.person(1, name="<script>alert(1)</script>"))
    rows.message(about, body="<img src=x onerror=alert(1)>")
    rows.case(about=about)
    pages = [_page(admin, about), _page(admin, about.customer), admin.get("/admin/").content.decode()]
    pages += [admin.get(f"/admin/appointments/{name}/").content.decode() for name in ("appointment", "escalation")]
    assert not any("<script>alert(1)" in page or "<img src=x" in page for page in pages)


def test_a_visits_list_row_says_state_and_risk_in_words(admin: Client) -> None:
    rows.visit(status=Appointment.Status.NO_SHOW, risk_score=88)
    page = admin.get("/admin/appointments/appointment/").content.decode()
    assert "No-show" in page
    assert "High 88" in page


def test_the_list_of_patients_says_which_numbers_are_in_question(admin: Client) -> None:
    wrong, fine = rows.person(1), rows.person(2)
    wrong_numbers.hold(wrong.phone)
    page = admin.get(reverse("admin:appointments_customer_changelist")).content.decode()
    cells = re.findall(r'<t[hd] class="field-(?:person|texts)[^>]*>(.*?)</t[hd]>', page, re.DOTALL)
    shown = [" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in cells]
    assert [f"{fine.name} {fine.phone}", "Allowed"] in (shown[:2], shown[2:])
    assert [f"{wrong.name} {wrong.phone}", "Wait: number in question"] in (shown[:2], shown[2:])


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ({"phone": ""}, "Add the number"),
        ({"phone": "", "phone_typed": "call home"}, "Correct the number"),
        ({}, "Correct the number"),
    ],
)
def test_where_there_is_no_number_one_is_added_and_not_corrected(
    admin: Client, values: dict[str, str], label: str
) -> None:
    typed = values.pop("phone_typed", "")
    about = rows.visit(1, customer=rows.person(1, **values))
    if typed:
        customers.keep_typed(about.customer, typed)
        about.customer.save()
    case = rows.case(about=about, reason="no_phone")
    other = {"Add the number": "Correct the number", "Correct the number": "Add the number"}[label]
    for address in (
        reverse("admin:appointments_customer_change", args=[about.customer_id]),
        reverse("admin:appointments_escalation_change", args=[case.pk]),
        reverse("admin:desk_act", args=["customer.correct_phone", about.customer_id]),
    ):
        page = admin.get(address).content.decode()
        assert (f">{label}<" in page, f">{other}<" in page) == (True, False), address


def test_the_case_names_the_button_that_is_there(admin: Client) -> None:
    for code in ("no_phone", "no_phone.demo"):
        assert "Add the number" in to_do(code)
