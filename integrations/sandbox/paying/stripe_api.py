"""Stripe's API as its SDK calls it: payment links and what belongs to them, form-encoded, with idempotency keys."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from integrations.sandbox import forms
from integrations.sandbox.calls import Answer, Api, Call, Endpoint, RefusedError
from integrations.sandbox.ledger import Document
from integrations.sandbox.paying import payments
from integrations.sandbox.paying import stripe_objects as objects
from integrations.sandbox.paying.stripe_form import amount_of, flag, metadata, required, session_limit, whole

_IDEMPOTENCY = "stripe_idempotency"
_TYPES = {401: "invalid_request_error", 402: "card_error", 500: "api_error"}


def _authorize(call: Call) -> None:
    """A bearer token, or the key as the user of HTTP Basic (not used by the SDK, so not offered here)."""
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    expected = call.world.settings.secret("STRIPE_SECRET_KEY")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), expected.encode()):
        raise RefusedError(401, "", f"Invalid API Key provided: {given[:8]}****")


def _refuse(refused: RefusedError) -> Answer:
    kind = (
        "idempotency_error"
        if refused.code == "idempotency_error"
        else _TYPES.get(refused.status, "invalid_request_error")
    )
    error = {"message": refused.message, "type": kind}
    if refused.code and refused.code != "idempotency_error":
        error["code"] = "rate_limit" if refused.status == 429 else str(refused.code)
    headers = {"Request-Id": objects.new_id("req", 14), **refused.headers}
    return Answer(refused.status, {"error": error}, headers)


def _missing(kind: str, key: str) -> RefusedError:
    return RefusedError(404, "resource_missing", f"No such {kind}: '{key}'")


def _form(call: Call) -> forms.Tree:
    try:
        return forms.nested(call.body)
    except ValueError as error:
        raise RefusedError(400, "parameter_invalid", "The body is not a form that can be read.") from error


def _once(endpoint: Endpoint) -> Endpoint:
    """The same idempotency key gives the same answer; with other parameters it is an error."""

    async def answer(call: Call) -> Answer:
        key = call.headers.get("idempotency-key", "")
        if not key:
            return await endpoint(call)
        print_ = hashlib.sha256(call.path.encode() + b"\0" + call.body).hexdigest()
        known = call.world.documents.get(_IDEMPOTENCY, key)
        if known is not None:
            return _replayed(known, print_, key)
        made = await endpoint(call)
        call.world.documents.put(
            _IDEMPOTENCY, key, {"print": print_, "status": made.status, "body": json.dumps(made.body)}
        )
        return made

    return answer


def _replayed(known: Document, print_: str, key: str) -> Answer:
    if known["print"] != print_:
        words = "Keys for idempotent requests can only be used with the same parameters they were first used with."
        raise RefusedError(400, "idempotency_error", f"{words} Try using a key other than '{key[:100]}'.")
    return Answer(known["status"], json.loads(known["body"]), {"Idempotent-Replayed": "true"})


async def _create_link(call: Call) -> Answer:
    form = _form(call)
    amount, currency = amount_of(call.world, form)
    link = objects.payment_link(
        call.world,
        amount=amount,
        currency=currency,
        limit=session_limit(form),
        metadata=metadata(form),
        intent_metadata=metadata(_tree(form.get("payment_intent_data", {}))),
    )
    return _shown(link)


def _tree(value: Any) -> forms.Tree:
    if not isinstance(value, dict):
        raise RefusedError(400, "parameter_invalid", "Invalid object")
    return value


def _shown(obj: Document) -> Answer:
    return Answer(200, objects.public(obj), {"Request-Id": objects.new_id("req", 14)})


async def _update_link(call: Call) -> Answer:
    link = objects.load(call.world, "payment_link", call.args[0])
    if link is None:
        raise _missing("payment link", call.args[0])
    form = _form(call)
    if "active" in form:
        link["active"] = flag(form["active"], "active")
    link["metadata"] |= metadata(form)
    return _shown(objects.keep(call.world, "payment_link", link))


async def _create_price(call: Call) -> Answer:
    form = _form(call)
    currency, amount = required(form, "currency").lower(), whole(form.get("unit_amount"), "unit_amount")
    price = {"id": objects.new_id("price"), "object": "price", "active": True, "currency": currency, "livemode": False}
    product = form.get("product") or objects.new_id("prod", 14)
    price |= {"unit_amount": amount, "product": product, "type": "one_time", "metadata": metadata(form)}
    return _shown(objects.keep(call.world, "price", price | {"created": objects.created(call.world)}))


async def _create_product(call: Call) -> Answer:
    form = _form(call)
    product = {"id": objects.new_id("prod", 14), "object": "product", "active": True, "livemode": False}
    product |= {"name": required(form, "name"), "metadata": metadata(form), "created": objects.created(call.world)}
    return _shown(objects.keep(call.world, "product", product))


async def _create_refund(call: Call) -> Answer:
    form = _form(call)
    intent = objects.load(call.world, "payment_intent", required(form, "payment_intent"))
    if intent is None or intent["status"] != "succeeded":
        raise _missing("payment_intent", required(form, "payment_intent"))
    amount = whole(form["amount"], "amount") if "amount" in form else intent["amount"]
    outcome = payments.refund(call.world, intent, amount)
    refund = {
        "id": objects.new_id("re"),
        "object": "refund",
        "amount": amount,
        "status": "succeeded",
        "currency": intent["currency"],
    }
    refund |= {"payment_intent": intent["id"], "charge": intent["latest_charge"], "metadata": metadata(form)}
    call.world.spawn(_deliver(call, outcome))
    return _shown(objects.keep(call.world, "refund", refund | {"created": objects.created(call.world)}))


async def _deliver(call: Call, outcome: payments.Outcome) -> None:
    await payments.deliver(call.world, outcome)


def _reader(kind: str, name: str) -> Endpoint:
    async def answer(call: Call) -> Answer:
        found = objects.load(call.world, kind, call.args[0])
        if found is None:
            raise _missing(name, call.args[0])
        return _shown(found)

    return answer


def _lister(kind: str, *filters: str) -> Endpoint:
    """Newest first; `starting_after` and `limit` page."""

    async def answer(call: Call) -> Answer:
        wanted = {name: call.query[name] for name in filters if call.query.get(name)}
        found = [obj for obj in objects.every(call.world, kind) if all(obj.get(k) == v for k, v in wanted.items())]
        ids = [obj["id"] for obj in found]
        after = call.query.get("starting_after", "")
        start = ids.index(after) + 1 if after in ids else 0
        size = min(whole(call.query.get("limit", "10"), "limit") or 1, 100)
        paths = [value for name, value in call.query.items() if name.startswith("expand[")]
        shown = [objects.expanded(call.world, objects.public(obj), paths) for obj in found[start : start + size]]
        page = {"object": "list", "data": shown, "has_more": len(found) > start + size}
        return Answer(200, page | {"url": call.path.removeprefix("/stripe")})

    return answer


async def _account(_call: Call) -> Answer:
    account = {
        "id": "acct_sandbox",
        "object": "account",
        "country": "US",
        "default_currency": "usd",
        "type": "standard",
    }
    return Answer(200, account | {"charges_enabled": True, "details_submitted": True, "payouts_enabled": True})


async def _balance(_call: Call) -> Answer:
    nothing = [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}]
    return Answer(200, {"object": "balance", "available": nothing, "pending": nothing, "livemode": False})


_LINK = "/stripe/v1/payment_links/(plink_[0-9A-Za-z]+)"
API = Api(
    name="stripe",
    prefix="/stripe",
    routes={
        "/stripe/v1/payment_links": {"POST": _once(_create_link), "GET": _lister("payment_link")},
        _LINK: {"POST": _once(_update_link), "GET": _reader("payment_link", "payment link")},
        "/stripe/v1/prices": {"POST": _once(_create_price), "GET": _lister("price")},
        "/stripe/v1/prices/([0-9A-Za-z_]+)": {"GET": _reader("price", "price")},
        "/stripe/v1/products": {"POST": _once(_create_product), "GET": _lister("product")},
        "/stripe/v1/checkout/sessions": {"GET": _lister("checkout_session", "payment_link", "payment_intent")},
        "/stripe/v1/checkout/sessions/([0-9A-Za-z_]+)": {"GET": _reader("checkout_session", "checkout.session")},
        "/stripe/v1/payment_intents": {"GET": _lister("payment_intent")},
        "/stripe/v1/payment_intents/([0-9A-Za-z_]+)": {"GET": _reader("payment_intent", "payment_intent")},
        "/stripe/v1/charges/([0-9A-Za-z_]+)": {"GET": _reader("charge", "charge")},
        "/stripe/v1/refunds": {"POST": _once(_create_refund), "GET": _lister("refund", "payment_intent")},
        "/stripe/v1/events": {"GET": _lister("event", "type")},
        "/stripe/v1/events/([0-9A-Za-z_]+)": {"GET": _reader("event", "event")},
        "/stripe/v1/account": {"GET": _account},
        "/stripe/v1/balance": {"GET": _balance},
    },
    authorize=_authorize,
    refuse=_refuse,
)
