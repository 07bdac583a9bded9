"""A patient's text in the form in which Twilio hands it on."""

from __future__ import annotations

from integrations.sandbox.messaging.messages import Message


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
