"""A reminder for which the clinic's list names a channel goes there, for whom it can; to all others as usual."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from appointments.models import Appointment, Business, Customer, Message, WhatsAppTemplate
from appointments.services import message_fates, messages
from aro import clock
from compliance import consent
from compliance.models import Channel, Purpose
from tests.integrations.carriers.mail_server import MailServer
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import MAIL, PHONE, ana, cases, mail, refused, sends, twilio, visit

__all__ = ["ana", "mail", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]


def reminded(visit: Appointment, by: str) -> Message:
    visit.customer.refresh_from_db()
    return sends(visit, "reminder_last", wished_channel=by, planned_for=clock.now())


def wrote_on_whatsapp(visit: Appointment, *, days_ago: int) -> None:
    messages.record_inbound(
        provider_id="SMin", sender=PHONE, text="hi", channel="whatsapp", customer=visit.customer,
        at=clock.now() - timedelta(days=days_ago), tenant_id="default",
    )  # fmt: skip
    Message.objects.filter(direction="in").update(created_at=clock.now() - timedelta(days=9))


def test_it_goes_where_the_list_says_and_everything_else_as_usual(
    twilio: Loopback, mail: MailServer, visit: Appointment
) -> None:
    sent = reminded(visit, "email")
    assert (sent.channel, sent.address, sent.status, twilio.requests) == ("email", MAIL, "sent", [])
    assert sends(visit, "thank_you").channel == "sms"


def test_it_goes_there_also_for_who_prefers_another_channel(
    twilio: Loopback, mail: MailServer, visit: Appointment
) -> None:
    Customer.objects.update(preferred_channel="email")
    assert reminded(visit, "sms").channel == "sms"
    assert mail.letters == []


@pytest.mark.parametrize("lacking", ["consent", "address", "usable address", "wanted"])
def test_whoever_cannot_be_written_to_there_gets_it_as_usual(
    twilio: Loopback, mail: MailServer, visit: Appointment, lacking: str
) -> None:
    match lacking:
        case "consent":
            consent.withdraw(MAIL, Channel.EMAIL, Purpose.CARE, method="verbal")
        case "address":
            Customer.objects.update(email="")
        case "usable address":
            Customer.objects.update(email_usable=False)
        case _:
            consent.suppress(MAIL, source="link")
    sent = reminded(visit, "email")
    assert (sent.channel, sent.address, sent.status, mail.letters) == ("sms", PHONE, "queued", [])
    assert message_fates.explain(sent) == "accepted (it could not go by E-mail, as the list of reminders says)"
    assert cases() == {}


def test_a_channel_that_was_switched_off_meanwhile_silences_nobody(
    twilio: Loopback, visit: Appointment, settings: Any
) -> None:
    settings.DEFAULT_FROM_EMAIL = settings.TWILIO_WHATSAPP_NUMBER = ""
    assert (reminded(visit, "email").channel, reminded(visit, "whatsapp").channel) == ("sms", "sms")


def test_what_fails_there_goes_on_as_usual(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    mail.recipient = "550 unknown"
    sent = reminded(visit, "email")
    assert (sent.channel, sent.address, sent.status) == ("sms", PHONE, "queued")
    assert [one.channel for one in sent.failed_attempts.all()] == ["email"]


def test_what_fails_as_usual_does_not_come_back_to_it(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    Customer.objects.update(preferred_channel="email")
    twilio.answers = [refused(21614)]
    sent = reminded(visit, "sms")
    assert (sent.channel, sent.status, len(twilio.requests)) == ("email", "sent", 1)


def test_who_said_stop_by_text_is_not_followed_to_it(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    consent.suppress(PHONE, source="keyword")
    sent = reminded(visit, "email")
    assert (sent.status, mail.letters, twilio.requests) == ("blocked", [], [])


def test_who_can_be_reached_there_only_is_reached(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    Customer.objects.update(phone="")
    assert reminded(visit, "email").status == "sent"


def test_whatsapp_is_for_who_has_written_there(twilio: Loopback, visit: Appointment) -> None:
    WhatsAppTemplate.objects.create(
        kind="reminder_last",
        language="en",
        content_sid="HX" + "a" * 32,
        wording="{{ business_name }}: {{ date }}, {{ time }}.",
    )
    assert reminded(visit, "whatsapp").channel == "sms"
    wrote_on_whatsapp(visit, days_ago=9)
    assert reminded(visit, "whatsapp").channel == "whatsapp"


def test_without_an_approved_wording_whatsapp_gives_way_and_staff_are_told(
    twilio: Loopback, visit: Appointment
) -> None:
    wrote_on_whatsapp(visit, days_ago=9)
    assert (reminded(visit, "whatsapp").channel, reminded(visit, "sms").channel) == ("sms", "sms")
    assert "no approved template for reminder_last" in cases()["no_template"]


def test_the_usual_channel_of_the_clinic_is_what_everybody_else_gets(
    twilio: Loopback, mail: MailServer, visit: Appointment
) -> None:
    Business.objects.update(default_channel="email")
    assert (reminded(visit, "").channel, reminded(visit, "whatsapp").channel) == ("email", "email")
