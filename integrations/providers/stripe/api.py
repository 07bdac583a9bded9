"""Deposits out: payment links only. ARO asks for money; it never charges.

A link does not expire but could be used twice, so it is limited to one payment and switched off when the visit is paid,
moved or cancelled. Its metadata reaches the checkout session but not the payment, so both get it. No personal data.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from appointments.inbound import PaymentReported
from aro import clock
from integrations.providers.shared.base import Link
from integrations.providers.stripe import money, sessions
from integrations.providers.stripe.webhook import APPOINTMENT_KEY, DEPOSIT_KEY

PRODUCT_NAME = "Deposit"
# Looking for a link asks for no further page after this; the one under way may still take its own time.
LONGEST_LOOK_UP_SECONDS = 60


def create_deposit_link(
    *, deposit_id: UUID, appointment_id: UUID, amount: Decimal, currency: str, idempotency_key: str
) -> Link:
    """`amount` in the currency's main unit. The same key gives the same link, so repeating an unknown outcome is safe.

    Raises `ProviderFailure`.
    """
    from integrations.providers.stripe import sdk as stripe_sdk  # noqa: PLC0415 - loading the SDK takes half a second

    metadata = {DEPOSIT_KEY: str(deposit_id), APPOINTMENT_KEY: str(appointment_id)}
    params: dict[str, Any] = {
        "line_items": [{"price_data": _price(amount, currency), "quantity": 1}],
        "restrictions": {"completed_sessions": {"limit": 1}},
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata},
    }
    return stripe_sdk.create(params, idempotency_key=idempotency_key)


def deactivate(link_id: str) -> None:
    """Switches a link off; a checkout that is already open may still be paid. Raises `ProviderFailure`."""
    from integrations.providers.stripe import sdk as stripe_sdk  # noqa: PLC0415 - see above

    stripe_sdk.switch_off(link_id)


def find_deposit_link(*, deposit_id: UUID, made_since: datetime) -> Link | None:
    """The link that was made for a deposit, found by its metadata: for when its key may be forgotten.

    Raises `ProviderFailure`.
    """
    from integrations.providers.stripe import sdk as stripe_sdk  # noqa: PLC0415 - see above

    return stripe_sdk.find(
        metadata={DEPOSIT_KEY: str(deposit_id)}, made_since=made_since, seconds=LONGEST_LOOK_UP_SECONDS
    )


def payments_by(link_id: str) -> list[PaymentReported]:
    """All that became of a link's payments, as its events would have told it. Raises `ProviderFailure`."""
    from integrations.providers.stripe import sdk as stripe_sdk  # noqa: PLC0415 - see above

    found = stripe_sdk.sessions(link_id, expand=sessions.EXPANDED)
    return sessions.read(found, now=clock.now())


def _price(amount: Decimal, currency: str) -> dict[str, Any]:
    return {
        "currency": currency.lower(),
        "unit_amount": money.to_minor(amount, currency),
        "product_data": {"name": PRODUCT_NAME},
    }
