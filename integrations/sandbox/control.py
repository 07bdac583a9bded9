"""The sandbox's own endpoints besides bookings: replies, payments, the ledger, faults and the clock."""

from __future__ import annotations

import asyncio
from datetime import datetime

from integrations.sandbox import page
from integrations.sandbox.booking import seats, visits
from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.clock import ClockError, iso
from integrations.sandbox.faults import KINDS, PROVIDERS
from integrations.sandbox.fields import Fields, invalid
from integrations.sandbox.messaging import carrier
from integrations.sandbox.messaging.messages import Message
from integrations.sandbox.paying import payments, stripe_objects
from integrations.sandbox.world import DELIVERIES_OFF, World

_CHANNELS = ("sms", "whatsapp")
LONGEST_SECONDS = 600.0
# ARO looks at the clock file every 20 ms.
SEEN_AFTER_SECONDS = 0.06


def refuse(refused: RefusedError) -> Answer:
    error = {"code": str(refused.code), "message": refused.message, "retryable": False}
    return Answer(refused.status, {"error": error}, refused.headers)


def _authorize(call: Call) -> None:
    """No login, but only this machine's own pages: not another site open in the same browser."""
    origin = call.headers.get("origin")
    if origin and origin != f"http://{call.headers.get('host', '')}":
        raise RefusedError(403, "FORBIDDEN", "Only the sandbox's own page may call this from a browser.")


async def reply(call: Call) -> Answer:
    """A patient's text, as the carrier hands it to ARO. `button`: the id of a WhatsApp button."""
    fields = Fields.of(call.body)
    phone, channel = _sender(fields)
    body = fields.text("body", longest=1600, empty=True)
    button = fields.text("button", longest=256, empty=True) if fields.has("button") else ""
    message = carrier.receive(
        call.world, phone=phone, to=_number_texted(call.world, phone, channel), body=body, channel=channel
    )
    status = await _send_inbound(call.world, message, button)
    return Answer(201, {"sid": message.sid, "webhook_status": status})


def _sender(fields: Fields) -> tuple[str, str]:
    """`from` may carry Twilio's own channel prefix."""
    text = fields.text("from", longest=50)
    channel = fields.choice("channel", _CHANNELS, default="whatsapp" if text.startswith("whatsapp:") else "sms")
    return Fields({"from": text.removeprefix("whatsapp:")}).phone("from"), channel


def _number_texted(world: World, phone: str, channel: str) -> str:
    """People answer the number that texted them last."""
    last = world.messages.last_between(phone)
    if last is not None and last.channel == channel:
        return last.sender if last.outbound else last.recipient
    numbers = carrier.of(world).numbers
    return world.settings.secret(numbers.get(channel, numbers["sms"])).removeprefix("whatsapp:")


async def _send_inbound(world: World, message: Message, button: str = "") -> int | None:
    """Not subject to `no_callback`, which is about reports: `no_reply` is about what people write."""
    name = carrier.of(world).name
    if world.faults.take(name, {"no_reply"}):
        return None
    callback = carrier.of(world).reply(world, message, button)
    times = 2 if world.faults.take(name, {"duplicate_callback"}) else 1
    statuses = await world.outbox.send(f"{name}:from:{message.sender}", [callback] * times)
    return statuses[0]


async def pay(call: Call) -> Answer:
    """`amount` is in the currency's smallest unit; `event` is what happens instead of paying; `page_was_open` pays on
    a page that was opened before the link was switched off."""
    fields = Fields.of(call.body)
    link = payments.link_of(call.world, fields.text("payment_link_id", longest=100))
    amount = fields.whole("amount", least=1, most=99_999_999) if fields.has("amount") else None
    what = fields.choice("event", payments.OUTCOMES, default="paid")
    page_was_open = fields.flag("page_was_open")
    outcome = payments.happen(call.world, link, what=what, amount=amount, page_was_open=page_was_open)
    status = await payments.deliver(call.world, outcome)
    return Answer(200, _paid(link["id"], outcome) | {"webhook_status": status})


def _paid(link_id: str, outcome: payments.Outcome) -> dict[str, object]:
    return {
        "payment_link_id": link_id,
        "checkout_session": outcome.session["id"] if outcome.session else None,
        "payment_intent": outcome.intent["id"] if outcome.intent else None,
        "events": [event["id"] for event in outcome.events],
    }


async def messages(call: Call) -> Answer:
    """`to` may be given with or without its plus sign: in a query a bare one means a space."""
    to = call.query.get("to", "").removeprefix("whatsapp:").strip()
    to = f"+{to}" if to.isascii() and to.isdigit() else to
    return Answer(200, {"messages": [message.as_json() for message in call.world.messages.outbound(to=to)]})


async def payment_links(call: Call) -> Answer:
    found = reversed(stripe_objects.every(call.world, "payment_link"))
    links = [stripe_objects.public(link) | {"amount": link["sandbox_amount"]} for link in found]
    return Answer(200, {"payment_links": links})


async def requests(call: Call) -> Answer:
    limit = Fields({"limit": _number(call.query.get("limit", "100000"))}).whole("limit", least=1, most=100_000)
    return Answer(200, {"requests": call.world.requests.all(provider=call.query.get("provider", ""), limit=limit)})


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise invalid("'limit' must be a whole number.")
    return int(text)


async def empty_ledger(call: Call) -> Answer:
    """Texts, opt-outs at the carrier, calls and payments are forgotten; bookings, faults and the clock stay."""
    world = call.world
    world.messages.clear()
    world.requests.clear()
    world.documents.clear("stripe_idempotency", *(f"stripe_{kind}" for kind in stripe_objects.KINDS), "stripe_refund")
    return Answer(200, {"emptied": True})


async def add_fault(call: Call) -> Answer:
    fields = Fields.of(call.body)
    kind = fields.choice("kind", tuple(KINDS))
    fault = call.world.faults.add(
        provider=fields.choice("provider", PROVIDERS),
        kind=kind,
        rate=fields.number("rate", default=1.0, least=0.0, most=1.0),
        count=fields.whole("count", least=1, most=1_000_000) if fields.has("count") else None,
        seconds=fields.number("seconds", default=KINDS[kind], least=0.0, most=LONGEST_SECONDS),
        code=_code(fields),
    )
    return Answer(201, fault.as_json())


def _code(fields: Fields) -> str:
    """Twilio's codes are numbers, Stripe's are words."""
    if not fields.has("code"):
        return ""
    try:
        return str(fields.whole("code", least=1, most=99_999))
    except RefusedError:
        return fields.text("code", longest=60)


async def list_faults(call: Call) -> Answer:
    return Answer(200, {"faults": [fault.as_json() for fault in call.world.faults.all()]})


async def clear_faults(call: Call) -> Answer:
    """All, or those of `?provider=` and `?kind=`, or the one with `?id=`."""
    query = call.query
    cleared = call.world.faults.clear(
        provider=query.get("provider", ""), kind=query.get("kind", ""), seq=query.get("id", "")
    )
    return Answer(200, {"cleared": cleared})


async def stop_deliveries(call: Call) -> Answer:
    """As after a day of failures: nothing more is delivered until the subscription is made anew."""
    provider = Fields.of(call.body).choice("provider", ("calendly",))
    call.world.documents.put(DELIVERIES_OFF, provider, {"state": "disabled"})
    return Answer(200, {"provider": provider, "state": "disabled"})


async def move_clock(call: Call) -> Answer:
    """What is under way arrives first; the answer comes when every process has seen the new time."""
    fields = Fields.of(call.body)
    if fields.has("advance_seconds") == fields.has("to"):
        raise invalid("Give either 'advance_seconds' or 'to', a moment in ISO 8601.")
    await carrier.arrived(call.world)
    async with call.world.outbox.held():
        now = _moved(call.world, fields)
        await asyncio.sleep(SEEN_AFTER_SECONDS)
    return _time(call, iso(now))


def _moved(world: World, fields: Fields) -> datetime:
    try:
        if fields.has("to"):
            return world.clock.move_to(fields.moment("to"))
        return world.clock.advance(fields.number("advance_seconds", least=-1e12, most=1e12))
    except ClockError as error:
        raise invalid(str(error)) from error


async def read_clock(call: Call) -> Answer:
    return _time(call, call.world.iso_now())


def _time(call: Call, now: str) -> Answer:
    return Answer(200, {"now": now, "offset_seconds": call.world.clock.offset_seconds})


API = Api(
    name="",
    prefix="",
    routes={
        "/book": {"POST": visits.book},
        "/reschedule": {"POST": visits.reschedule},
        "/cancel": {"POST": visits.cancel},
        "/no-show": {"POST": visits.no_show},
        "/seat": {"POST": seats.sit_down},
        "/leave": {"POST": seats.leave},
        "/move-seat": {"POST": seats.move},
        "/bookings": {"GET": visits.listed},
        "/reply": {"POST": reply},
        "/pay": {"POST": pay},
        "/messages": {"GET": messages},
        "/payment-links": {"GET": payment_links},
        "/requests": {"GET": requests},
        "/ledger": {"DELETE": empty_ledger},
        "/faults": {"POST": add_fault, "DELETE": clear_faults, "GET": list_faults},
        "/deliveries": {"POST": stop_deliveries},
        "/clock": {"POST": move_clock, "GET": read_clock},
        "/state": {"GET": page.state},
    },
    authorize=_authorize,
    refuse=refuse,
)
