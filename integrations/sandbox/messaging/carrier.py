"""What happens to a text after Twilio took it: queued, sent, delivered or not, each step reported to ARO."""

from __future__ import annotations

import asyncio
import secrets
import time
from datetime import datetime, timedelta

from integrations.sandbox.messaging.messages import FINAL, Message
from integrations.sandbox.messaging.segments import segments
from integrations.sandbox.messaging.twilio_form import SendRequest
from integrations.sandbox.outbox import Callback
from integrations.sandbox.world import World

# Real seconds between a text's states.
STEP_SECONDS = 0.08
# Twilio's own keywords: exact, any case, alone in the text. https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
VALIDITY_EXPIRED = 30036
OUTSIDE_WHATSAPP_WINDOW = 63016
WHATSAPP_WINDOW = timedelta(hours=24)
# These end as `failed`: the text never left Twilio. The others were given to a carrier and end as `undelivered`.
_NEVER_LEFT = frozenset({30001, 30002, 30034, VALIDITY_EXPIRED, OUTSIDE_WHATSAPP_WINDOW})


def new_sid(prefix: str = "SM") -> str:
    return prefix + secrets.token_hex(16)


def accept(world: World, request: SendRequest) -> Message:
    """Records the text and lets it run its course."""
    code = request.fate_code or _whatsapp_code(world, request)
    now = world.iso_now()
    message = world.messages.add(
        sid=new_sid(),
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
        fate=_fate(code),
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
                return _step(world, message, "failed", VALIDITY_EXPIRED)
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
    now = world.iso_now()
    word = body.strip().upper()
    if channel == "sms" and word in STOP_WORDS:
        world.messages.opt_out(phone, to)
    if channel == "sms" and word in START_WORDS:
        world.messages.opt_in(phone, to)
    return world.messages.add(
        sid=new_sid(),
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
    callback = _callback(world, message, status, error_code)
    if callback is None or message.callbacks == "none":
        return
    for _ in range(2 if message.callbacks == "twice" else 1):
        world.outbox.put(f"twilio:{message.sid}", callback)


def _callback(world: World, message: Message, status: str, error_code: int | None) -> Callback | None:
    """Twilio adds ErrorCode only when there is one, and MessagingServiceSid only for a service's texts."""
    if not message.callback_url:
        return None
    values = {
        "SmsSid": message.sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": message.address(message.recipient),
        "MessageSid": message.sid,
        "AccountSid": world.settings.secret("TWILIO_ACCOUNT_SID"),
        "From": message.address(message.sender),
        "ApiVersion": "2010-04-01",
    }
    if message.service_sid:
        values["MessagingServiceSid"] = message.service_sid
    if error_code is not None:
        values["ErrorCode"] = str(error_code)
    if status == "delivered":
        values["RawDlrDoneDate"] = world.clock.now().strftime("%y%m%d%H%M")
    return world.url_callback("twilio", message.callback_url, values)


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
    return next((mode for kind, mode in modes.items() if world.faults.take("twilio", {kind})), "")


def _fate(code: int | None) -> str:
    if code is None:
        return "delivered"
    return "failed" if code in _NEVER_LEFT else "undelivered"


def _whatsapp_code(world: World, request: SendRequest) -> int | None:
    """WhatsApp lets a business write freely only within 24 hours of the person's last message."""
    if request.channel != "whatsapp" or request.templated:
        return None
    last = world.messages.last_inbound_at(request.recipient, "whatsapp")
    open_window = last is not None and world.clock.now() - datetime.fromisoformat(last) <= WHATSAPP_WINDOW
    return None if open_window else OUTSIDE_WHATSAPP_WINDOW


def _last_segment(url: str) -> str | None:
    return url.split("#")[0].split("?")[0].rstrip("/").rsplit("/", 1)[-1] or None
