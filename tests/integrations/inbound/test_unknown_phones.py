"""A phone that nobody is known by writes: what may be needed is answered, and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from appointments.inbound import ReplyReceived
from appointments.models import Customer, Escalation, Message
from aro import clock
from aro.ids import new_id
from compliance import consent
from tests.factories import BusinessFactory
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import twilio, work
from workflows.replies.acting import inbox

__all__ = ["twilio"]

pytestmark = pytest.mark.django_db

STRANGER = "+12125550188"


def writes(text: str, channel: str = "sms") -> Message:
    """Somebody writes from `STRANGER`, and all that is due is done; the message as it was stored."""
    provider_id = f"SM{new_id().hex}"
    news = ReplyReceived(text=text, provider_id=provider_id, channel=channel, occurred_at=clock.now(), sender=STRANGER)
    inbox.receive(news, correlation_id=new_id())
    work()
    return Message.objects.get(provider_id=provider_id)


def answer_to(message: Message) -> Message | None:
    return Message.objects.filter(key=f"answer:{message.id}").first()


@pytest.fixture(autouse=True)
def clinic() -> None:
    BusinessFactory.create(quiet_from="20:00", quiet_until="09:00")


@pytest.mark.parametrize("text", ["I have chest pain and cannot breathe", "me duele el pecho y no puedo respirar"])
def test_danger_is_answered_and_nobody_is_made_up(twilio: Loopback, text: str) -> None:
    answer = answer_to(writes(text))
    assert answer is not None
    assert (answer.status, answer.address, answer.customer) == ("queued", STRANGER, None)
    assert "911" in parse_qs(twilio.form().decode())["Body"][0]
    assert Escalation.objects.get().reason == "emergency"
    assert not Customer.objects.exists()


def test_the_same_answer_comes_once_in_ten_minutes(twilio: Loopback) -> None:
    writes("I have chest pain")
    again = answer_to(writes("my chest hurts so much"))
    assert again is not None
    assert (again.status, again.reason) == ("blocked", "answered_enough")
    assert len(twilio.requests) == 1


def test_stop_in_other_words_is_confirmed_and_holds(twilio: Loopback) -> None:
    answer = answer_to(writes("please take me off your list and text me no more"))
    assert consent.is_suppressed(STRANGER)
    assert answer is not None
    assert (answer.kind, answer.status) == ("opt_out_answer", "queued")


@pytest.mark.parametrize("text", ["C", "where do I park?", "I can't come on Tuesday", "START"])
def test_all_else_is_for_a_person(twilio: Loopback, text: str) -> None:
    assert answer_to(writes(text)) is None
    assert twilio.requests == []
