"""One logical message, several channels: which one it takes, and what it does when one surely fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client, override_settings

from appointments.inbound import DeliveryReported
from appointments.models import Appointment, Customer, Escalation, FailedAttempt, Message, WhatsAppTemplate
from appointments.services import messages
from aro import clock, due
from compliance import consent
from compliance.models import Channel, Purpose
from integrations import channel_stops, executor, unsubscribe
from integrations.executions import callbacks
from integrations.models import ChannelStop
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.integrations import mail_server
from tests.integrations.loopback import Loopback, http
from tests.integrations.mail_server import MailServer
from workflows import commands
from workflows.engine import effects
from workflows.models import Execution

pytestmark = [pytest.mark.django_db(transaction=True)]
PHONE, MAIL = "+12125550177", "ana@example.com"
HX = "HX" + "a" * 32
assert channel_stops  # registers channel.resume


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with (
        mail_server.running() as server,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=server.port,
            DEFAULT_FROM_EMAIL="desk@clinic.example",
        ),
    ):
        yield server


@pytest.fixture
def twilio(loopback: Loopback) -> Iterator[Loopback]:
    urls = {"twilio": f"{loopback.url}/twilio"}
    with override_settings(
        PROVIDER_BASE_URLS=urls, PUBLIC_BASE_URL="https://clinic.example", PROVIDER_RATE_LIMITS=False
    ):
        loopback.answers = [taken()]
        yield loopback


@pytest.fixture
def ana() -> Customer:
    """She agreed to texts and to e-mail."""
    BusinessFactory.create(quiet_from="00:00", quiet_until="00:00")
    for address, channel in ((PHONE, Channel.SMS), (MAIL, Channel.EMAIL)):
        consent.give(address, channel, Purpose.CARE, method="verbal")
    return CustomerFactory.create(phone=PHONE, email=MAIL)


@pytest.fixture
def visit(ana: Customer) -> Appointment:
    return AppointmentFactory.create(customer=ana)


def taken(sid: str = "SM" + "1" * 32) -> Any:
    return http(201, {"sid": sid, "status": "queued", "num_segments": "1"})


def refused(code: int) -> Any:
    return http(400, {"code": code, "message": "no", "status": 400})


def sends(visit: Appointment, kind: str = "confirmation", **more: Any) -> Message:
    """Plans a message and lets the executor work until nothing is due."""
    planned = messages.plan(key=str(uuid4()), kind=kind, appointment=visit, customer=visit.customer, **more)
    assert planned is not None
    effects.send(planned, now=clock.now())
    work()
    planned.refresh_from_db()
    return planned


def work() -> None:
    for _ in range(6):
        for claim in due.claim("executions", now=clock.now(), limit=5):
            executor.handle([claim], clock.now())


def told(message: Message, status: str, code: str = "", sid: str = "SM" + "1" * 32) -> str:
    news = DeliveryReported(
        execution_id=str(message.execution.id), provider_id=sid, status=status, error_code=code, occurred_at=clock.now()
    )
    with transaction.atomic():
        applied = callbacks.delivered(news, correlation_id=uuid4())
    work()
    message.refresh_from_db()
    return applied.outcome


def form(twilio: Loopback) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(twilio.form().decode()).items()}


def cases() -> dict[str, str]:
    return dict(Escalation.objects.values_list("reason", "title"))


@pytest.mark.parametrize("code", [21211, 21614])
def test_a_number_that_cannot_be_texted_gets_the_same_message_by_email(
    twilio: Loopback, mail: MailServer, visit: Appointment, code: int
) -> None:
    twilio.answers = [refused(code)]
    message = sends(visit)
    assert (message.channel, message.address, message.status) == ("email", MAIL, "sent")
    assert Message.objects.count() == Execution.objects.count() == 1
    assert len(mail.letters) == 1
    assert FailedAttempt.objects.get().error_code == str(code)
    assert "wrong_address" in cases()
    assert "not_delivered" not in cases()


def test_the_next_message_goes_to_email_without_trying_the_number_again(
    twilio: Loopback, mail: MailServer, visit: Appointment
) -> None:
    Customer.objects.update(phone_usable=False)
    visit.customer.refresh_from_db()
    assert sends(visit).channel == "email"
    assert twilio.requests == []


def test_a_late_undelivered_goes_on_by_email_and_news_of_the_text_is_stale_from_then_on(
    twilio: Loopback, mail: MailServer, visit: Appointment
) -> None:
    message = sends(visit)
    assert (message.channel, message.status) == ("sms", "queued")
    assert told(message, "sent") == "applied"
    assert told(message, "undelivered", "30006") == "applied"
    assert (message.channel, message.status) == ("email", "sent")
    assert told(message, "undelivered", "30006") == "stale"
    assert told(message, "delivered") == "stale"
    assert (message.status, len(mail.letters)) == ("sent", 1)


def test_a_delivered_text_is_never_mailed_too(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    message = sends(visit)
    told(message, "delivered")
    assert told(message, "undelivered", "30006") == "stale"
    assert mail.letters == []


def test_too_late_to_help_becomes_a_case_in_plain_words(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    message = sends(visit)
    Appointment.objects.update(starts_at=clock.now() - timedelta(minutes=1))
    told(message, "undelivered", "30006")
    assert (message.channel, message.status, mail.letters) == ("sms", "undelivered", [])
    assert cases()["not_delivered"] == "Text not delivered: the number is a landline or cannot receive texts."


@pytest.mark.parametrize("code", ["21610", "30004"])
def test_who_blocks_or_stops_the_clinic_is_followed_nowhere(
    twilio: Loopback, mail: MailServer, visit: Appointment, code: str
) -> None:
    message = sends(visit)
    told(message, "undelivered", code)
    assert (message.channel, mail.letters) == ("sms", [])


def test_without_consent_to_email_none_is_sent(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    consent.withdraw(MAIL, Channel.EMAIL, Purpose.CARE, method="verbal")
    twilio.answers = [refused(21614)]
    message = sends(visit)
    assert (message.channel, message.status, mail.letters) == ("sms", "failed", [])
    assert "not a mobile number" in cases()["not_delivered"]


def test_who_said_stop_by_text_gets_no_email_because_the_number_is_bad(
    twilio: Loopback, mail: MailServer, visit: Appointment
) -> None:
    consent.suppress(PHONE, source="keyword")
    Customer.objects.update(phone_usable=False)
    visit.customer.refresh_from_db()
    message = sends(visit)
    assert (message.status, mail.letters) == ("blocked", [])


def test_an_answer_stays_where_the_person_wrote(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    twilio.answers = [refused(21614)]
    message = sends(visit, "thank_you", automatic=False, channel="sms", address=PHONE)
    assert (message.channel, mail.letters) == ("sms", [])


def test_a_person_who_prefers_email_is_mailed_first(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    Customer.objects.update(preferred_channel="email")
    visit.customer.refresh_from_db()
    assert (sends(visit).channel, twilio.requests) == ("email", [])


def test_a_mail_that_is_refused_goes_on_as_a_text(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    Customer.objects.update(preferred_channel="email")
    visit.customer.refresh_from_db()
    mail.recipient = "550 unknown"
    message = sends(visit)
    assert (message.channel, message.address, message.status) == ("sms", PHONE, "queued")
    assert Customer.objects.get().email_usable is False


def test_a_mail_of_which_nobody_knows_whether_it_was_taken_is_neither_repeated_nor_texted(
    twilio: Loopback, mail: MailServer, visit: Appointment
) -> None:
    Customer.objects.update(preferred_channel="email")
    visit.customer.refresh_from_db()
    mail.goes_away = True
    message = sends(visit)
    assert message.status == "unknown"
    later = clock.now() + timedelta(minutes=5)
    for claim in due.claim("executions", now=later, limit=5):
        executor.handle([claim], later)
    message.refresh_from_db()
    assert (message.status, twilio.requests) == ("failed", [])
    assert "never said whether" in cases()["not_delivered"]


def test_email_counts_under_the_same_cap_as_texts(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    for _ in range(3):
        assert sends(visit).status == "queued"
    Customer.objects.update(preferred_channel="email")
    visit.customer.refresh_from_db()
    message = sends(visit)
    assert (message.status, message.reason, mail.letters) == ("blocked", "cap_reached", [])


def test_an_unregistered_sender_stops_the_channel_and_alerts_once(
    twilio: Loopback, mail: MailServer, visit: Appointment
) -> None:
    consent.withdraw(MAIL, Channel.EMAIL, Purpose.CARE, method="verbal")
    for number in (1, 2):
        ChannelStop.objects.filter(lifted_at=None).delete() if number == 1 else None
        message = sends(visit)
        if number == 1:
            told(message, "failed", "30034")
    assert ChannelStop.objects.get().code == "30034"
    assert (message.status, message.reason) == ("held", "channel_stopped")
    assert Escalation.objects.get(reason="channel_stopped").times == 1
    assert len(twilio.requests) == 1
    commands.execute(command="channel.resume", payload={"channel": "sms"}, actor="admin", actor_id="test")
    later = clock.now() + timedelta(minutes=20)
    for claim in due.claim("executions", now=later, limit=5):
        executor.handle([claim], later)
    assert len(twilio.requests) == 2


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
    approved("reminder_24h")
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


def test_the_language_of_the_template_is_the_persons_else_the_business(twilio: Loopback, visit: Appointment) -> None:
    approved(language="en")
    WhatsAppTemplate.objects.create(
        kind="confirmation", language="es", content_sid="HX" + "b" * 32, wording="{{ business_name }} {{ date }}"
    )
    Customer.objects.update(language="es-MX")
    prefers_whatsapp(visit)
    sends(visit)
    assert form(twilio)["ContentSid"] == "HX" + "b" * 32


def test_opening_the_link_changes_nothing_and_pressing_the_button_stops_email_only(
    twilio: Loopback, mail: MailServer, visit: Appointment, client: Client
) -> None:
    twilio.answers = [refused(21614)]
    message = sends(visit)
    path = unsubscribe.url_for(message.id).removeprefix("https://clinic.example")
    assert client.get(path).status_code == 200
    assert not consent.is_suppressed(MAIL)
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(path).status_code == 200
    assert consent.is_suppressed(MAIL)
    assert not consent.is_suppressed(PHONE)
    assert consent.state(MAIL, Channel.EMAIL) is False


@pytest.mark.parametrize("token", ["x", "0" * 32 + ":forged", "a:b:c"])
def test_a_forged_link_stops_nobody(client: Client, token: str) -> None:
    BusinessFactory.create()
    answer = client.post(f"/unsubscribe/{token}")
    assert answer.status_code == 404
    assert b"call us" in answer.content


def test_the_link_of_a_text_that_was_no_email_stops_nothing(
    twilio: Loopback, visit: Appointment, client: Client
) -> None:
    message = sends(visit)
    assert client.post(unsubscribe.url_for(message.id).removeprefix("https://clinic.example")).status_code == 404
