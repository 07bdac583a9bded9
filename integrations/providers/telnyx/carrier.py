"""Telnyx as a carrier: what it can do, and the calls behind it. It has no list by recipient and no idempotency key."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings

from compliance.models import Channel
from integrations.providers.shared.base import Accepted, RefusedError
from integrations.providers.shared.carrier import Carrier
from integrations.providers.shared.outgoing import Outgoing
from integrations.providers.telnyx import api, errors
from integrations.providers.telnyx.webhook import KEYWORDS_ALONE


class Telnyx(Carrier):
    """Texts."""

    name: ClassVar[str] = "telnyx"
    label: ClassVar[str] = "Telnyx"
    replies: ClassVar[str] = "telnyx_sms"
    api_settings: ClassVar[tuple[str, ...]] = ("TELNYX_API_KEY", "TELNYX_PUBLIC_KEY", "TELNYX_PHONE_NUMBER")
    reports: ClassVar[bool] = True
    answers_itself: ClassVar[frozenset[str]] = KEYWORDS_ALONE
    stays_here: ClassVar[frozenset[str]] = errors.STAYS_HERE

    def is_set_up(self, channel: str) -> bool:
        """Texts only, by the number that is set."""
        return channel == Channel.SMS and bool(settings.TELNYX_PHONE_NUMBER)

    def send(self, message: Outgoing) -> Accepted:
        """As `api.send`."""
        return api.send(to=message.to, body=message.body, execution_id=message.execution_id)

    def refusal(self, code: str) -> RefusedError:
        """As `errors` has it."""
        return api.refusal(code)
