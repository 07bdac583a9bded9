"""Who carries messages, by channel. The one place that names them, so that the executor does not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings

from compliance.models import Channel
from integrations.providers.shared.base import Accepted
from integrations.providers.shared.outgoing import Outgoing, Reply
from integrations.providers.smtp import api as email_client
from integrations.providers.twilio import api as twilio_api
from integrations.providers.twilio.api import refusal
from integrations.providers.twilio.errors import OUTSIDE_WHATSAPP_WINDOW, STAYS_HERE

# Who hands in what people write, and who is asked for it.
REPLIES, CARRIER = "twilio_sms", "twilio"
REPLY_CHANNELS = (Channel.SMS, Channel.WHATSAPP)

__all__ = [
    "CARRIER",
    "OUTSIDE_WHATSAPP_WINDOW",
    "REPLIES",
    "REPLY_CHANNELS",
    "STAYS_HERE",
    "can_ask",
    "can_find",
    "find",
    "is_set_up",
    "provider_of",
    "received",
    "refusal",
    "send",
]


def provider_of(channel: str) -> str:
    """Whose breaker and limits count."""
    return email_client.PROVIDER if channel == Channel.EMAIL else CARRIER


def is_set_up(channel: str) -> bool:
    """Whether this installation can send there at all."""
    if channel == Channel.EMAIL:
        return email_client.is_set_up()
    return bool(settings.TWILIO_WHATSAPP_NUMBER if channel == Channel.WHATSAPP else settings.TWILIO_PHONE_NUMBER)


def send(message: Outgoing) -> Accepted:
    """Hands one message over, at most once per call. Raises `ProviderFailure`."""
    if message.channel == Channel.EMAIL:
        return email_client.send(message)
    return twilio_api.send(
        to=message.to,
        body=message.body,
        channel=message.channel,
        execution_id=message.execution_id,
        validity_seconds=message.validity_seconds,
        content=message.content,
    )


def can_find(channel: str) -> bool:
    """Whether a message whose fate nobody knows can be looked up. A mail server keeps no list."""
    return channel != Channel.EMAIL


def can_ask(channel: str) -> bool:
    """Whether the carrier can be asked what people wrote there."""
    account = settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN
    return channel in REPLY_CHANNELS and bool(account) and is_set_up(channel)


def received(channel: str, *, since: datetime) -> list[Reply]:
    """What people wrote to us on that channel since then, oldest first. Raises `ProviderFailure`."""
    return twilio_api.received(channel=channel, since=since)


def find(  # noqa: PLR0913 - all that tells one text from another
    *,
    to: str,
    body: str | None,
    channel: str,
    since: datetime,
    at: datetime | None = None,
    known: Collection[str] = (),
    rivals: Collection[datetime] = (),
) -> Accepted | None:
    """As the carrier's own `find`."""
    return twilio_api.find(to=to, body=body, channel=channel, since=since, at=at, known=known, rivals=rivals)
