"""After a change of carrier the former one still reports what it was given: its words mean what they mean there."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from appointments.models import Appointment, Escalation, Message
from aro import clock
from aro.ids import new_id
from aro.models import Due
from aro.queue import due
from compliance import consent
from integrations.inbound import routing
from integrations.outbound import executor
from integrations.providers import ADAPTERS, CARRIERS, POLICIES
from integrations.providers.shared.base import Accepted, Stored
from tests.integrations.contract import fixture
from tests.integrations.messaging import MAIL, PHONE, ana, sends, visit
from tests.integrations.outbound.test_unknown_without_a_look_up import Reporting

__all__ = ["ana", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]


def sent_by_another(visit: Appointment, channel: str, address: str) -> Message:
    return Message.objects.create(
        direction="out",
        kind="confirmation",
        channel=channel,
        address=address,
        appointment=visit,
        customer=visit.customer,
        status="sent",
        provider_id="theirs",
    )


def told(adapter: str, name: str, change: Any) -> str:
    event = json.loads(fixture(adapter.partition("_")[0], name))
    change(event["data"])
    stored = Stored(body=json.dumps(event).encode(), path_ref=str(new_id()), received_at=clock.now())
    (news,) = ADAPTERS[adapter].parse(stored)
    with transaction.atomic():
        return routing.apply(news, correlation_id=new_id()).outcome


@override_settings(TEXT_CARRIER="twilio")
def test_a_stop_that_the_former_text_carrier_knows_of_holds(visit: Appointment) -> None:
    sent_by_another(visit, "sms", PHONE)

    def stopped(data: Any) -> None:
        data["payload"] |= {"id": "theirs", "errors": [{"code": 40300}]}
        data["payload"]["to"][0]["phone_number"] = PHONE

    told("telnyx_status", "message.finalized.failed", stopped)
    assert consent.is_suppressed(PHONE)


@override_settings(EMAIL_CARRIER="email")
def test_a_bounce_of_the_former_email_carrier_is_read(visit: Appointment) -> None:
    """A mail server, which carries e-mail now, knows no codes at all."""
    message = sent_by_another(visit, "email", MAIL)
    assert told("resend", "email.bounced", lambda data: data.update(email_id="theirs", tags=[])) == "applied"
    message.refresh_from_db()
    assert message.error_code == "bounced"


class Killed(Reporting):
    name = "before"

    def send(self, message: Any) -> Accepted:
        self.sent.append(message)
        raise KeyboardInterrupt


def test_a_text_that_was_on_its_way_when_the_worker_was_killed_is_not_asked_for_at_another_carrier(
    visit: Appointment,
) -> None:
    before = Killed()
    CARRIERS["before"], POLICIES["before"] = before, POLICIES["twilio"]
    try:
        with override_settings(TEXT_CARRIER="before", PROVIDER_RATE_LIMITS=False), pytest.raises(KeyboardInterrupt):
            sends(visit)
        Due.objects.update(lease=None)
        _go_on(minutes=5)
    finally:
        del CARRIERS["before"], POLICIES["before"]
    assert Message.objects.get(kind="confirmation").error_code == "outcome_unknown"
    assert Escalation.objects.filter(reason="not_delivered").exists()
    assert len(before.sent) == 1


@override_settings(TEXT_CARRIER="twilio", PROVIDER_BASE_URLS={"twilio": "http://127.0.0.1:9"})
def _go_on(*, minutes: int) -> None:
    for passed in range(minutes):
        now = clock.now() + timedelta(minutes=passed)
        for claim in due.claim("executions", now=now, limit=5):
            executor.handle([claim], now)
