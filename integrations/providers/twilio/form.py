"""What a signed form of Twilio's must look like besides.

Twilio signs names and values run together, sorted, without a mark between them (twilio.com/docs/usage/security, 2026).
So one signature fits every way to cut the same letters into fields: a text that holds "From+1646..." could be cut into
another sender. Here a cut that changes who wrote, to whom, or which message it is does not pass: each field that counts
has its strict form, comes once, is there, and no other field may hold one. A cut that changes less is the same message
again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from integrations.providers.shared.base import MalformedError

_NAME = re.compile(r"(?=.{2,40}\Z)[A-Z][A-Za-z]+[0-9]*", re.ASCII)
MESSAGE = re.compile(r"(SM|MM)[0-9a-f]{32}", re.ASCII)
_SERVICE = re.compile(r"(MG[0-9a-f]{32})?", re.ASCII)
# A number, a short code, a sender's name, or a WhatsApp or other channel's address.
_ADDRESS = re.compile(r"[ -~]{1,320}", re.ASCII)
_FORMS: dict[str, re.Pattern[str]] = {
    "MessageSid": MESSAGE,
    "SmsSid": MESSAGE,
    "SmsMessageSid": MESSAGE,
    "MessagingServiceSid": _SERVICE,
    "AccountSid": re.compile(r"AC[0-9a-f]{32}", re.ASCII),
    "ApiVersion": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "From": _ADDRESS,
    "To": _ADDRESS,
    "MessageStatus": re.compile(r"[a-z_]{1,40}", re.ASCII),
    "SmsStatus": re.compile(r"[a-z_]{1,40}", re.ASCII),
    "ErrorCode": re.compile(r"\d{0,10}", re.ASCII),
    "NumMedia": re.compile(r"\d{0,3}", re.ASCII),
    # In any case, unknown ones too; never a word with the next field's name behind it.
    "OptOutType": re.compile(r" *([A-Z\d_]{0,40}|[A-Z]?[a-z\d_]{1,40}) *", re.ASCII),
}
# Each holds the message's id: one of them is enough, and none can be cut away.
IDS = ("MessageSid", "SmsSid", "SmsMessageSid")
_KNOWN = (*_FORMS, "Body", "ButtonPayload", "ButtonText", "OriginalRepliedMessageSid", "ProfileName")
# Twilio's own names that hold another one; "FromCity" and what may come of that kind besides.
_HOLDS_ONE = re.compile(
    r"From([A-Z][a-z]+)+|To([A-Z][a-z]+)+|ReferralBody|ReferralNumMedia|OriginalRepliedMessageSid", re.ASCII
)
_AFTER_BODY = re.compile(
    r"Button(Payload|Text|Type)|Channel[A-Z][A-Za-z]+|ContentSid|Conversation[A-Z][A-Za-z]+|Error(Code|Message)"
    r"|EventType|ExternalUserId|FlowData|Forwarded|ForwardedCount|FrequentlyForwarded",
    re.ASCII,
)
# Not "To", which is in many a word.
_HELD = tuple(name for name in (*_FORMS, "Body") if name != "To")
# A field's text that holds another field.
_INSIDE = re.compile(r"(MessageSid|SmsSid)(SM|MM)[0-9a-f]{32}|AccountSidAC[0-9a-f]{32}", re.ASCII)
_ANOTHER_SENDER = re.compile(r"From(?:[a-z]+:)?\+\d{5}", re.ASCII)


def check(fields: Sequence[tuple[str, str]], *, account: str, needs: Sequence[str]) -> None:
    """Raises `MalformedError` for what no message of `account` looks like. `account` empty: any.

    `needs`: the fields without which it is none, so that it never takes the place of one; any id is a MessageSid.
    """
    form = dict(fields)
    if not all(_has(form, name) for name in needs):
        raise MalformedError(f"{', '.join(needs[:-1])} or {needs[-1]} is missing")
    if len(form) < len(fields):
        raise MalformedError("a field comes twice")
    for name, value in fields:
        _check_field(name, value)
    ids = {form[name] for name in IDS if name in form}
    if len(ids) > 1:
        raise MalformedError("its ids are of two messages")
    if ids and account and form.get("AccountSid", "") != account:
        raise MalformedError("AccountSid is missing or not the one in TWILIO_ACCOUNT_SID")


def _has(form: Mapping[str, str], name: str) -> bool:
    return any(form.get(one, "").strip() for one in (IDS if name == "MessageSid" else (name,)))


def is_whole(form: Mapping[str, str]) -> bool:
    """Whether what a person wrote surely stands in `Body`: it is there, and no unknown field has its place among the
    sorted ones, where words of the text could pass for it. Only then may the message's id stand for all of it.
    """
    after = (name for name in form if "Body" < name < "From")
    return "Body" in form and all(_AFTER_BODY.fullmatch(name) for name in after)


def _check_field(name: str, value: str) -> None:
    if not _NAME.fullmatch(name) or (name not in _KNOWN and _is_cut(name)):
        raise MalformedError("a field's name is none of Twilio's")
    form = _FORMS.get(name)
    if form is not None and not form.fullmatch(value):
        raise MalformedError(f"{name} has not the form that Twilio gives it")
    if _INSIDE.search(value) or (name != "Body" and _ANOTHER_SENDER.search(value)):
        raise MalformedError("a field holds another one")


def _is_cut(name: str) -> bool:
    """Whether a name nobody knows is a piece of a known one, or holds one."""
    piece = any(known.startswith(name) for known in _KNOWN)
    return piece or (not _HOLDS_ONE.fullmatch(name) and any(held in name for held in _HELD))
