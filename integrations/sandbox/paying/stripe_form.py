"""Reads what a Stripe form asks for, with Stripe's error codes."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.calls import RefusedError
from integrations.sandbox.forms import Tree
from integrations.sandbox.ledger import Document
from integrations.sandbox.paying import stripe_objects as objects
from integrations.sandbox.world import World

LARGEST_AMOUNT = 99_999_999


def required(form: Tree, name: str, path: str = "") -> str:
    """A text. Raises RefusedError (parameter_missing)."""
    value = form.get(name)
    if not isinstance(value, str) or not value:
        raise RefusedError(400, "parameter_missing", f"Missing required param: {path or name}.")
    return value


def whole(value: Any, name: str) -> int:
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10):
        raise RefusedError(400, "parameter_invalid_integer", f"Invalid integer: {name}")
    return int(value)


def flag(value: Any, name: str) -> bool:
    if value not in ("true", "false"):
        raise RefusedError(400, "parameter_invalid", f"Invalid boolean: {name}")
    return bool(value == "true")


def metadata(form: Tree) -> Document:
    """At most 50 texts of at most 500 characters: https://docs.stripe.com/api/metadata"""
    value = form.get("metadata") or {}
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise RefusedError(400, "parameter_invalid", "Invalid metadata: it must be an object of texts.")
    if len(value) > 50 or any(len(key) > 40 or len(text) > 500 for key, text in value.items()):
        raise RefusedError(
            400, "parameter_invalid", "Metadata holds 50 keys of 40 characters and values of 500 at most."
        )
    return value


def amount_of(world: World, form: Tree) -> tuple[int, str]:
    """The sum of the line items in the smallest unit, and the currency."""
    items = form.get("line_items")
    if not isinstance(items, list) or not items:
        raise RefusedError(400, "parameter_missing", "Missing required param: line_items.")
    priced = [_line(world, item) for item in items]
    if len({currency for _, currency in priced}) > 1:
        raise RefusedError(400, "parameter_invalid", "All line items must have the same currency.")
    total = sum(amount for amount, _ in priced)
    if not 0 < total <= LARGEST_AMOUNT:
        raise RefusedError(
            400,
            "amount_too_small" if total <= 0 else "amount_too_large",
            "The amount is outside of what can be charged.",
        )
    return total, priced[0][1]


def session_limit(form: Tree) -> int | None:
    """`restrictions[completed_sessions][limit]`."""
    restrictions = form.get("restrictions")
    if not restrictions:
        return None
    completed = restrictions.get("completed_sessions") if isinstance(restrictions, dict) else None
    if not isinstance(completed, dict):
        raise RefusedError(400, "parameter_missing", "Missing required param: restrictions[completed_sessions].")
    return max(whole(completed.get("limit"), "restrictions[completed_sessions][limit]"), 1)


def _line(world: World, item: Any) -> tuple[int, str]:
    if not isinstance(item, dict):
        raise RefusedError(400, "parameter_invalid", "Invalid line_items.")
    quantity = whole(item.get("quantity", ""), "line_items[0][quantity]")
    amount, currency = _inline(item["price_data"]) if "price_data" in item else _stored(world, item)
    return amount * quantity, currency


def _inline(data: Any) -> tuple[int, str]:
    if not isinstance(data, dict):
        raise RefusedError(400, "parameter_invalid", "Invalid line_items[0][price_data].")
    where = "line_items[0][price_data]"
    if "product" not in data:
        product = data.get("product_data")
        required(product if isinstance(product, dict) else {}, "name", f"{where}[product_data][name]")
    return whole(data.get("unit_amount", ""), f"{where}[unit_amount]"), required(
        data, "currency", f"{where}[currency]"
    ).lower()


def _stored(world: World, item: Tree) -> tuple[int, str]:
    key = required(item, "price", "line_items[0][price]")
    price = objects.load(world, "price", key)
    if price is None:
        raise RefusedError(400, "resource_missing", f"No such price: '{key}'")
    return int(price["unit_amount"]), str(price["currency"])
