"""E-mail over real SMTP: what a mail server takes, refuses, puts off, or leaves open."""

from __future__ import annotations

import email
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import override_settings

from aro.ops.unused_ports import unused_port
from integrations.providers.shared.base import (
    Effect,
    OutcomeUnknownError,
    ProviderFailure,
    RefusedError,
    UnavailableError,
)
from integrations.providers.shared.outgoing import Outgoing
from integrations.providers.smtp import api
from tests.integrations.carriers import mail_server
from tests.integrations.carriers.mail_server import MailServer

EXECUTION = UUID("0192f0c1-7a3b-7c4d-8e5f-60718293a4b5")
LINK = "https://clinic.example/unsubscribe/token"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server.running() as mail, reached_at(mail.port):
        yield mail


def reached_at(port: int) -> override_settings:
    return override_settings(
        EMAIL_BACKEND=SMTP,
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        EMAIL_TIMEOUT=3,
        DEFAULT_FROM_EMAIL="desk@clinic.example",
    )


def letter() -> Outgoing:
    return Outgoing(
        to="ana@example.com",
        channel="email",
        body="Hello Ana,\n\nsee you on Monday.",
        execution_id=EXECUTION,
        key=str(EXECUTION),
        validity_seconds=60,
        subject="Your visit at Bright Dental",
        sender_name="Bright Dental",
        reply_to="hello@clinic.example",
        unsubscribe_url=LINK,
    )


def failure() -> ProviderFailure:
    with pytest.raises(ProviderFailure) as caught:
        api.send(letter())
    return caught.value


def test_a_mail_that_the_server_takes_is_sent_and_no_more_is_known(server: MailServer) -> None:
    taken = api.send(letter())
    assert (taken.status, taken.provider_id) == ("sent", f"<{EXECUTION}@clinic.example>")
    (raw,) = server.letters
    found = email.message_from_string(raw)
    assert found["From"] == "Bright Dental <desk@clinic.example>"
    assert (found["To"], found["Reply-To"]) == ("ana@example.com", "hello@clinic.example")
    assert found["Message-ID"] == taken.provider_id
    assert found["List-Unsubscribe"] == f"<{LINK}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "see you on Monday" in str(found.get_payload())


def test_an_address_that_the_server_refuses_is_wrong_for_good(server: MailServer) -> None:
    server.recipient = "550 no such mailbox"
    error = failure()
    assert isinstance(error, RefusedError)
    assert (error.code, error.effect, error.permanent) == ("smtp_550", Effect.MARK_EMAIL_UNUSABLE, True)
    assert server.letters == []


@pytest.mark.parametrize("reply", ["450 greylisted", "421 busy"])
def test_a_server_that_asks_to_come_back_is_asked_again(server: MailServer, reply: str) -> None:
    server.recipient = reply
    error = failure()
    assert isinstance(error, RefusedError)
    assert (error.effect, error.permanent) == (Effect.RETRY_LATER, False)


def test_a_refused_letter_is_the_clinics_matter_and_not_the_patients(server: MailServer) -> None:
    server.data = "554 looks like spam"
    error = failure()
    assert isinstance(error, RefusedError)
    assert (error.code, error.effect) == ("smtp_554", Effect.CONFIG_ALERT)


def test_a_line_that_breaks_after_the_letter_leaves_open_whether_it_was_taken(server: MailServer) -> None:
    server.goes_away = True
    assert isinstance(failure(), OutcomeUnknownError)


def test_a_server_that_is_not_there_has_surely_taken_nothing() -> None:
    with reached_at(unused_port()):
        assert isinstance(failure(), UnavailableError)


def test_without_a_sender_nothing_leaves_and_the_reason_says_what_to_set(server: MailServer) -> None:
    with override_settings(DEFAULT_FROM_EMAIL=""):
        error = failure()
    assert isinstance(error, RefusedError)
    assert "EMAIL_URL" in error.next_step
    assert server.letters == []


def test_no_failure_repeats_the_patients_address(server: MailServer) -> None:
    server.recipient = "550 ana@example.com is unknown"
    error = failure()
    assert "ana@" not in str(error)
    assert "ana@" not in getattr(error, "staff_message", "")
