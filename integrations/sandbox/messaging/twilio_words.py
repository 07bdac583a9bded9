"""How Twilio speaks to ARO: the reports of a text, and a patient's text as it hands it on."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from twilio.request_validator import RequestValidator

from integrations.sandbox import forms
from integrations.sandbox.messaging.messages import Message
from integrations.sandbox.messaging.speaking import Carrier

if TYPE_CHECKING:
    from integrations.sandbox.outbox import Callback
    from integrations.sandbox.settings import Settings
    from integrations.sandbox.signing import Letter
    from integrations.sandbox.world import World

VALIDITY_EXPIRED = 30036
OUTSIDE_WHATSAPP_WINDOW = 63016


def _new_sid() -> str:
    return "SM" + secrets.token_hex(16)


def _sign(settings: Settings, letter: Letter) -> dict[str, str]:
    """Twilio signs the URL and the sorted parameters, blank ones included; its own SDK computes it here."""
    validator = RequestValidator(settings.secret("TWILIO_AUTH_TOKEN"))
    return {"X-Twilio-Signature": validator.compute_signature(letter.url, forms.flat(letter.body))}


def _report(world: World, message: Message, status: str, error_code: int | None) -> Callback | None:
    """Twilio adds ErrorCode only when there is one, and MessagingServiceSid only for a service's texts."""
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


def _reply(world: World, message: Message, button: str) -> Callback:
    values = form(message, world.settings.secret("TWILIO_ACCOUNT_SID"), button)
    return world.form_callback("twilio", "/webhooks/twilio/sms", values)


def form(message: Message, account_sid: str, button: str = "") -> dict[str, str]:
    """Blank parameters are sent, and signed, like all others. Without Advanced Opt-Out there is no OptOutType.

    `button`: the id of the WhatsApp button that was pressed; its words are the message's body.
    """
    if message.channel != "whatsapp":
        return _sms(message, account_sid)
    pressed = {"MessageType": "button", "ButtonPayload": button, "ButtonText": message.body} if button else {}
    return _whatsapp(message, account_sid) | pressed


def _common(message: Message, account_sid: str) -> dict[str, str]:
    return {
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageSid": message.sid,
        "SmsStatus": "received",
        "NumMedia": "0",
        "NumSegments": str(message.segments),
        "Body": message.body,
        "To": message.address(message.recipient),
        "From": message.address(message.sender),
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
    }


def _sms(message: Message, account_sid: str) -> dict[str, str]:
    places = {f"{side}{part}": "" for side in ("To", "From") for part in ("City", "State", "Zip")}
    return _common(message, account_sid) | places | {"ToCountry": "US", "FromCountry": "US"}


def _whatsapp(message: Message, account_sid: str) -> dict[str, str]:
    more = {"ProfileName": "", "MessageType": "text", "WaId": message.sender.removeprefix("+"), "ReferralNumMedia": "0"}
    return _common(message, account_sid) | more


CARRIER = Carrier(
    name="twilio",
    label="Twilio",
    codes={"phone_off": "30003", "landline": "30006"},
    secrets={
        "TWILIO_ACCOUNT_SID": "AC" + 32 * "a",
        "TWILIO_AUTH_TOKEN": "sandbox-twilio-auth-token",
        "TWILIO_PHONE_NUMBER": "+15005550006",
        "TWILIO_WHATSAPP_NUMBER": "+15005550010",
    },
    numbers={"sms": "TWILIO_PHONE_NUMBER", "whatsapp": "TWILIO_WHATSAPP_NUMBER"},
    # Exact, any case, alone in the text. https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
    stop_words=frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}),
    start_words=frozenset({"START", "YES", "UNSTOP"}),
    never_left=frozenset({30001, 30002, 30034, VALIDITY_EXPIRED, OUTSIDE_WHATSAPP_WINDOW}),
    expired=VALIDITY_EXPIRED,
    outside_window=OUTSIDE_WHATSAPP_WINDOW,
    new_id=_new_sid,
    sign=_sign,
    report=_report,
    reply=_reply,
)
