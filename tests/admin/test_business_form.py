"""Each field of the Business form with what people, and programs, put in: an error there, and nothing written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse

from appointments.desk.forms import BusinessForm
from appointments.models import Business
from compliance.models import AuditLog
from tests.admin.test_rules import _form, _save

FREE_TEXT = {"name", "address", "phone_question"}
SWITCHES = {
    "review_requests", "rebooking_offers", "booking_consent_care", "booking_consent_email", "booking_consent_marketing",
}  # fmt: skip
NONSENSE = {
    "a NUL": "a\0b", "emoji": "🦷🦷", "unseen": "\u200b\u202e", "a script": "javascript:alert(1)",
    "not a number": "NaN", "endless": "1e999999", "huge": "9" * 5000, "large": str(2**62), "negative": "-5",
    "fractions": "50.505",
}  # fmt: skip
# By field: what is nonsense only there, and part of what is said.
OWN = [
    ({"name": "   "}, "required"),
    ({"name": "🦷"}, "with letters"),
    ({"name": "\u200b\u202e"}, "with letters"),
    ({"name": "https://fern.example"}, "name only"),
    ({"name": "x" * 121}, "at most 120"),
    ({"phone": "call us"}, "like +12025550123"),
    ({"phone": "12"}, "like +12025550123"),
    ({"email": "desk at fern"}, "valid email"),
    ({"language": "xx"}, "Write one of en, es"),
    ({"currency": "XXX"}, "three letters"),
    ({"currency": "$"}, "three letters"),
    ({"deposit_amount": "-0.01"}, "cannot be negative"),
    ({"deposit_amount": "-0.01", "currency": "XXX"}, "cannot be negative"),
    ({"deposit_amount": "50.505"}, "2 decimal places"),
    ({"deposit_amount": "5000.50", "currency": "JPY"}, "JPY has no decimals. Write a whole number, e.g. 5001."),
    ({"deposit_amount": "1000000"}, "at most 999,999.99 USD"),
    ({"deposit_amount": ""}, "required"),
    ({"deposit_threshold": "101"}, "100"),
    ({"review_delay_hours": "721"}, "at most 720 hours"),
    ({"rebooking_delay_hours": "40000"}, "at most 720 hours"),
    ({"booking_url": "ftp://fern.example/book"}, "begins with https://"),
    ({"booking_url": "https://fern.example/a|b"}, "begins with https://"),
    ({"booking_url": "https://fern.example/" + "a" * 200}, "at most 200"),
    ({"google_place_id": "https://g.page/r/fern/review"}, "Place ID Finder"),
    ({"quiet_from": "08:00", "quiet_until": "21:00"}, "only at night, from 21:00 to 08:00"),
    ({"quiet_from": "25:00"}, "valid time"),
]


@pytest.mark.parametrize("field", [name for name in BusinessForm().fields if name not in FREE_TEXT | SWITCHES])
@pytest.mark.parametrize("kind", list(NONSENSE))
def test_nonsense_is_said_at_its_field_and_nothing_is_written(admin: Client, field: str, kind: str) -> None:
    business = Business.objects.get()
    before = model_to_dict(business)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get())
    address = reverse("admin:appointments_business_change", args=[business.pk])
    answer = client.post(address, _form(name="Changed", **{field: NONSENSE[kind]}))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors[field]
    assert model_to_dict(Business.objects.get()) == before
    assert not AuditLog.objects.filter(action="business.changed").exists()


@pytest.mark.parametrize("field", sorted(FREE_TEXT | SWITCHES))
@pytest.mark.parametrize("kind", list(NONSENSE))
def test_what_takes_any_words_never_fails(admin: Client, field: str, kind: str) -> None:
    assert _save(admin, **{field: NONSENSE[kind]}).status_code in (200, 302)


@pytest.mark.parametrize(("wrong", "said"), OWN)
def test_what_a_field_cannot_be_is_said_with_what_to_write(admin: Client, wrong: dict[str, str], said: str) -> None:
    answer = _save(admin, **({"address": "Changed"} | wrong))
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert said in " ".join(errors[next(iter(wrong))])
    assert "__all__" not in errors
    assert Business.objects.get().address != "Changed"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"phone": " (202) 555-0123 "}, "+12025550123"),
        ({"phone": "020 7946 0000", "timezone": "Europe/London"}, "+442079460000"),
        ({"phone": ""}, ""),
        ({"name": " Fern\u200b  Clinic "}, "Fern Clinic"),
        ({"currency": "jpy", "deposit_amount": "5000"}, "JPY"),
        ({"deposit_amount": "999999.99"}, Decimal("999999.99")),
        ({"deposit_amount": "0"}, Decimal(0)),
        ({"language": "es"}, "es"),
        ({"booking_url": "https://book.example.com/fern?a=1"}, "https://book.example.com/fern?a=1"),
        ({"google_place_id": "ChIJN1t_tDeuEmsRUsoyG83frY4"}, "ChIJN1t_tDeuEmsRUsoyG83frY4"),
        ({"review_delay_hours": "720"}, 720),
    ],
)
def test_what_makes_sense_is_kept(admin: Client, typed: dict[str, str], kept: object) -> None:
    assert _save(admin, **typed).status_code == 302
    assert getattr(Business.objects.get(), next(iter(typed))) == kept
