"""WhatsApp: free text within a day of the person's own, approved wording after it, and SMS where there is none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, Customer, WhatsAppTemplate
from appointments.services import messages
from aro import clock
from compliance import consent
from compliance.models import Channel, Purpose
from integrations.models import ChannelStop
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import MAIL, PHONE, ana, cases, form, sends, taken, told, twilio, visit

__all__ = ["ana", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]
HX = "HX" + "a" * 32


def prefers_whatsapp(visit: Appointment, *, wrote_hours_ago: float | None = None) -> None:
    Customer.objects.update(preferred_channel="whatsapp")
    visit.customer.refresh_from_db()
    if wrote_hours_ago is not None:
        at = clock.now() - timedelta(hours=wrote_hours_ago)
        messages.record_inbound(
            provider_id="SMin", sender=PHONE, text="hi", channel="whatsapp", customer=visit.customer, at=at,
            tenant_id="default",
        )  # fmt: skip


def approved(kind: str = "confirmation", language: str = "en") -> WhatsAppTemplate:
    return WhatsAppTemplate.objects.create(
        kind=kind, language=language, content_sid=HX, wording="{{ business_name }}: {{ date }} at {{ time }}."
    )


def test_within_a_day_of_writing_a_free_text_goes_to_whatsapp(twilio: Loopback, visit: Appointment) -> None:
    approved()
    prefers_whatsapp(visit, wrote_hours_ago=23)
    assert sends(visit).channel == "whatsapp"
    assert form(twilio)["To"] == f"whatsapp:{PHONE}"
    assert "is booked for" in form(twilio)["Body"]
    assert "ContentSid" not in form(twilio)


@pytest.mark.parametrize("wrote_hours_ago", [None, 24.5])
def test_after_a_day_only_the_approved_wording_goes_and_without_a_body(
    twilio: Loopback, visit: Appointment, wrote_hours_ago: float | None
) -> None:
    approved()
    prefers_whatsapp(visit, wrote_hours_ago=wrote_hours_ago)
    message = sends(visit)
    sent = form(twilio)
    assert sent["ContentSid"] == HX
    assert '"1": "Bright Dental"' in sent["ContentVariables"]
    assert "Body" not in sent
    assert message.template == f"confirmation/en/{HX}"
    assert message.body.startswith("Bright Dental: ")


def test_without_an_approved_wording_it_goes_by_sms_and_staff_are_told(twilio: Loopback, visit: Appointment) -> None:
    approved("reminder_last")
    prefers_whatsapp(visit)
    assert sends(visit).channel == "sms"
    assert form(twilio)["To"] == PHONE
    assert "no approved template for confirmation" in cases()["no_template"]


def test_with_nowhere_else_to_go_the_missing_template_is_a_case(twilio: Loopback, visit: Appointment) -> None:
    prefers_whatsapp(visit)
    ChannelStop.objects.create(channel="sms", code="30034")
    consent.withdraw(MAIL, Channel.EMAIL, Purpose.CARE, method="verbal")
    message = sends(visit)
    assert (message.status, message.reason, twilio.requests) == ("blocked", "no_template", [])
    assert "none is set up" in cases()["no_template"]


def test_63016_is_tried_once_more_with_the_template_and_then_goes_by_sms(twilio: Loopback, visit: Appointment) -> None:
    approved()
    prefers_whatsapp(visit, wrote_hours_ago=1)
    message = sends(visit)
    twilio.answers = [taken("SM" + "2" * 32)]
    told(message, "failed", "63016")
    assert (message.channel, message.fallbacks) == ("whatsapp", 1)
    assert form(twilio)["ContentSid"] == HX
    twilio.answers = [taken("SM" + "3" * 32)]
    told(message, "failed", "63016", sid="SM" + "2" * 32)
    assert (message.channel, message.fallbacks, form(twilio)["To"]) == ("sms", 2, PHONE)


def test_a_template_that_leaves_out_what_it_is_for_is_none(twilio: Loopback, visit: Appointment) -> None:
    approved()
    WhatsAppTemplate.objects.update(wording="{{ business_name }}: see you soon.")
    prefers_whatsapp(visit)
    assert sends(visit).channel == "sms"


def test_the_language_of_the_template_is_the_persons_else_the_business(twilio: Loopback, visit: Appointment) -> None:
    approved(language="en")
    WhatsAppTemplate.objects.create(
        kind="confirmation",
        language="es",
        content_sid="HX" + "b" * 32,
        wording="{{ business_name }} {{ date }} {{ time }}",
    )
    Customer.objects.update(language="es-MX")
    prefers_whatsapp(visit)
    sends(visit)
    assert form(twilio)["ContentSid"] == "HX" + "b" * 32
