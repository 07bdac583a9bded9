"""E-mail through Django's mail backend: one message, handed over at most once per call.

A mail server says that it took a message, never that it arrived: what it takes is `sent`, and a bounce stays unknown.
It has no list to look a message up in, so what it may have taken without saying so goes to a person.
SMTP reply codes: RFC 5321, 4.2.1 (4yz may be tried again, 5yz may not).
"""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import formataddr, parseaddr
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from appointments.models import Message
from aro import deadlines
from integrations.providers.shared.base import (
    Accepted,
    Effect,
    OutcomeUnknownError,
    ProviderFailure,
    RefusedError,
    UnavailableError,
)
from integrations.providers.shared.outgoing import Outgoing

PROVIDER = "email"
# For the whole hand-over, whatever the server does between two bytes.
DEADLINE_SECONDS = 30.0
_FROM_HERE_ON_PERMANENT = 500
_CALL = "Call the patient, or press Correct the e-mail on their page."
_ADMIN = "Check EMAIL_URL and DEFAULT_FROM_EMAIL with whoever looks after your mail; ARO goes on by itself afterwards."


def is_set_up() -> bool:
    """Whether there is a sender address to write from."""
    return bool(settings.DEFAULT_FROM_EMAIL)


def send(message: Outgoing) -> Accepted:
    """Hands one e-mail to the mail server. Raises `ProviderFailure`."""
    if not is_set_up():
        raise _refused(
            "no_sender", "No sender address is set for e-mail.", _ADMIN, Effect.CONFIG_ALERT, permanent=False
        )
    connection = get_connection(fail_silently=False)
    letter = _letter(message, connection)
    _open(connection)
    try:
        _hand_over(letter, connection)
    finally:
        # The server's goodbye: what it took, it has taken.
        with suppress(smtplib.SMTPException, OSError):
            connection.close()
    return Accepted(provider_id=letter.extra_headers["Message-ID"], status=Message.Status.SENT, segments=0)


def _letter(message: Outgoing, connection: Any) -> EmailMessage:
    """One-click unsubscription: RFC 8058. The Message-ID comes from our execution: a server may tell a repeat."""
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    headers = {
        "Message-ID": f"<{message.execution_id}@{sender.rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
    }
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=formataddr((message.sender_name, sender)),
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=headers,
        connection=connection,
    )


def _open(connection: Any) -> None:
    """Until here nothing can have been taken."""
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError:
        what = "The mail server does not accept ARO's name or password."
        raise _refused("email_login", what, _ADMIN, Effect.PAUSE_PROVIDER, permanent=False) from None
    except (smtplib.SMTPException, OSError) as error:
        raise UnavailableError(type(error).__name__) from None


def _hand_over(letter: EmailMessage, connection: Any) -> None:
    try:
        with _deadline(connection):
            taken = connection.send_messages([letter])
    except smtplib.SMTPRecipientsRefused as error:
        raise _of_reply(max((code for code, _ in error.recipients.values()), default=550), recipient=True) from None
    except smtplib.SMTPResponseException as error:
        raise _of_reply(error.smtp_code, recipient=False) from None
    except (smtplib.SMTPException, OSError) as error:
        raise OutcomeUnknownError(type(error).__name__) from None
    if not taken:
        raise _of_reply(550, recipient=True)


@contextmanager
def _deadline(connection: Any) -> Iterator[None]:
    """Cuts the line when the time is up: the mail library's own limit is per read."""
    line = getattr(getattr(connection, "connection", None), "sock", None)
    deadline = deadlines.add(DEADLINE_SECONDS, partial(_cut, line))
    try:
        yield
    finally:
        deadline.cancel()


def _cut(line: socket.socket | None) -> None:
    if line is not None:
        with suppress(OSError):  # the server was faster
            line.shutdown(socket.SHUT_RDWR)


def _of_reply(code: int, *, recipient: bool) -> ProviderFailure:
    """What an SMTP reply code means."""
    if code < _FROM_HERE_ON_PERMANENT:
        return _postponed(f"smtp_{code}")
    if recipient:
        what = "The mail server refuses the patient's e-mail address."
        return _refused(f"smtp_{code}", what, _CALL, Effect.MARK_EMAIL_UNUSABLE)
    return _refused(f"smtp_{code}", "The mail server refuses the clinic's e-mail.", _ADMIN, Effect.CONFIG_ALERT)


def refusal(code: str) -> RefusedError:
    """A code of ours, in words. Whether it was about the address or about the clinic is not in it."""
    if code.removeprefix("smtp_") < str(_FROM_HERE_ON_PERMANENT):
        return _postponed(code)
    return _refused(code, "The mail server refuses the e-mail.", _CALL, Effect.NONE)


def _postponed(code: str) -> RefusedError:
    what, step = "The mail server asks to try again later.", "Call the patient if the visit is soon."
    return _refused(code, what, step, Effect.RETRY_LATER, permanent=False)


def _refused(code: str, what: str, next_step: str, effect: Effect, *, permanent: bool = True) -> RefusedError:
    return RefusedError(code=code, staff_message=what, next_step=next_step, permanent=permanent, effect=effect)
