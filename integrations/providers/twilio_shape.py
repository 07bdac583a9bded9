"""What a signed form of Twilio's must look like besides.

Twilio signs names and values run together, sorted, without a mark between them (twilio.com/docs/usage/security, 2026).
So one signature fits every way to cut the same letters into fields: a text that holds "From+1646..." could be cut into
another sender. Here a cut that changes who wrote, to whom, or which message it is does not pass: each field that counts
has its strict form, comes once, and no other field may hold one. A cut that changes less is the same message again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from integrations.providers.base import MalformedError

_NAME = re.compile(r"[A-Z][A-Za-z0-9_]{0,63}", re.ASCII)
_MESSAGE = re.compile(r"(SM|MM)[0-9a-f]{32}", re.ASCII)
_SERVICE = re.compile(r"(MG[0-9a-f]{32})?", re.ASCII)
# A number, a short code, a sender's name, or a WhatsApp or other channel's address.
_ADDRESS = re.compile(r"[ -~]{1,320}", re.ASCII)
_FORMS: dict[str, re.Pattern[str]] = {
    "MessageSid": _MESSAGE,
    "SmsSid": _MESSAGE,
    "SmsMessageSid": _MESSAGE,
    "MessagingServiceSid": _SERVICE,
    "AccountSid": re.compile(r"AC[0-9a-f]{32}", re.ASCII),
    "ApiVersion": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "From": _ADDRESS,
    "To": _ADDRESS,
    "MessageStatus": re.compile(r"[a-z_]{1,40}", re.ASCII),
    "SmsStatus": re.compile(r"[a-z_]{1,40}", re.ASCII),
    "ErrorCode": re.compile(r"\d{0,10}", re.ASCII),
    "NumMedia": re.compile(r"\d{0,3}", re.ASCII),
    "OptOutType": re.compile(r"[A-Z_]{0,40}", re.ASCII),
}
_KNOWN = (*_FORMS, "Body", "ButtonPayload", "ButtonText", "ProfileName")
# A field's text that holds another field.
_INSIDE = re.compile(r"(MessageSid|SmsSid)(SM|MM)[0-9a-f]{32}|AccountSidAC[0-9a-f]{32}", re.ASCII)
_ANOTHER_SENDER = re.compile(r"From(?:[a-z]+:)?\+\d{5}", re.ASCII)


def check(fields: Sequence[tuple[str, str]], *, account: str) -> None:
    """Raises `MalformedError` for what no message of `account` looks like. `account` empty: any."""
    form = dict(fields)
    if len(form) < len(fields):
        raise MalformedError("a field comes twice")
    for name, value in fields:
        _check_field(name, value)
    ids = {form[name] for name in ("MessageSid", "SmsSid", "SmsMessageSid") if name in form}
    if len(ids) > 1:
        raise MalformedError("its ids are of two messages")
    if ids and account and form.get("AccountSid", "") != account:
        raise MalformedError("AccountSid is missing or not the one in TWILIO_ACCOUNT_SID")


def _check_field(name: str, value: str) -> None:
    if not _NAME.fullmatch(name) or (name not in _KNOWN and any(known.startswith(name) for known in _KNOWN)):
        raise MalformedError("a field's name is none of Twilio's")
    form = _FORMS.get(name)
    if form is not None and not form.fullmatch(value):
        raise MalformedError(f"{name} has not the form that Twilio gives it")
    if _INSIDE.search(value) or (name != "Body" and _ANOTHER_SENDER.search(value)):
        raise MalformedError("a field holds another one")
