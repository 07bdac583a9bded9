"""The link in an e-mail that stops e-mail: what pressing it does, and what a wrong link does not."""

from __future__ import annotations

import pytest
from django.core.signing import Signer
from django.test import Client
from pytest_django import Settings

from appointments.models import Appointment, Customer, Message
from aro.ids import new_id
from compliance import consent
from compliance.models import Channel
from integrations.inbound import unsubscribe
from integrations.outbound import unsubscribe_links
from tests.factories import BusinessFactory
from tests.integrations.carriers.mail_server import MailServer
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import MAIL, PHONE, ana, mail, refused, sends, twilio, visit

__all__ = ["ana", "mail", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]


def test_opening_the_link_changes_nothing_and_pressing_the_button_stops_email_only(
    twilio: Loopback, mail: MailServer, visit: Appointment, client: Client
) -> None:
    twilio.answers = [refused(21614)]
    message = sends(visit)
    path = unsubscribe_links.url_for(message.id).removeprefix("https://clinic.example")
    assert client.get(path).status_code == 200
    assert not consent.is_suppressed(MAIL)
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(path).status_code == 200
    assert consent.is_suppressed(MAIL)
    assert not consent.is_suppressed(PHONE)
    assert consent.state(MAIL, Channel.EMAIL) is False


def test_who_preferred_email_and_ended_it_still_gets_the_texts_they_agreed_to(
    twilio: Loopback, mail: MailServer, visit: Appointment
) -> None:
    Customer.objects.update(preferred_channel=Channel.EMAIL)
    first = sends(visit)
    assert first.channel == Channel.EMAIL
    unsubscribe.stop(first)
    later = sends(visit, kind="reminder_first")
    assert (later.channel, later.address, later.status) == (Channel.SMS, PHONE, Message.Status.QUEUED)
    assert len(mail.letters) == 1


def test_who_ended_email_and_agreed_to_nothing_else_gets_nothing(
    twilio: Loopback, mail: MailServer, visit: Appointment
) -> None:
    Customer.objects.update(preferred_channel=Channel.EMAIL)
    unsubscribe.stop(sends(visit))
    consent.suppress(PHONE, source="keyword")
    assert sends(visit, kind="reminder_first").reason == "opted_out"
    assert not twilio.requests


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
    assert client.post(unsubscribe_links.url_for(message.id).removeprefix("https://clinic.example")).status_code == 404


def test_a_link_works_on_every_host_and_after_a_change_of_the_login_key(settings: Settings) -> None:
    """Hosts share the HMAC key, which never changes; the key of logins may. Links of older e-mails go on working."""
    message_id = new_id()
    token = unsubscribe_links.url_for(message_id).rpartition("/")[2]
    older = Signer(salt="unsubscribe").sign(message_id.hex)
    assert unsubscribe_links.message_of(older) == message_id.hex
    settings.SECRET_KEY = "another one" * 5
    assert unsubscribe_links.message_of(token) == message_id.hex
