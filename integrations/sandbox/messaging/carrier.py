"""What happens to a text after the carrier took it: queued, sent, delivered or not, each step reported to ARO."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

from integrations.sandbox.carriers import played
from integrations.sandbox.messaging.messages import FINAL, Message
from integrations.sandbox.messaging.segments import segments
from integrations.sandbox.messaging.speaking import Carrier, SendRequest
from integrations.sandbox.outbox import Callback
from integrations.sandbox.world import World

# Real seconds between a text's states.
STEP_SECONDS = 0.08
WHATSAPP_WINDOW = timedelta(hours=24)


def of(world: World) -> Carrier:
    """The one that this installation's texts go by."""
    return played(world.settings.text_carrier)


def accept(world: World, request: SendRequest) -> Message:
    """Records the text and lets it run its course."""
    code, carrier = request.fate_code or _whatsapp_code(world, request), of(world)
    now = world.iso_now()
    message = world.messages.add(
        sid=carrier.new_id(),
        direction="outbound",
        channel=request.channel,
        sender=request.sender,
        recipient=request.recipient,
        body=request.body,
        segments=segments(request.body),
        status="accepted" if request.service_sid else "queued",
        accepted_at=now,
        updated_at=now,
        validity_seconds=request.validity_seconds,
        service_sid=request.service_sid,
        callback_url=request.callback_url,
        execution_id=_last_segment(request.callback_url),
        fate=_fate(carrier, code),
        fate_code=code,
        callbacks=_callback_mode(world),
    )
    world.spawn(run(world, message.sid))
    return message


def resume(world: World) -> None:
    """Lets texts that an earlier process left half-way go on."""
    for message in world.messages.unfinished():
        world.spawn(run(world, message.sid))


async def run(world: World, sid: str) -> None:
    """Takes the text through its remaining states; the ledger moves on whether or not ARO listens."""
    try:
        message = world.messages.get(sid)
        if message.callbacks == "reversed":
            return await _run_reversed(world, message)
        for status in _remaining(message):
            await asyncio.sleep(STEP_SECONDS)
            if _expired(world, message):
                return _step(world, message, "failed", of(world).expired)
            _step(world, message, status, message.fate_code if status == message.fate else None)
    except KeyError:  # the ledger was emptied meanwhile
        return None


async def _run_reversed(world: World, message: Message) -> None:
    """Reports the end first and the steps that led to it after it."""
    states = _remaining(message)
    _step(world, message, states[-1], message.fate_code)
    for status in reversed(states[:-1]):
        await asyncio.sleep(STEP_SECONDS)
        _report(world, message, status, None)


async def arrived(world: World) -> None:
    """Waits a moment until texts under way have ended: hours that pass on the clock bring them to the phone."""
    end = time.monotonic() + 20 * STEP_SECONDS
    while world.messages.unfinished() and time.monotonic() < end:
        await asyncio.sleep(STEP_SECONDS / 4)


def receive(world: World, *, phone: str, to: str, body: str, channel: str) -> Message:
    """Records a patient's text and does what the carrier does by itself on its keywords."""
    now, carrier = world.iso_now(), of(world)
    word = body.strip().upper()
    if channel == "sms" and word in carrier.stop_words:
        world.messages.opt_out(phone, to)
    if channel == "sms" and word in carrier.start_words:
        world.messages.opt_in(phone, to)
    return world.messages.add(
        sid=carrier.new_id(),
        direction="inbound",
        channel=channel,
        sender=phone,
        recipient=to,
        body=body,
        segments=segments(body),
        status="received",
        accepted_at=now,
        updated_at=now,
        sent_at=now,
    )


def _step(world: World, message: Message, status: str, error_code: int | None) -> None:
    world.messages.set_status(message.sid, status=status, at=world.iso_now(), error_code=error_code)
    _report(world, message, status, error_code)


def _report(world: World, message: Message, status: str, error_code: int | None) -> None:
    """One queue per text, so that its reports arrive in order; nobody waits for them."""
    if message.callbacks == "none":
        return
    for callback in _callbacks(world, message, status, error_code):
        for _ in range(2 if message.callbacks == "twice" else 1):
            world.outbox.put(f"{callback.provider}:{message.sid}", callback)


def _callbacks(world: World, message: Message, status: str, error_code: int | None) -> list[Callback]:
    """None without an address to call, or for a state that this carrier reports nothing of."""
    callback = of(world).report(world, message, status, error_code) if message.callback_url else None
    return [] if callback is None else [callback]


def _remaining(message: Message) -> list[str]:
    states = ["queued", "sent", message.fate] if message.fate != "failed" else ["queued", "failed"]
    done = states.index(message.status) + 1 if message.status in states[1:-1] else 0
    return states[done:]


def _expired(world: World, message: Message) -> bool:
    """A text that has left is no longer bound by its validity period."""
    if message.validity_seconds is None or world.messages.get(message.sid).status in {"sent", *FINAL}:
        return False
    waited = world.clock.now() - datetime.fromisoformat(message.accepted_at)
    return waited.total_seconds() > message.validity_seconds


def _callback_mode(world: World) -> str:
    modes = {"no_callback": "none", "callback_out_of_order": "reversed", "duplicate_callback": "twice"}
    return next((mode for kind, mode in modes.items() if world.faults.take(of(world).name, {kind})), "")


def _fate(carrier: Carrier, code: int | None) -> str:
    if code is None:
        return "delivered"
    return "failed" if code in carrier.never_left else "undelivered"


def _whatsapp_code(world: World, request: SendRequest) -> int | None:
    """WhatsApp lets a business write freely only within 24 hours of the person's last message."""
    if request.channel != "whatsapp" or request.templated:
        return None
    last = world.messages.last_inbound_at(request.recipient, "whatsapp")
    open_window = last is not None and world.clock.now() - datetime.fromisoformat(last) <= WHATSAPP_WINDOW
    return None if open_window else of(world).outside_window


def _last_segment(url: str) -> str | None:
    return url.split("#")[0].split("?")[0].rstrip("/").rsplit("/", 1)[-1] or None
