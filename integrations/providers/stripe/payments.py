"""Stripe as a payment provider: what it is like, and the calls behind it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from appointments.inbound import PaymentReported
from integrations.providers.shared.base import Link
from integrations.providers.shared.payments import Payments
from integrations.providers.stripe import api


class StripeLinks(Payments):
    """Payment links."""

    name: ClassVar[str] = "stripe"
    api_settings: ClassVar[tuple[str, ...]] = ("STRIPE_SECRET_KEY",)
    # For a day Stripe gives the same answer to the same key, a 500 of its own included
    # (docs.stripe.com/api/idempotent_requests, 2026). After this long the link is looked for, and has another key then.
    key_used_for: ClassVar[timedelta] = timedelta(minutes=10)
    longest_look_up_seconds: ClassVar[int] = api.LONGEST_LOOK_UP_SECONDS
    unknown_link: ClassVar[str] = "resource_missing"

    def create_link(
        self, *, deposit_id: UUID, appointment_id: UUID, amount: Decimal, currency: str, idempotency_key: str
    ) -> Link:
        """As `api.create_deposit_link`."""
        return api.create_deposit_link(
            deposit_id=deposit_id,
            appointment_id=appointment_id,
            amount=amount,
            currency=currency,
            idempotency_key=idempotency_key,
        )

    def find_link(self, *, deposit_id: UUID, made_since: datetime) -> Link | None:
        """As `api.find_deposit_link`."""
        return api.find_deposit_link(deposit_id=deposit_id, made_since=made_since)

    def deactivate(self, link_id: str) -> None:
        """As `api.deactivate`."""
        api.deactivate(link_id)

    def payments_by(self, link_id: str) -> list[PaymentReported]:
        """As `api.payments_by`."""
        return api.payments_by(link_id)
