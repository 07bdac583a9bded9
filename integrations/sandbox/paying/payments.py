"""A person at Stripe's checkout: pays, fails, lets the session expire, gets the money back, disputes.

`bank` checks out with a bank transfer, which takes days; `bank_paid` and `bank_failed` are how it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from integrations.sandbox.calls import RefusedError
from integrations.sandbox.ledger import Document
from integrations.sandbox.paying import stripe_objects as objects
from integrations.sandbox.world import World

OUTCOMES = (
    "paid",
    "expired",
    "failed",
    "refund",
    "refund_failed",
    "dispute",
    "dispute_won",
    "dispute_lost",
    "fraud_warning",
    "bank",
    "bank_paid",
    "bank_failed",
)


@dataclass(frozen=True)
class Outcome:
    """The events of what happened, in the order Stripe sends them by default."""

    events: list[Document]
    session: Document | None = None
    intent: Document | None = None


def link_of(world: World, key: str) -> Document:
    """Raises RefusedError (404)."""
    link = objects.load(world, "payment_link", key)
    if link is None:
        raise RefusedError(404, "NOT_FOUND", "There is no such payment link. GET /payment-links lists them.")
    return link


def happen(world: World, link: Document, *, what: str, amount: int | None, page_was_open: bool = False) -> Outcome:
    """`amount` in the smallest unit; the link's own when None. Raises RefusedError (409) when it cannot happen now.

    `page_was_open`: the checkout page was opened before the link was switched off, which does not close it.
    """
    if what in _AT_CHECKOUT and not page_was_open:
        _must_be_active(link)
    return _HAPPENINGS[what](world, link, link["sandbox_amount"] if amount is None else amount)


async def deliver(world: World, outcome: Outcome) -> int | None:
    """Sends the events; the status of the last one's first attempt."""
    callbacks = [world.json_callback("stripe", event, delivery_id=event["id"]) for event in outcome.events]
    return await world.post("stripe", outcome.events[0]["id"], callbacks)


def _paid(world: World, link: Document, amount: int) -> Outcome:
    """Checkout completes and the intent succeeds: two events for one payment."""
    intent = objects.intent(world, link, amount=amount, succeeded=True)
    objects.charge(world, intent, refunded=0)
    session = objects.session(world, link, amount=amount, intent=intent["id"], status="complete", paid=True)
    _count_session(world, link)
    return _outcome(world, session, intent, {"checkout.session.completed": session, "payment_intent.succeeded": intent})


def _failed(world: World, link: Document, amount: int) -> Outcome:
    """One declined attempt; the person may try again."""
    intent = objects.intent(world, link, amount=amount, succeeded=False)
    return _outcome(world, None, intent, {"payment_intent.payment_failed": intent})


def _expired(world: World, link: Document, amount: int) -> Outcome:
    session = objects.session(world, link, amount=amount, intent=None, status="expired", paid=False)
    return _outcome(world, session, None, {"checkout.session.expired": session})


def _refund(world: World, link: Document, amount: int) -> Outcome:
    return refund(world, _paid_intent(world, link), amount)


def _dispute(world: World, link: Document, _amount: int) -> Outcome:
    intent = _paid_intent(world, link)
    charge = objects.load(world, "charge", intent["latest_charge"])
    if charge is not None:
        objects.keep(world, "charge", charge | {"disputed": True})
    return _outcome(world, None, intent, {"charge.dispute.created": objects.dispute(world, intent)})


def _refund_failed(world: World, link: Document, amount: int) -> Outcome:
    """The bank sends a refund back: what the charge says of refunds goes down again."""
    intent = _paid_intent(world, link)
    charge = objects.load(world, "charge", intent["latest_charge"])
    if charge is None or charge["amount_refunded"] < amount:
        raise RefusedError(409, "CONFLICT", "So much was not given back yet. Refund it first.")
    objects.keep(world, "charge", charge | {"amount_refunded": charge["amount_refunded"] - amount, "refunded": False})
    refund = objects.refund(world, intent, amount=amount, status="failed")
    return _outcome(world, None, intent, {"refund.failed": refund, "charge.refund.updated": refund})


def _dispute_won(world: World, link: Document, _amount: int) -> Outcome:
    dispute, intent = _disputed(world, link, "won")
    return _outcome(world, None, intent, {"charge.dispute.closed": dispute, "charge.dispute.funds_reinstated": dispute})


def _dispute_lost(world: World, link: Document, _amount: int) -> Outcome:
    dispute, intent = _disputed(world, link, "lost")
    return _outcome(world, None, intent, {"charge.dispute.closed": dispute})


def _disputed(world: World, link: Document, status: str) -> tuple[Document, Document]:
    intent = _paid_intent(world, link)
    for dispute in objects.every(world, "dispute"):
        if dispute["payment_intent"] == intent["id"]:
            return objects.keep(world, "dispute", dispute | {"status": status}), intent
    raise RefusedError(409, "CONFLICT", "This payment is not disputed. Dispute it first.")


def _fraud_warning(world: World, link: Document, _amount: int) -> Outcome:
    intent = _paid_intent(world, link)
    warning = objects.fraud_warning(world, intent)
    return _outcome(world, None, intent, {"radar.early_fraud_warning.created": warning})


def _bank(world: World, link: Document, amount: int) -> Outcome:
    """Checked out, and the money is on its way: the session is complete and unpaid, the link used up."""
    intent = objects.intent(world, link, amount=amount, succeeded=False) | {"status": "processing"}
    objects.keep(world, "payment_intent", intent | {"last_payment_error": None})
    session = objects.session(world, link, amount=amount, intent=intent["id"], status="complete", paid=False)
    _count_session(world, link)
    return _outcome(world, session, intent, {"checkout.session.completed": session})


def _bank_paid(world: World, link: Document, _amount: int) -> Outcome:
    session, intent = _under_way(world, link)
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": objects.new_id("ch")}
    objects.charge(world, objects.keep(world, "payment_intent", intent), refunded=0)
    session = objects.keep(world, "checkout_session", session | {"payment_status": "paid"})
    events = {"checkout.session.async_payment_succeeded": session, "payment_intent.succeeded": intent}
    return _outcome(world, session, intent, events)


def _bank_failed(world: World, link: Document, _amount: int) -> Outcome:
    session, intent = _under_way(world, link)
    intent = objects.keep(world, "payment_intent", intent | {"status": "requires_payment_method"})
    events = {"checkout.session.async_payment_failed": session, "payment_intent.payment_failed": intent}
    return _outcome(world, session, intent, events)


def _under_way(world: World, link: Document) -> tuple[Document, Document]:
    for session in objects.every(world, "checkout_session"):
        if (
            session["payment_link"] == link["id"]
            and session["payment_status"] == "unpaid"
            and session["payment_intent"]
        ):
            intent = objects.load(world, "payment_intent", session["payment_intent"])
            if intent is not None and intent["status"] == "processing":
                return session, intent
    raise RefusedError(409, "CONFLICT", "No bank transfer is under way for this link. Start one with event 'bank'.")


def refund(world: World, intent: Document, amount: int) -> Outcome:
    """Raises RefusedError (409) for more than is left of the payment."""
    already = (objects.load(world, "charge", intent["latest_charge"]) or {"amount_refunded": 0})["amount_refunded"]
    if amount + already > intent["amount"]:
        raise RefusedError(409, "CONFLICT", "That is more than what is left of this payment. Give a smaller amount.")
    disputed = (objects.load(world, "charge", intent["latest_charge"]) or {}).get("disputed", False)
    charge = objects.keep(
        world, "charge", objects.charge(world, intent, refunded=already + amount) | {"disputed": disputed}
    )
    return _outcome(world, None, intent, {"charge.refunded": charge})


_HAPPENINGS: dict[str, Callable[[World, Document, int], Outcome]] = {
    "paid": _paid,
    "failed": _failed,
    "expired": _expired,
    "refund": _refund,
    "refund_failed": _refund_failed,
    "dispute": _dispute,
    "dispute_won": _dispute_won,
    "dispute_lost": _dispute_lost,
    "fraud_warning": _fraud_warning,
    "bank": _bank,
    "bank_paid": _bank_paid,
    "bank_failed": _bank_failed,
}
_AT_CHECKOUT = frozenset({"paid", "failed", "expired", "bank"})


def _outcome(world: World, session: Document | None, intent: Document | None, happened: dict[str, Document]) -> Outcome:
    return Outcome([objects.event(world, kind, obj) for kind, obj in happened.items()], session, intent)


def _must_be_active(link: Document) -> None:
    if not link["active"]:
        raise RefusedError(409, "CONFLICT", "This payment link is no longer active: it was paid or switched off.")


def _paid_intent(world: World, link: Document) -> Document:
    for session in objects.every(world, "checkout_session"):
        if session["payment_link"] == link["id"] and session["payment_status"] == "paid":
            intent = objects.load(world, "payment_intent", session["payment_intent"])
            if intent is not None:
                return intent
    raise RefusedError(409, "CONFLICT", "Nothing was paid through this link yet. Pay it first.")


def _count_session(world: World, link: Document) -> None:
    """A link with a limit goes inactive when the limit is reached."""
    limits = link["restrictions"]
    if limits:
        completed = limits["completed_sessions"]
        completed["count"] += 1
        link["active"] = completed["count"] < completed["limit"]
        objects.keep(world, "payment_link", link)
