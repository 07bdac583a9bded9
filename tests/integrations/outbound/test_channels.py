"""One logical message, several channels: which one it takes, and what it does when one surely fails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, Customer, Escalation, FailedAttempt, Message
from aro import clock
from aro.queue import due
from compliance import consent
from compliance.models import Channel, Purpose
from integrations.desk import channel_stops
from integrations.models import ChannelStop
from integrations.outbound import executor
from tests.integrations.carriers.mail_server import MailServer
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import MAIL, PHONE, ana, cases, mail, refused, sends, told, twilio, visit
from workflows.commands import bus
from workflows.models import Execution

__all__ = ["ana", "mail", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]
assert channel_stops  # registers channel.resume


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
    said = "Text not delivered: the number is a landline or cannot receive texts."
    assert cases()["not_delivered"] == said


def test_a_case_names_the_code_that_it_says_to_look_up(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    consent.withdraw(MAIL, Channel.EMAIL, Purpose.CARE, method="verbal")
    told(sends(visit), "failed", "39999")
    case = Escalation.objects.get(reason="not_delivered")
    assert case.title == "Text not delivered: Twilio refused the text (code 39999)."
    assert "look the code up" in case.next_step


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
    bus.execute(command="channel.resume", payload={"channel": "sms"}, actor="admin", actor_id="test")
    later = clock.now() + timedelta(minutes=20)
    for claim in due.claim("executions", now=later, limit=5):
        executor.handle([claim], later)
    assert len(twilio.requests) == 2
