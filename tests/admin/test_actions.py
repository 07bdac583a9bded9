from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from appointments.models import Appointment, Customer, Escalation
from aro import clock
from compliance import consent
from compliance.models import AuditLog
from tests.admin import rows
from workflows.desk import roles
from workflows.desk.actions.actions import ACTIONS


def _address(command: str, row: object) -> str:
    return reverse("admin:desk_act", args=[command, row.pk])  # type: ignore[attr-defined]


def _said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_one_press_confirms_a_visit_and_is_audited(admin: Client) -> None:
    visit = rows.visit()
    answer = admin.post(_address("appointment.confirm", visit))
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.CONFIRMED
    assert answer.status_code == 302
    assert AuditLog.objects.filter(action="appointment.confirm", actor_id="ada", resource_id=str(visit.pk)).exists()


@pytest.mark.parametrize("command", sorted(ACTIONS))
def test_looking_at_an_action_changes_nothing(admin: Client, command: str) -> None:
    visit = rows.visit()
    row = {
        "appointment": visit,
        "deposit": visit,
        "customer": visit.customer,
        "escalation": rows.case(about=visit),
        "reply": rows.reply(visit),
        "dead_letter": rows.letter(),
        "channel": rows.stop(),
    }[command.split(".")[0]]
    before = list(type(row)._default_manager.values())
    assert admin.get(_address(command, row)).status_code == 200
    assert list(type(row)._default_manager.values()) == before
    assert not AuditLog.objects.filter(action=command).exists()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("+1 212 555 0142 ext 4", "to an extension"),
        ("+12125550142;ext=4", "to an extension"),
        ("no", "no phone"),
        ("2125550142x", "no phone"),
        ("o2125550142", "no phone"),
        ("212 555 0142 Ana", "no phone"),
    ],
)
def test_a_number_that_no_text_reaches_is_refused_at_its_field(admin: Client, typed: str, why: str) -> None:
    person = rows.visit().customer
    answer = admin.post(_address("customer.correct_phone", person), {"phone": typed})
    assert (answer.status_code, Customer.objects.get(pk=person.pk).phone) == (400, person.phone)
    assert why in answer.content.decode()


@pytest.mark.parametrize("typed", ["(212) 555-0142", "212.555.0142", "tel:+1-212-555-0142", "00 1 212 555 0142"])
def test_a_number_without_words_is_taken_in_any_spelling(admin: Client, typed: str) -> None:
    person = rows.visit().customer
    assert admin.post(_address("customer.correct_phone", person), {"phone": typed}).status_code == 302
    assert Customer.objects.get(pk=person.pk).phone == "+12125550142"


def test_a_patients_page_says_where_a_name_is_mended(admin: Client) -> None:
    page = admin.get(reverse("admin:appointments_customer_change", args=[rows.visit().customer.pk])).content.decode()
    assert "Is the name wrong? Correct it in the booking system" in page


def test_cancelling_asks_for_a_reason_first(admin: Client) -> None:
    visit = rows.visit()
    answer = admin.post(_address("appointment.cancel", visit), {"reason": ""})
    visit.refresh_from_db()
    assert answer.status_code == 400
    assert visit.status == Appointment.Status.BOOKED


def test_a_cancelled_visit_is_offered_back_and_can_be_reopened(admin: Client) -> None:
    visit = rows.visit()
    answer = admin.post(_address("appointment.cancel", visit), {"reason": "asked by phone"})
    assert _address("appointment.reopen", visit) in _said(answer)
    admin.post(_address("appointment.reopen", visit), {"reason": "wrong visit"})
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.BOOKED


def test_what_cannot_be_done_is_said_in_plain_words(admin: Client) -> None:
    visit = rows.visit()
    answer = admin.post(_address("appointment.no_show", visit))
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.BOOKED
    assert "has not begun yet" in _said(answer)


def test_a_press_repeated_with_its_key_counts_once(admin: Client) -> None:
    visit = rows.visit()
    for _ in range(2):
        admin.post(_address("appointment.confirm", visit), {"key": "one-press"})
    assert AuditLog.objects.filter(action="appointment.confirm").count() == 1


def test_a_move_is_typed_in_the_visits_own_zone(admin: Client) -> None:
    visit = rows.visit(timezone="America/Los_Angeles")
    day = (clock.now() + timedelta(days=5)).date()
    admin.post(_address("appointment.move", visit), {"starts_at": f"{day}T09:30"})
    visit.refresh_from_db()
    assert visit.starts_at.astimezone(rows.zone("America/Los_Angeles")).strftime("%H:%M") == "09:30"


def test_a_time_that_the_clocks_skip_is_refused(admin: Client) -> None:
    visit = rows.visit(starts_at=datetime(2027, 3, 10, 15, tzinfo=UTC))
    answer = admin.post(_address("appointment.move", visit), {"starts_at": "2027-03-14T02:30"})
    assert answer.status_code == 400
    assert Appointment.objects.get(pk=visit.pk).starts_at == visit.starts_at


def test_going_back_never_leads_to_another_site(admin: Client) -> None:
    visit = rows.visit()
    answer = admin.post(_address("appointment.confirm", visit), {"next": "//evil.example/"})
    assert answer["Location"] == reverse("admin:appointments_appointment_change", args=[visit.pk])


def test_a_press_without_the_forgery_token_is_refused(admin: Client) -> None:
    visit = rows.visit()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = admin.cookies
    assert strict.post(_address("appointment.confirm", visit)).status_code == 403
    assert Appointment.objects.get(pk=visit.pk).status == Appointment.Status.BOOKED


def test_nobody_acts_without_logging_in(clinic: None) -> None:
    visit = rows.visit()
    assert Client().post(_address("appointment.confirm", visit)).status_code == 302
    assert Appointment.objects.get(pk=visit.pk).status == Appointment.Status.BOOKED


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.OPERATOR])
def test_a_role_without_the_right_cannot_act(logged_in_as: Callable[[str], Client], role: str) -> None:
    visit = rows.visit()
    assert logged_in_as(role).post(_address("appointment.confirm", visit)).status_code == 403
    assert Appointment.objects.get(pk=visit.pk).status == Appointment.Status.BOOKED


def test_an_unknown_action_is_not_found(admin: Client) -> None:
    assert admin.post(_address("appointment.delete", rows.visit())).status_code == 404


def test_stopping_texts_and_opting_in_again(admin: Client) -> None:
    person = rows.person()
    admin.post(_address("customer.opt_out", person))
    assert consent.is_suppressed(person.phone)
    admin.post(_address("customer.opt_in", person), {"evidence": "said so at the desk"})
    assert not consent.is_suppressed(person.phone)


def test_opting_in_again_needs_evidence(admin: Client) -> None:
    person = rows.person()
    admin.post(_address("customer.opt_out", person))
    assert admin.post(_address("customer.opt_in", person), {}).status_code == 400
    assert consent.is_suppressed(person.phone)


def test_allowing_email_choosing_it_and_stopping_it(admin: Client) -> None:
    person = rows.person()
    Customer.objects.filter(pk=person.pk).update(email="ana@example.com")
    answer = admin.post(_address("customer.choose_channel", person), {"channel": "email"})
    assert "has not agreed to e-mail" in str(*get_messages(answer.wsgi_request))
    admin.post(_address("customer.email_opt_in", person), {"evidence": "said so at the desk"})
    admin.post(_address("customer.choose_channel", person), {"channel": "email"})
    person.refresh_from_db()
    assert person.preferred_channel == "email"
    admin.post(_address("customer.email_opt_out", person))
    assert consent.is_suppressed("ana@example.com")
    assert not consent.is_suppressed(person.phone)


def test_an_email_address_is_corrected_and_staff_are_told_that_nobody_agreed_to_it_yet(admin: Client) -> None:
    person = rows.visit(1, customer=rows.person(1, email="anna@example.com")).customer
    Customer.objects.update(email_usable=False)
    case = rows.case(1, reason="wrong_address", customer=person)
    page = admin.get(reverse("admin:appointments_customer_change", args=[person.pk])).content.decode()
    assert _address("customer.correct_email", person) in page
    admin.post(_address("customer.correct_email", person), {"email": "ana@example.com"})
    person.refresh_from_db()
    case.refresh_from_db()
    assert (person.email, person.email_usable, case.status) == ("ana@example.com", True, "resolved")
    entry = AuditLog.objects.get(action="customer.correct_email")
    assert "ana@example" not in str((entry.before, entry.after))
    assert "press Allow e-mail" in ACTIONS["customer.correct_email"].says(person)


def test_what_is_no_email_address_is_refused_at_its_field(admin: Client) -> None:
    person = rows.person(1, email="anna@example.com")
    answer = admin.post(_address("customer.correct_email", person), {"email": "ana at example"})
    assert (answer.status_code, Customer.objects.get().email) == (400, "anna@example.com")


def test_a_channel_that_is_none_is_refused(admin: Client) -> None:
    person = rows.person()
    assert admin.post(_address("customer.choose_channel", person), {"channel": "pigeon"}).status_code == 400


def test_a_reply_is_corrected(admin: Client) -> None:
    found = rows.reply(rows.visit(), "k thx", "OTHER")
    admin.post(_address("reply.correct", found), {"label": "CONFIRM"})
    found.refresh_from_db()
    assert (found.label, found.corrected_label, found.corrected_by) == ("OTHER", "CONFIRM", "ada")


def test_a_dead_letter_is_archived_and_put_back(admin: Client) -> None:
    letter = rows.letter()
    admin.post(_address("dead_letter.archive", letter))
    letter.refresh_from_db()
    assert letter.archived_at is not None
    admin.post(_address("dead_letter.unarchive", letter))
    letter.refresh_from_db()
    assert letter.archived_at is None


def test_a_dead_letter_is_tried_again(admin: Client) -> None:
    letter = rows.letter()
    admin.post(_address("dead_letter.replay", letter))
    letter.refresh_from_db()
    assert letter.replayed_at is not None


def test_a_case_settled_can_be_opened_again(admin: Client) -> None:
    case = rows.case()
    answer = admin.post(_address("escalation.resolve", case))
    assert _address("escalation.reopen", case) in _said(answer)
    admin.post(_address("escalation.reopen", case))
    case.refresh_from_db()
    assert case.status == Escalation.Status.OPEN


def test_who_cancels_sees_beforehand_who_tells_the_patient(admin: Client) -> None:
    visit = rows.visit()
    page = admin.get(_address("appointment.cancel", visit)).content.decode()
    assert "ARO does not tell the patient" in page
    assert "No case follows" in page
    visit.confirmation_received = True
    visit.save()
    page = admin.get(_address("appointment.cancel", visit)).content.decode()
    assert "This patient counts on the visit" in page
    admin.post(_address("appointment.cancel", visit), {"reason": "the doctor is ill", "patient_knows": "on"})
    assert not Escalation.objects.filter(reason="cancelled_untold").exists()
