"""Resend as a carrier: it takes a message with the same key once, and reports what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from integrations.providers.resend import api, errors
from integrations.providers.shared.base import Accepted, RefusedError
from integrations.providers.shared.carrier import Carrier
from integrations.providers.shared.outgoing import Outgoing


class Resend(Carrier):
    """E-mail."""

    name: ClassVar[str] = "resend"
    label: ClassVar[str] = "Resend"
    api_settings: ClassVar[tuple[str, ...]] = ("RESEND_API_KEY", "RESEND_WEBHOOK_SECRET", "RESEND_FROM")
    # It remembers a key for 24 hours (resend.com/docs/dashboard/emails/idempotency-keys); clocks differ.
    same_key_once_for: ClassVar[timedelta] = timedelta(hours=23)
    reports: ClassVar[bool] = True
    stays_here: ClassVar[frozenset[str]] = errors.STAYS_HERE

    def is_set_up(self, channel: str) -> bool:
        """By the key and the sender address."""
        return channel == api.CHANNEL and api.is_set_up()

    def send(self, message: Outgoing) -> Accepted:
        """As `api.send`."""
        return api.send(message)

    def refusal(self, code: str) -> RefusedError:
        """As `errors` has it."""
        return api.refusal(code)
