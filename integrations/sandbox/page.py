"""The page of phones, the checkout page, and what the phones show."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from integrations.sandbox.booking import bookings, visits
from integrations.sandbox.calls import Answer, Call, RefusedError
from integrations.sandbox.carriers import SENDERS
from integrations.sandbox.faults import CALL_KINDS, CALLBACK_KINDS, PROVIDERS
from integrations.sandbox.messaging import carrier
from integrations.sandbox.messaging.messages import Message
from integrations.sandbox.messaging.speaking import Carrier
from integrations.sandbox.paying import payments, stripe_objects

STATIC = Path(__file__).parent / "static"
MOST_MESSAGES = 2_000
_HTML = "text/html; charset=utf-8"


async def state(call: Call) -> Answer:
    """Everything the page shows, in one answer."""
    world = call.world
    links = [_link(link) for link in reversed(stripe_objects.every(world, "payment_link"))]
    return Answer(
        200,
        {
            "now": world.iso_now(),
            "offset_seconds": world.clock.offset_seconds,
            "callbacks_waiting": world.outbox.waiting(),
            "aro_url": world.settings.web_url,
            "messages": [_bubble(message) for message in world.messages.all(limit=MOST_MESSAGES)],
            "bookings": [visits.shown(booking) for booking in bookings.everything(world)],
            "payment_links": links,
            "faults": [fault.as_json() for fault in world.faults.all()],
            "choices": {
                "providers": PROVIDERS,
                "call_kinds": list(CALL_KINDS),
                "callback_kinds": list(CALLBACK_KINDS),
                "carrier": _carrier(carrier.of(world)),
            },
        },
    )


def _carrier(used: Carrier) -> dict[str, Any]:
    """Who carries the texts here, and what its codes are for what the page has switches for."""
    return {"name": used.name, "codes": used.codes, "labels": {one.name: one.label for one in SENDERS}}


def _bubble(message: Message) -> dict[str, Any]:
    phone = message.recipient if message.outbound else message.sender
    return message.as_json() | {"direction": message.direction, "phone": phone}


def _link(link: dict[str, Any]) -> dict[str, Any]:
    shown = {name: link[name] for name in ("id", "url", "active", "currency")}
    return shown | {"amount": link["sandbox_amount"]}


async def home(_call: Call) -> Answer:
    return Answer(200, (STATIC / "index.html").read_bytes(), content_type=_HTML)


async def checkout(call: Call) -> Answer:
    """Where a payment link leads: Stripe's page, in small."""
    try:
        link = payments.link_of(call.world, call.args[0])
    except RefusedError:
        return Answer(
            404, b"<!doctype html><title>No such link</title><p>This payment link does not exist.", content_type=_HTML
        )
    text = (STATIC / "checkout.html").read_text(encoding="utf-8")
    values = {"amount": _money(link), "id": link["id"], "state": "active" if link["active"] else "inactive"}
    for name, value in values.items():
        text = text.replace(f"[[{name}]]", html.escape(value))
    return Answer(200, text.encode(), content_type=_HTML)


def _money(link: dict[str, Any]) -> str:
    whole = link["currency"] in ("jpy", "krw", "clp", "vnd")
    amount = f"{link['sandbox_amount']:,}" if whole else f"{link['sandbox_amount'] / 100:,.2f}"
    return f"{amount} {link['currency'].upper()}"
