"""What a payment link's checkout sessions say, in the words of the events that should have told it.

A session with its payment and charge expanded knows everything that may have been missed: paid, under way, bounced,
given back, disputed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from appointments.inbound import PaymentReported
from integrations.providers.shared import fields
from integrations.providers.shared.base import MalformedError, OutcomeUnknownError
from integrations.providers.stripe.webhook import amount_of, deposit_id, is_live

EXPANDED = ("data.payment_intent.latest_charge",)


def read(sessions: Iterable[Mapping[str, Any]], *, now: datetime) -> list[PaymentReported]:
    """The news in a link's sessions, oldest session first. Raises `OutcomeUnknownError` for what makes no sense."""
    try:
        found = [list(_news(one, now)) for one in sessions if one.get("livemode") is is_live() and deposit_id(one)]
    except MalformedError as error:
        raise OutcomeUnknownError(f"a checkout session that makes no sense: {error}") from None
    return [news for one in reversed(found) for news in one]


def _news(session: Mapping[str, Any], now: datetime) -> Iterator[PaymentReported]:
    intent = fields.mapping(session, "payment_intent")
    charge = fields.mapping(intent, "latest_charge")
    outcome = _outcome(session, intent)
    if outcome:
        yield _report(session, session, outcome, "amount_total", now)
    if charge.get("amount_refunded"):
        yield _report(session, charge, "refunded", "amount_refunded", now)
    if charge.get("disputed") is True:
        yield _report(session, charge, "disputed", "amount", now)


def _outcome(session: Mapping[str, Any], intent: Mapping[str, Any]) -> Literal["paid", "processing", "failed"] | None:
    if session.get("status") != "complete":
        return None
    if session.get("payment_status") == "paid":
        return "paid"
    if session.get("payment_status") != "unpaid":
        return None
    bounced = intent.get("status") in ("requires_payment_method", "canceled")
    return "failed" if bounced else "processing"


def _report(
    session: Mapping[str, Any],
    thing: Mapping[str, Any],
    outcome: Literal["paid", "processing", "failed", "refunded", "disputed"],
    amount: str,
    now: datetime,
) -> PaymentReported:
    currency = fields.text(thing, "currency", limit=3).upper()
    return PaymentReported(
        deposit_id=deposit_id(session),
        outcome=outcome,
        final=outcome == "failed",
        amount=amount_of(thing, amount, currency),
        currency=currency,
        occurred_at=now,
        link_id=fields.text(session, "payment_link", limit=120),
        payment_intent=_intent_id(session),
    )


def _intent_id(session: Mapping[str, Any]) -> str:
    """Stripe leaves the payment as an id where the key may not read it."""
    return fields.text(fields.mapping(session, "payment_intent"), "id", limit=120) or fields.text(
        session, "payment_intent", limit=120
    )
