"""Reads and judges a request to send a text, with Twilio's own error codes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from integrations.sandbox import forms
from integrations.sandbox.calls import Call, RefusedError
from integrations.sandbox.messaging.speaking import SendRequest

LONGEST_BODY = 1600
LONGEST_VALIDITY_SECONDS = 36_000
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_PLAIN = re.compile(r"[\x21-\x7e]+")
_CONTENT = re.compile(r"HX[0-9a-f]{32}")
_SERVICE = re.compile(r"MG[0-9a-f]{32}")

# https://www.twilio.com/docs/iam/test-credentials, with what the errors say.
_MAGIC_TO: dict[str, tuple[int, str]] = {
    "+15005550001": (21211, "Invalid 'To' Phone Number"),
    "+15005550002": (21612, "Message cannot be sent with the current combination of 'To' and/or 'From' parameters"),
    "+15005550003": (
        21408,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
    ),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient"),
    "+15005550009": (21614, "'To' number is not a valid mobile number"),
}
_MAGIC_FROM: dict[str, tuple[int, str]] = {
    "+15005550001": (21212, "Invalid From Number (caller ID)"),
    "+15005550007": (
        21606,
        "The 'From' phone number is not a valid, message-capable Twilio phone number for this destination",
    ),
    "+15005550008": (21611, "This 'From' number has exceeded the maximum number of queued messages"),
}
_STATUS_OF_CODE = {20003: 401, 20404: 404, 20429: 429, 20500: 500}
_WORDS = dict([*_MAGIC_TO.values(), *_MAGIC_FROM.values(), (20003, "Authenticate"), (20429, "Too Many Requests")])


def read(call: Call) -> SendRequest:
    """Raises RefusedError with Twilio's code."""
    form = _form(call)
    fate_code = _forced(call)
    channel, recipient = _address(form, "To", missing=21604)
    service_sid = form.get("MessagingServiceSid") or None
    sender = _sender(call, form, service_sid)
    body, templated = _text(form)
    _refuse_magic(call, recipient=recipient, sender=sender, channel=channel)
    return SendRequest(
        channel=channel,
        sender=sender,
        recipient=recipient,
        body=body,
        callback_url=_callback_url(form),
        fate_code=fate_code,
        templated=templated,
        service_sid=service_sid,
        validity_seconds=_validity(form),
    )


def _form(call: Call) -> dict[str, str]:
    try:
        return forms.flat(call.body)
    except ValueError as error:
        raise RefusedError(400, 20001, "The body is not a form in UTF-8") from error


def _forced(call: Call) -> int | None:
    """The error a fault asks for: 3xxxx and 63xxx come later, in the status callback; all others refuse the call."""
    if not call.forced_error:
        return None
    code = int(call.forced_error) if call.forced_error.isascii() and call.forced_error.isdigit() else 20500
    if 30000 <= code < 40000 or 63000 <= code < 64000:
        return code
    raise RefusedError(_STATUS_OF_CODE.get(code, 400), code, _WORDS.get(code, "The request was refused"))


def _address(form: Mapping[str, str], name: str, *, missing: int) -> tuple[str, str]:
    """Channel and number of `To` or `From`."""
    value = form.get(name, "").strip()
    if not value:
        raise RefusedError(400, missing, f"A '{name}' phone number is required.")
    number = value.removeprefix("whatsapp:")
    if not _E164.fullmatch(number):
        raise RefusedError(400, 21211 if name == "To" else 21212, f"Invalid '{name}' Phone Number")
    return ("sms" if number == value else "whatsapp"), number


def _sender(call: Call, form: Mapping[str, str], service_sid: str | None) -> str:
    """A Messaging Service picks its own number; here that is the configured one."""
    if service_sid is None:
        return _address(form, "From", missing=21603)[1]
    if not _SERVICE.fullmatch(service_sid):
        raise RefusedError(400, 21701, "The Messaging Service does not exist")
    return call.world.settings.secret("TWILIO_PHONE_NUMBER")


def _text(form: Mapping[str, str]) -> tuple[str, bool]:
    """The body, and whether it comes from an approved template."""
    content = form.get("ContentSid", "")
    if content and (form.get("Body") or form.get("MediaUrl")):
        raise RefusedError(400, 21619, "A template takes no Body and no MediaUrl")
    if content and not _CONTENT.fullmatch(content):
        raise RefusedError(400, 21655, "The ContentSid is invalid")
    if content:
        return _rendered(form), True
    body = form.get("Body", "")
    if not body and not form.get("MediaUrl"):
        raise RefusedError(400, 21602, "Message body is required.")
    if len(body) > LONGEST_BODY:
        raise RefusedError(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    return body, False


def _rendered(form: Mapping[str, str]) -> str:
    """The sandbox does not know the approved wording: it shows the template's id and what was filled in."""
    try:
        values = json.loads(form.get("ContentVariables") or "{}")
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, 21656, "The ContentVariables parameter is invalid.") from error
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise RefusedError(400, 21656, "The ContentVariables parameter is invalid.")
    return f"[{form['ContentSid']}] {' · '.join(values.values())}"


def _validity(form: Mapping[str, str]) -> int | None:
    text = form.get("ValidityPeriod", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= LONGEST_VALIDITY_SECONDS):
        raise RefusedError(400, 90007, "The ValidityPeriod must be between 1 and 36000 seconds")
    return int(text)


def _callback_url(form: Mapping[str, str]) -> str:
    url = form.get("StatusCallback", "")
    if url and not _is_url(url):
        raise RefusedError(400, 21609, "Invalid 'StatusCallback' URL")
    return url


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and _PLAIN.fullmatch(text) is not None
        )
    except ValueError:  # brackets that do not match, a port that is no number
        return False


def _refuse_magic(call: Call, *, recipient: str, sender: str, channel: str) -> None:
    magic = _MAGIC_TO.get(recipient) or _MAGIC_FROM.get(sender)
    if magic:
        raise RefusedError(400, *magic)
    if channel == "sms" and call.world.messages.opted_out(recipient, sender):
        raise RefusedError(400, *_MAGIC_TO["+15005550004"])
