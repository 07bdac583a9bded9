"""Stripe's objects as far as a deposit needs them: links, sessions, intents, charges, refunds, events."""

from __future__ import annotations

import secrets
import string
from typing import Any

from integrations.sandbox.ledger import Document
from integrations.sandbox.world import World

API_VERSION = "2026-10-28.endive"
_ALPHABET = string.ascii_letters + string.digits
# The kind under which each object is kept, by the prefix of its id.
KINDS = (
    "payment_link",
    "price",
    "product",
    "checkout_session",
    "payment_intent",
    "charge",
    "refund",
    "dispute",
    "event",
)


def new_id(prefix: str, length: int = 24) -> str:
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def keep(world: World, kind: str, obj: Document) -> Document:
    world.documents.put(f"stripe_{kind}", obj["id"], obj)
    return obj


def load(world: World, kind: str, key: str) -> Document | None:
    return world.documents.get(f"stripe_{kind}", key)


def every(world: World, kind: str) -> list[Document]:
    """Newest first, as Stripe lists them."""
    return list(reversed(world.documents.all(f"stripe_{kind}")))


def created(world: World) -> int:
    """Unix seconds by the sandbox's clock."""
    return int(world.clock.timestamp())


def payment_link(
    world: World, *, amount: int, currency: str, limit: int | None, metadata: Document, intent_metadata: Document
) -> Document:
    """`amount` is in the currency's smallest unit. The URL opens the sandbox's own checkout page."""
    key = new_id("plink")
    link = {
        "id": key,
        "object": "payment_link",
        "active": True,
        "allow_promotion_codes": False,
        "application": None,
        "created": created(world),
        "currency": currency,
        "livemode": False,
        "metadata": metadata,
        "payment_intent_data": {"metadata": intent_metadata, "capture_method": None, "description": None},
        "restrictions": {"completed_sessions": {"count": 0, "limit": limit}} if limit else None,
        "submit_type": "auto",
        "url": f"{world.settings.own_url}/checkout/{key}",
        # Not a member of Stripe's object; the API's answers leave it out.
        "sandbox_amount": amount,
    }
    return keep(world, "payment_link", link)


def public(obj: Document) -> Document:
    return {name: value for name, value in obj.items() if not name.startswith("sandbox_")}


# Where an id leads to, by the name of the field that holds it.
_REFERENCES = {"payment_intent": "payment_intent", "latest_charge": "charge", "payment_link": "payment_link"}


def expanded(world: World, obj: Document, paths: list[str]) -> Document:
    """The object with the ids that `paths` name replaced by their objects, as `expand` asks for; `data.` is a list's
    own level."""
    shown = dict(obj)
    for path in paths:
        name, _, rest = path.removeprefix("data.").partition(".")
        kind, value = _REFERENCES.get(name), shown.get(name)
        found = load(world, kind, value) if kind and isinstance(value, str) else None
        if found is not None:
            shown[name] = expanded(world, public(found), [rest] if rest else [])
    return shown


def session(world: World, link: Document, *, amount: int, intent: str | None, status: str, paid: bool) -> Document:
    """A Checkout Session of a link: the link's metadata is copied onto it."""
    return keep(
        world,
        "checkout_session",
        {
            "id": new_id("cs_test_a1", 32),
            "object": "checkout.session",
            "amount_subtotal": amount,
            "amount_total": amount,
            "client_reference_id": None,
            "created": created(world),
            "currency": link["currency"],
            "customer": None,
            "customer_details": {"email": None, "name": None, "phone": None},
            "expires_at": created(world) + 86_400,
            "livemode": False,
            "metadata": link["metadata"],
            "mode": "payment",
            "payment_intent": intent,
            "payment_link": link["id"],
            "payment_method_types": ["card"],
            "payment_status": "paid" if paid else "unpaid",
            "status": status,
            "url": None,
        },
    )


def intent(world: World, link: Document, *, amount: int, succeeded: bool) -> Document:
    """The link's `payment_intent_data.metadata` is copied here; its own metadata is not."""
    failed = {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}
    return keep(
        world,
        "payment_intent",
        {
            "id": new_id("pi"),
            "object": "payment_intent",
            "amount": amount,
            "amount_capturable": 0,
            "amount_received": amount if succeeded else 0,
            "canceled_at": None,
            "capture_method": "automatic",
            "created": created(world),
            "currency": link["currency"],
            "customer": None,
            "description": None,
            "last_payment_error": None if succeeded else failed,
            "latest_charge": new_id("ch") if succeeded else None,
            "livemode": False,
            "metadata": link["payment_intent_data"]["metadata"],
            "payment_method_types": ["card"],
            "status": "succeeded" if succeeded else "requires_payment_method",
        },
    )


def charge(world: World, paid: Document, *, refunded: int) -> Document:
    """The charge of a paid intent; `refunded` is the sum given back, in the smallest unit."""
    return keep(
        world,
        "charge",
        {
            "id": paid["latest_charge"],
            "object": "charge",
            "amount": paid["amount"],
            "amount_captured": paid["amount"],
            "amount_refunded": refunded,
            "captured": True,
            "created": paid["created"],
            "currency": paid["currency"],
            "disputed": False,
            "livemode": False,
            "metadata": paid["metadata"],
            "paid": True,
            "payment_intent": paid["id"],
            "refunded": refunded >= paid["amount"],
            "status": "succeeded",
        },
    )


def dispute(world: World, paid: Document) -> Document:
    return keep(
        world,
        "dispute",
        {
            "id": new_id("dp"),
            "object": "dispute",
            "amount": paid["amount"],
            "charge": paid["latest_charge"],
            "created": created(world),
            "currency": paid["currency"],
            "livemode": False,
            "metadata": {},
            "payment_intent": paid["id"],
            "reason": "general",
            "status": "needs_response",
        },
    )


def refund(world: World, paid: Document, *, amount: int, status: str) -> Document:
    return keep(
        world,
        "refund",
        {
            "id": new_id("re"),
            "object": "refund",
            "amount": amount,
            "charge": paid["latest_charge"],
            "created": created(world),
            "currency": paid["currency"],
            "failure_reason": "expired_or_canceled_card" if status == "failed" else None,
            "metadata": {},
            "payment_intent": paid["id"],
            "status": status,
        },
    )


def fraud_warning(world: World, paid: Document) -> Document:
    return {
        "id": new_id("issfr"),
        "object": "radar.early_fraud_warning",
        "actionable": True,
        "charge": paid["latest_charge"],
        "created": created(world),
        "fraud_type": "made_with_stolen_card",
        "livemode": False,
        "payment_intent": paid["id"],
    }


def event(world: World, kind: str, obj: Document) -> Document:
    """An event is kept too, so that it can be listed as Stripe lists the last thirty days."""
    body: dict[str, Any] = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": created(world),
        "data": {"object": public(obj)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
    return keep(world, "event", body)
