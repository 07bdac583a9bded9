"""A wording that cannot do its job is refused, one from before is marked, and there is a way back to ARO's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from appointments.models import MessageTemplate, WhatsAppTemplate
from compliance.models import AuditLog

LISTS = "/admin/appointments/messagetemplate/", "/admin/appointments/whatsapptemplate/"
EMERGENCY = "{{ business_name }}: in an emergency call {{ emergency_number }}."


def adds(client: Client, **changes: str) -> Any:
    wording = {"name": "emergency_answer", "language": "en", "channel": "sms", "tone": "urgent", "body": EMERGENCY}
    return client.post(f"{LISTS[0]}add/", wording | changes)


def approved(client: Client, **changes: str) -> Any:
    wording = {"kind": "moved", "language": "en", "content_sid": "HX" + "a" * 32, "wording": EMERGENCY}
    return client.post(f"{LISTS[1]}add/", wording | changes)


def errors(answer: Any, field: str) -> str:
    assert answer.status_code == 200
    return " ".join(answer.context["adminform"].form.errors[field])


@pytest.mark.parametrize(
    ("kind", "words", "missing"),
    [
        ("emergency_answer", "we will call you soon.", ["emergency_number"]),
        ("deposit_request", "please pay {{ amount }} for {{ date }}.", ["link"]),
        ("deposit_reminder", "please pay {{ amount }} for {{ date }}.", ["link"]),
        ("reschedule_link", "please choose a new time.", ["link"]),
        ("review", "how was it?", ["link"]),
        ("rebooking", "come again.", ["link"]),
        ("no_show_followup", "we missed you.", ["link"]),
        ("which_visit", "which visit do you mean?", ["visits"]),
        ("family_reminder", "see you?", ["visits"]),
        ("family_confirmation", "booked.", ["visits"]),
        ("family_moved", "moved.", ["visits"]),
        ("moved", "your visit was moved.", ["date", "time"]),
        ("confirmation", "see you on {{ date }}.", ["time"]),
        ("reminder_first", "hi {{ customer_name }}", ["date", "time"]),
        ("thank_you", "thank you.", ["date", "time"]),
        ("already_cancelled", "it was cancelled.", ["date", "time"]),
    ],
)
def test_a_wording_without_what_it_is_for_is_refused(admin: Client, kind: str, words: str, missing: list[str]) -> None:
    said = errors(adds(admin, name=kind, body="{{ business_name }}: " + words), "body")
    assert [name for name in missing if f"{{{{ {name} }}}} is missing" in said] == missing
    assert said.count("is missing") == len(missing)
    assert not MessageTemplate.objects.exists()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("{{ business_name }}: see you { date } at { time }", "two braces on each side"),
        (EMERGENCY + " thank you" * 160, "no carrier takes more than 1,600"),
    ],
)
def test_what_patients_could_not_read_is_refused(admin: Client, body: str, why: str) -> None:
    assert why in errors(adds(admin, body=body), "body")


def test_an_email_may_be_long(admin: Client) -> None:
    assert adds(admin, channel="email", subject="Please call", body=EMERGENCY + " thank you" * 160).status_code == 302


@pytest.mark.parametrize("language", ["English", "fr", "e"])
def test_a_language_in_which_nobody_is_written_to_is_refused(admin: Client, language: str) -> None:
    for said in (adds(admin, language=language), approved(admin, language=language)):
        assert "Write one of en, es" in errors(said, "language")


@pytest.mark.parametrize(("typed", "kept"), [("EN", "en"), ("es-MX", "es")])
def test_a_language_is_kept_as_it_is_looked_for(admin: Client, typed: str, kept: str) -> None:
    assert adds(admin, language=typed).status_code == 302
    assert MessageTemplate.objects.get().language == kept


def test_an_approved_wording_needs_the_same(admin: Client) -> None:
    assert "{{ date }} is missing" in errors(approved(admin), "wording")


def test_a_reminder_that_asks_for_no_answer_is_saved_with_a_word_about_it(admin: Client) -> None:
    answer = adds(admin, name="reminder_first", body="{{ business_name }}: {{ date }} at {{ time }}.")
    assert "asks for no answer" in " ".join(str(one) for one in get_messages(answer.wsgi_request))


def test_the_list_says_which_of_the_stored_ones_are_not_used(admin: Client) -> None:
    MessageTemplate.objects.create(name="moved", category="moved", body="{{ business_name }}: moved.")
    MessageTemplate.objects.create(name="review_thanks", category="review", body="{{ business_name }}!", language="fr")
    WhatsAppTemplate.objects.create(kind="review", content_sid="HX1", wording="{{ business_name }}?")
    own, whatsapp = (admin.get(where).content.decode() for where in LISTS)
    assert own.count("Not used") == 2
    assert "{{ time }} is missing" in own
    assert "No patient is written to in" in own
    assert "{{ link }} is missing" in whatsapp


@pytest.mark.parametrize("role", ["Manager", "Front desk"])
def test_a_manager_goes_back_to_aros_own_wording(logged_in_as: Callable[[str], Client], role: str) -> None:
    one = MessageTemplate.objects.create(name="emergency_answer", category="emergency", body=EMERGENCY)
    two = WhatsAppTemplate.objects.create(kind="moved", content_sid="HX1", wording="{{ date }} {{ time }}")
    client = logged_in_as(role)
    for row in (one, two):
        where = reverse(f"admin:appointments_{row._meta.model_name}_changelist")
        client.post(where, {"action": "retire", "_selected_action": [str(row.pk)]})
        row.refresh_from_db()
        assert row.active is (role == "Front desk")
    retired = AuditLog.objects.filter(action__endswith=".retired").values_list("resource_id", flat=True)
    assert set(retired) == ({str(one.pk), str(two.pk)} if role == "Manager" else set())


def test_what_is_used_no_longer_says_so(admin: Client) -> None:
    MessageTemplate.objects.create(name="moved", category="moved", body=EMERGENCY, active=False)
    page = admin.get(LISTS[0]).content.decode()
    assert "No longer used" in page
    assert "is missing" not in page
