"""Twilio as a carrier: what it can do, and the calls behind it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from django.conf import settings

from compliance.models import Channel
from integrations.providers.shared.base import Accepted, RefusedError
from integrations.providers.shared.carrier import Carrier
from integrations.providers.shared.outgoing import Outgoing, Reply
from integrations.providers.twilio import api, errors
from integrations.providers.twilio.webhook import KEYWORDS_ALONE


class Twilio(Carrier):
    """Texts and WhatsApp."""

    name: ClassVar[str] = "twilio"
    label: ClassVar[str] = "Twilio"
    replies: ClassVar[str] = "twilio_sms"
    api_settings: ClassVar[tuple[str, ...]] = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    looks_up: ClassVar[bool] = True
    reports: ClassVar[bool] = True
    answers_itself: ClassVar[frozenset[str]] = KEYWORDS_ALONE
    stays_here: ClassVar[frozenset[str]] = errors.STAYS_HERE
    outside_window: ClassVar[str] = errors.OUTSIDE_WHATSAPP_WINDOW

    def is_set_up(self, channel: str) -> bool:
        """By the number that is set for the channel."""
        return bool(settings.TWILIO_WHATSAPP_NUMBER if channel == Channel.WHATSAPP else settings.TWILIO_PHONE_NUMBER)

    def send(self, message: Outgoing) -> Accepted:
        """As `api.send`."""
        return api.send(
            to=message.to,
            body=message.body,
            channel=message.channel,
            execution_id=message.execution_id,
            validity_seconds=message.validity_seconds,
            content=message.content,
        )

    def refusal(self, code: str) -> RefusedError:
        """As `errors` has it."""
        return api.refusal(code)

    def find(  # noqa: PLR0913 - the interface's
        self,
        *,
        to: str,
        body: str | None,
        channel: str,
        since: datetime,
        at: datetime | None = None,
        known: Collection[str] = (),
        rivals: Collection[datetime] = (),
    ) -> Accepted | None:
        """As `api.find`."""
        return api.find(to=to, body=body, channel=channel, since=since, at=at, known=known, rivals=rivals)

    def lists_replies(self, channel: str) -> bool:
        """Both channels' messages are in the account's list."""
        account = settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN
        return bool(account) and self.is_set_up(channel)

    def received(self, channel: str, *, since: datetime) -> list[Reply]:
        """As `api.received`."""
        return api.received(channel=channel, since=since)

    def is_template(self, reference: str) -> bool:
        """Content SIDs (twilio.com/docs/content, 2026)."""
        return reference.startswith("HX")
