"""Sandbox mode's mail backend: the e-mail goes to the sandbox over HTTP, which answers with a mail server's codes."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from integrations.providers.shared.base import OutcomeUnknownError, UnavailableError
from integrations.providers.shared.transport import Answer, Call, call

_TAKEN = 201


class EmailBackend(BaseEmailBackend):
    """Raises what an SMTP backend raises."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            self._send(message)
        return len(email_messages)

    def _send(self, message: EmailMessage) -> None:
        body = {
            "from": message.from_email,
            "to": message.to[0],
            "subject": str(message.subject),
            "body": str(message.body),
            "message_id": message.extra_headers.get("Message-ID", ""),
            "headers": {name: str(value) for name, value in message.message().items()},
        }
        _check(message.to[0], _ask(json.dumps(body).encode()))


def _ask(body: bytes) -> Answer:
    url = f"{settings.PROVIDER_BASE_URLS['email']}/messages"
    try:
        return call(Call(method="POST", url=url, headers={"Content-Type": "application/json"}, data=body))
    except UnavailableError as error:
        raise smtplib.SMTPResponseException(421, str(error).encode()) from error
    except OutcomeUnknownError as error:
        raise smtplib.SMTPServerDisconnected(str(error)) from error


def _check(recipient: str, answer: Answer) -> None:
    if answer.status == _TAKEN:
        return
    code = _reply_code(answer)
    if code == 0:
        raise smtplib.SMTPServerDisconnected("an answer that says nothing")
    if answer.status == 422:  # noqa: PLR2004 - the sandbox's "this recipient not"
        raise smtplib.SMTPRecipientsRefused({recipient: (code, b"refused")})
    raise smtplib.SMTPResponseException(code, b"refused")


def _reply_code(answer: Answer) -> int:
    """The mail server's code in the sandbox's answer; 0 when there is none to read."""
    try:
        return int(json.loads(answer.text)["smtp_code"])
    except (ValueError, KeyError, TypeError):
        return 0
