from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse

from appointments.desk.forms import hours_text, parse_hours, parse_reminders
from appointments.models import Business, MessageTemplate
from compliance.models import AuditLog
from tests.factories import AppointmentFactory

NEW_TEMPLATE = "/admin/appointments/messagetemplate/add/"


def _form(**changes: Any) -> dict[str, Any]:
    business = Business.objects.get()
    values = {name: value for name, value in model_to_dict(business).items() if value not in (None, False)}
    hours = {f"hours_{day}": hours_text(business.hours[str(day)]) for day in range(7)}
    return {**values, **hours, "reminders": "48, 24", **changes}


def _save(client: Client, **changes: Any) -> Any:
    address = reverse("admin:appointments_business_change", args=[Business.objects.get().pk])
    return client.post(address, _form(**changes))


def test_a_changed_rule_is_saved_and_audited_with_before_and_after(admin: Client) -> None:
    assert _save(admin, deposit_threshold="80", hours_5="10:00-14:00", reminders="72, 24").status_code == 302
    business = Business.objects.get()
    assert (business.deposit_threshold, business.reminder_hours) == (80, [72, 24])
    assert business.hours["5"] == {"open": "10:00", "close": "14:00", "closed": False}
    entry = AuditLog.objects.get(action="business.changed")
    assert (entry.before["deposit_threshold"], entry.after["deposit_threshold"]) == (70, 80)


ZONE = "America/Chicago"


def test_a_zone_is_not_changed_without_a_word_about_the_visits_that_are_booked(admin: Client) -> None:
    AppointmentFactory.create(timezone="America/New_York")
    AppointmentFactory.create(timezone="America/New_York", status="cancelled")
    answer = _save(admin, timezone=ZONE)
    said = answer.content.decode()
    assert "were booked on the clocks of America/New_York: 1." in said
    assert '<select name="booked_visits"' in said
    assert Business.objects.get().timezone == "America/New_York"


@pytest.mark.parametrize(("choice", "told"), [("new", ZONE), ("keep", "America/New_York")])
def test_staff_say_what_becomes_of_them(admin: Client, choice: str, told: str) -> None:
    visit, elsewhere = (AppointmentFactory.create(timezone=zone) for zone in ("America/New_York", "Asia/Tokyo"))
    assert _save(admin, timezone=ZONE, booked_visits=choice).status_code == 302
    assert Business.objects.get().timezone == ZONE
    at = visit.starts_at
    for one in (visit, elsewhere):
        one.refresh_from_db()
    assert (visit.timezone, visit.starts_at, elsewhere.timezone) == (told, at, "Asia/Tokyo")
    assert AuditLog.objects.get(action="business.changed").after["booked_visits"] == choice


@pytest.mark.parametrize("changes", [{"timezone": ZONE}, {"name": "Changed", "booked_visits": "new"}])
def test_without_such_visits_or_a_new_zone_nothing_is_asked(admin: Client, changes: dict[str, str]) -> None:
    visit = AppointmentFactory.create(timezone="America/Denver" if "timezone" in changes else "America/New_York")
    assert _save(admin, **changes).status_code == 302
    before = visit.timezone
    visit.refresh_from_db()
    assert visit.timezone == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Olympus"},
        {"hours_0": "9 to 5"},
        {"hours_0": "17:00-09:00"},
        {"hours_0": "25:00-26:00"},
        {"reminders": "two days"},
        {"reminders": "0"},
        {"phone_question": "("},
        {"emergency_phone": "12"},
        {"emergency_phone": "call Ana"},
        {"emergency_phone": "2025550177x"},
        {"phone": "2025550177x"},
        {"emergency_email": "ana at clinic"},
        {"phone_question": "phone|mobile"},
        {"phone_question": "(a+)+$"},
        {"phone_question": "phone,,mobile"},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(admin: Client, wrong: dict[str, str]) -> None:
    answer = _save(admin, name="Changed", **wrong)
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert Business.objects.get().name == "Fern Clinic"


def test_the_words_that_ask_for_the_phone_are_kept_tidy(admin: Client) -> None:
    _save(admin, phone_question="  best   contact,teléfono ,  cell no 2 ")
    assert Business.objects.get().phone_question == "best contact, teléfono, cell no 2"


def test_hours_are_read_as_people_type_them() -> None:
    assert parse_hours(" 9:00 - 17:30 ") == {"open": "09:00", "close": "17:30", "closed": False}
    assert parse_hours("Closed")["closed"] is True


def test_reminders_are_sorted_and_counted_once() -> None:
    assert [one.hours for one in parse_reminders("24; 48, 24")] == [48, 24]
    with pytest.raises(ValidationError, match="Write each time once"):
        parse_reminders("24 friendly, 24 urgent")


@pytest.mark.parametrize(
    ("written", "kept"),
    [("", []), ("2", [2]), ("72 professional wait 3, 48, 24, 2 friendly wait 1", [72, 48, 24, 2])],
)
def test_a_clinic_may_have_any_number_of_reminders(admin: Client, written: str, kept: list[int]) -> None:
    assert _save(admin, reminders=written).status_code == 302
    assert Business.objects.get().reminder_hours == kept


@pytest.mark.parametrize("wrong", ["48 friendly wait 30, 24", "2 wait 3", "24 wait 0", "400", "5, 4, 3, 2", "24 loud"])
def test_what_the_engine_cannot_do_is_refused_with_the_way_out(admin: Client, wrong: str) -> None:
    answer = _save(admin, reminders=wrong)
    assert answer.status_code == 200
    (said,) = answer.context["adminform"].form.errors["reminders"]
    assert re.search(r"Use 1 to 336|can wait 1 to \d+|Leave one out|Write each as", said)


def test_a_reminder_may_have_a_channel_of_its_own(admin: Client, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.TWILIO_WHATSAPP_NUMBER = "desk@clinic.example", "+15005550010"
    assert _save(admin, reminders="72 by email, 48 wait 3h By WhatsApp, 24, 2 by sms").status_code == 302
    business = Business.objects.get()
    assert [one.channel for one in business.reminder_list] == ["email", "whatsapp", "", "sms"]
    shown = admin.get(reverse("admin:appointments_business_change", args=[business.pk])).content.decode()
    assert "48 friendly wait 3 by whatsapp, 24 friendly wait 2, 2 urgent wait 2 by sms" in shown


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("48, 24 by email", "E-mail is not switched on here. Leave out by email at 24 hours, or have it set up first."),
        (
            "48 by whatsapp",
            "WhatsApp is not switched on here. Leave out by whatsapp at 48 hours, or have it set up first.",
        ),
    ],
)
def test_a_channel_that_the_clinic_has_not_switched_on_is_refused(
    admin: Client, settings: Any, wrong: str, said: str
) -> None:
    settings.DEFAULT_FROM_EMAIL = settings.TWILIO_WHATSAPP_NUMBER = ""
    answer = _save(admin, reminders=wrong)
    assert (answer.status_code, answer.context["adminform"].form.errors["reminders"]) == (200, [said])
    assert Business.objects.get().reminder_hours == [48, 24]


def test_a_channel_that_does_not_exist_is_refused_with_those_that_do(admin: Client) -> None:
    (said,) = _save(admin, reminders="24 by fax").context["adminform"].form.errors["reminders"]
    assert "by sms, by whatsapp or by email" in said


def _wording(body: str) -> dict[str, str]:
    return {
        "name": "reminder_first",
        "language": "en",
        "channel": "sms",
        "tone": "friendly",
        "subject": "",
        "body": body,
    }


def test_a_wording_that_asks_for_a_stop_word_is_refused(admin: Client) -> None:
    answer = admin.post(NEW_TEMPLATE, _wording("{{ business_name }}: reply CANCEL to cancel your visit."))
    assert answer.status_code == 200
    assert not MessageTemplate.objects.exists()


def test_a_new_wording_is_the_next_version_and_retires_the_last(admin: Client) -> None:
    for words in ("See you {{ date }}", "We expect you {{ date }}"):
        body = f"{{{{ business_name }}}}: {words}, {{{{ time }}}}. Reply C to confirm."
        assert admin.post(NEW_TEMPLATE, _wording(body)).status_code == 302
    found = MessageTemplate.objects.order_by("version").values_list("version", "active")
    assert list(found) == [(1, False), (2, True)]
    assert AuditLog.objects.filter(action="template.added").count() == 2


def test_the_emergency_phone_is_kept_as_it_is_called(admin: Client) -> None:
    assert _save(admin, emergency_phone="(202) 555-0177", emergency_email="duty@clinic.example").status_code == 302
    business = Business.objects.get()
    assert (business.emergency_phone, business.emergency_email) == ("+12025550177", "duty@clinic.example")


def test_the_number_aro_texts_from_is_no_emergency_phone(admin: Client, settings: Any) -> None:
    settings.TWILIO_PHONE_NUMBER = "+12025550100"
    assert _save(admin, emergency_phone="202 555 0100").status_code == 200
    assert Business.objects.get().emergency_phone == ""
