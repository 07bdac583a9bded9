"""Stripe in: what became of a deposit.

An account's endpoint gets every app's events, so an object without our metadata is no concern of ours. Bodies have the
shape of the endpoint's own API version: they are read defensively, as plain JSON. Two events report one payment
(`checkout.session.completed`, `payment_intent.succeeded`), in any order. Disputes, refunds and fraud warnings carry no
metadata: their payment intent does, and is asked for. What a dispute or a refund has come to is in its `status`, so
that several events of one stand for the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings

from appointments.inbound import Inbound, NothingToDo, PaymentOutcome, PaymentReported
from integrations.providers.shared import fields, json_body
from integrations.providers.shared.base import (
    Adapter,
    BadSignatureError,
    Delivery,
    MalformedError,
    NeedsLookupError,
    RefusedError,
    Stored,
    body_key,
    short_key,
)
from integrations.providers.shared.signatures import check_timed, secrets_in
from integrations.providers.stripe import money

HEADER = "stripe-signature"
# The SDK's default, but the SDK accepts timestamps from the future.
TOLERANCE_SECONDS = 300
DEPOSIT_KEY = "aro_deposit_id"
APPOINTMENT_KEY = "aro_appointment_id"
_LARGEST_AMOUNT = 10**11
# Marks a stored body whose payment has been asked for; Stripe has no such field.
LOOKED_UP = "aro_looked_up"


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """How an event type is read: what it means, and which field of its object holds the amount."""

    outcome: PaymentOutcome
    amount: str
    # Checked out with a method that takes days, the session completes unpaid.
    checked_out: bool = False
    # It is found by its payment, if not by its metadata.
    by_payment: bool = False
    # It has no metadata of its own: that of its payment is asked for.
    looked_up: bool = False
    final: bool = False
    # What the object's own `status` makes of it.
    by_status: Mapping[str, PaymentOutcome] = field(default_factory=dict)


# docs.stripe.com/api/disputes/object, 2026. The bank's questions ("inquiries") have states of their own.
_DISPUTE: Mapping[str, PaymentOutcome] = {
    "warning_needs_response": "asked",
    "warning_under_review": "asked",
    "warning_closed": "dispute_won",
    "needs_response": "disputed",
    "under_review": "disputed",
    "won": "dispute_won",
    "prevented": "dispute_won",
    "lost": "dispute_lost",
}
# docs.stripe.com/refunds: "succeeded" is told as `charge.refunded` too, which may be switched off or lost. "Failed
# refunds": the money is with the business again. Other states change nothing yet.
_REFUND: Mapping[str, PaymentOutcome] = {
    "succeeded": "refunded",
    "failed": "refund_failed",
    "canceled": "refund_failed",
}


def _dispute(otherwise: PaymentOutcome) -> _Kind:
    return _Kind(outcome=otherwise, amount="amount", by_payment=True, looked_up=True, by_status=_DISPUTE)


_REFUNDING = _Kind(outcome="refund_failed", amount="amount", by_payment=True, looked_up=True, by_status=_REFUND)


# What is to be switched on at Stripe, and what each means.
KINDS: dict[str, _Kind] = {
    "checkout.session.completed": _Kind(outcome="paid", amount="amount_total", checked_out=True),
    "checkout.session.async_payment_succeeded": _Kind(outcome="paid", amount="amount_total"),
    "checkout.session.async_payment_failed": _Kind(outcome="failed", amount="amount_total", final=True),
    "checkout.session.expired": _Kind(outcome="expired", amount="amount_total"),
    "payment_intent.succeeded": _Kind(outcome="paid", amount="amount_received"),
    # Fires for every failed attempt: the person may still pay.
    "payment_intent.payment_failed": _Kind(outcome="failed", amount="amount"),
    "charge.refunded": _Kind(outcome="refunded", amount="amount_refunded", by_payment=True),
    "charge.dispute.created": _dispute("disputed"),
    "charge.dispute.updated": _dispute("disputed"),
    # Whatever it is over with, the money stays unless it is lost.
    "charge.dispute.closed": _dispute("dispute_won"),
    "charge.dispute.funds_withdrawn": _dispute("disputed"),
    "charge.dispute.funds_reinstated": _dispute("dispute_won"),
    "refund.created": _REFUNDING,
    "refund.failed": _REFUNDING,
    "refund.updated": _REFUNDING,
    "charge.refund.updated": _REFUNDING,
    "radar.early_fraud_warning.created": _Kind(outcome="suspected", amount="", by_payment=True, looked_up=True),
}


class Stripe(Adapter):
    name: ClassVar[str] = "stripe"
    checked_with: ClassVar[str] = "STRIPE_WEBHOOK_SECRET"
    content_types: ClassVar[frozenset[str]] = frozenset({"application/json"})

    def verify(self, delivery: Delivery) -> None:
        secrets = secrets_in(settings.STRIPE_WEBHOOK_SECRET, name="STRIPE_WEBHOOK_SECRET")
        header = delivery.headers.get(HEADER, "")
        if not header:
            raise BadSignatureError("no signature")
        check_timed(
            header=header, body=delivery.body, secrets=secrets, now=delivery.received_at, tolerance=TOLERANCE_SECONDS
        )

    def delivery_key(self, delivery: Delivery) -> str:
        event_id = fields.text(json_body.read(delivery.body), "id", limit=500)
        return short_key(event_id) if event_id else body_key(delivery.body)

    def parse(self, stored: Stored) -> list[Inbound]:
        data = json_body.read(stored.body)
        kind = KINDS.get(fields.text(data, "type"))
        if kind is None:
            return [NothingToDo(detail="an event type that is not used")]
        thing = fields.mapping(fields.mapping(data, "data"), "object")
        if not thing:
            raise MalformedError("the event has no object")
        reason = _no_concern(data, thing, kind)
        if reason:
            return [NothingToDo(detail=reason)]
        if kind.looked_up and not deposit_id(thing) and LOOKED_UP not in data:
            raise NeedsLookupError("it names only its payment; the payment says whose it is")
        return [_payment(data, thing, kind, stored)]

    def complete(self, stored: Stored) -> bytes:
        """The object with the metadata of its payment. A key that may not read payments leaves it as it is: then only
        a payment that ARO has heard of is recognised."""
        from integrations.providers.stripe import sdk  # noqa: PLC0415 - loading the SDK takes half a second

        data = json_body.read(stored.body)
        thing = fields.mapping(fields.mapping(data, "data"), "object")
        try:
            found = sdk.payment_metadata(fields.text(thing, "payment_intent", limit=120))
        except RefusedError:
            found = {}
        known = fields.mapping(thing, "metadata")
        completed = {**data, LOOKED_UP: True, "data": {"object": {**thing, "metadata": {**known, **found}}}}
        return json.dumps(completed).encode()


def _no_concern(data: Mapping[str, Any], thing: Mapping[str, Any], kind: _Kind) -> str:
    """Why this event is none of our business, or an empty string."""
    if data.get("livemode") is not is_live():
        return "an event of the other mode (test or live)"
    if not kind.by_payment and not deposit_id(thing) and not _appointment_id(thing):
        return "a payment that is not one of ARO's deposits"
    if kind.by_payment and not fields.text(thing, "payment_intent"):
        return "about no payment of a link"
    if kind.checked_out and thing.get("payment_status") not in ("paid", "unpaid"):
        return "checked out without a payment"
    if kind.by_status is _REFUND and fields.text(thing, "status") not in _REFUND:
        return "a refund on its way"
    if thing.get("actionable") is False:
        return "a warning about a payment that was given back or disputed already"
    return ""


def is_live() -> bool:
    """Whether the configured key moves real money."""
    return str(settings.STRIPE_SECRET_KEY).startswith(("sk_live_", "rk_live_"))


def deposit_id(thing: Mapping[str, Any]) -> str:
    """Which deposit a Stripe object is about, by the metadata that its link gave it; empty for another app's."""
    return fields.text(fields.mapping(thing, "metadata"), DEPOSIT_KEY, limit=64)


def _appointment_id(thing: Mapping[str, Any]) -> str:
    return fields.text(fields.mapping(thing, "metadata"), APPOINTMENT_KEY, limit=64)


def _payment(data: Mapping[str, Any], thing: Mapping[str, Any], kind: _Kind, stored: Stored) -> PaymentReported:
    currency = fields.text(thing, "currency", limit=3).upper()
    intent = fields.text(thing, "id" if thing.get("object") == "payment_intent" else "payment_intent", limit=120)
    return PaymentReported(
        deposit_id=deposit_id(thing),
        appointment_id=_appointment_id(thing),
        outcome=_outcome(thing, kind),
        final=kind.final,
        amount=amount_of(thing, kind.amount, currency) if kind.amount else Decimal(0),
        currency=currency,
        occurred_at=_created(data) or stored.received_at,
        link_id=fields.text(thing, "payment_link", limit=120),
        payment_intent=intent,
        ref=fields.text(thing, "id", limit=120) if kind.looked_up else "",
    )


def _outcome(thing: Mapping[str, Any], kind: _Kind) -> PaymentOutcome:
    if kind.checked_out and thing.get("payment_status") == "unpaid":
        return "processing"
    return kind.by_status.get(fields.text(thing, "status"), kind.outcome)


def amount_of(thing: Mapping[str, Any], name: str, currency: str) -> Decimal:
    """The amount in the currency's main unit. Raises `MalformedError`."""
    minor = thing.get(name)
    # Some API versions leave amount_received at 0 on the event of the payment itself.
    if name == "amount_received" and not minor:
        minor = thing.get("amount")
    if isinstance(minor, bool) or not isinstance(minor, int) or not 0 <= minor < _LARGEST_AMOUNT or len(currency) != 3:
        raise MalformedError("amount or currency is missing")
    return money.to_main(minor, currency)


def _created(data: Mapping[str, Any]) -> datetime | None:
    seconds = data.get("created")
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds < 10**11:
        return None
    return datetime.fromtimestamp(seconds, UTC)
