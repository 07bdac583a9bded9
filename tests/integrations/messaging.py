"""One person with a visit, a carrier and a mail server: for tests of the channel that a message takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import override_settings

from appointments.inbound import DeliveryReported
from appointments.models import Appointment, Customer, Escalation, Message
from appointments.services import messages
from aro import clock
from aro.queue import due
from compliance import consent
from compliance.models import Channel, Purpose
from integrations.outbound import callbacks, executor
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.integrations.carriers import mail_server
from tests.integrations.carriers.mail_server import MailServer
from tests.integrations.loopback import Loopback, http
from workflows.engine import effects

PHONE, MAIL = "+12125550177", "ana@example.com"


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
