"""Twilio in: what patients text, and what became of our texts.

A body is a form, blank fields included: they are part of the signature. Callbacks may come in any order, twice, or
before the call that sent the message has returned; ordering is the service's task.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Final, Literal
from urllib.parse import parse_qsl

from django.conf import settings
from django.utils.datastructures import MultiValueDict
from twilio.request_validator import RequestValidator, get_signature_algorithm

from appointments.inbound import DeliveryReported, Inbound, NothingToDo, ReplyReceived
from compliance.models import Channel
from integrations.providers.shared.base import (
    Adapter,
    BadSignatureError,
    Delivery,
    MalformedError,
    NotConfiguredError,
    Stored,
    body_key,
    short_key,
)
from integrations.providers.shared.json_body import clean_text
from integrations.providers.shared.signatures import secrets_in
from integrations.providers.twilio import form as twilio_shape
from integrations.providers.twilio.media import is_file_name, kinds_in
from integrations.providers.twilio.status import STATUS

HEADER = "x-twilio-signature"
ALGORITHM_HEADER = "x-twilio-webhooks-signature-settings"
EMPTY_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
WHATSAPP = "whatsapp:"
LONGEST_TEXT = 16_000
KEYWORDS: Final[dict[str, Literal["stop", "start", "help"]]] = {"stop": "stop", "start": "start", "help": "help"}
# Twilio's default keywords on SMS, which it answers itself
# (twilio.com/docs/messaging/tutorials/advanced-opt-out). Checked 2026-11-20.
KEYWORDS_ALONE: Final[frozenset[str]] = frozenset(
    {
        *("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
        *("START", "YES", "UNSTOP", "HELP", "INFO"),
    }
)
# `whatsapp:+1...` and `rcs:+1...` are the person with that number; another channel's id (`messenger:12345`) stays.
_CHANNEL: Final = re.compile(r"(?:whatsapp|rcs|sms|mms|tel):|[a-z]+:(?=\+)", re.IGNORECASE | re.ASCII)
_SIGNS: Final = re.compile(r"^[\W_]+|[\W_]+$")
# A quick-reply button's id or words, and the answer they stand for.
BUTTONS: dict[str, str] = {
    **dict.fromkeys(("c", "confirm", "confirm visit", "confirmar", "confirmo"), "C"),
    **dict.fromkeys(("r", "reschedule", "another time", "cambiar", "cambiar hora"), "R"),
    **dict.fromkeys(
        (
            *("x", "cancel", "cannot come", "i cannot come", "cancel visit", "cancel appointment"),
            *("cancelar", "no puedo venir", "cancelar cita", "cancelar la cita"),
        ),
        "X",
    ),
    **dict.fromkeys(("stop", "opt out", "no more messages"), "STOP"),
}


class _Twilio(Adapter):
    checked_with: ClassVar[str] = "TWILIO_AUTH_TOKEN"
    content_types: ClassVar[frozenset[str]] = frozenset({"application/x-www-form-urlencoded"})
    needs: ClassVar[tuple[str, ...]]

    def verify(self, delivery: Delivery) -> None:
        tokens = secrets_in(settings.TWILIO_AUTH_TOKEN, name="TWILIO_AUTH_TOKEN")
        if not settings.PUBLIC_BASE_URL:
            raise NotConfiguredError("PUBLIC_BASE_URL")  # Twilio signs the address it called
        signature = delivery.headers.get(HEADER, "")
        algorithm = get_signature_algorithm(delivery.headers.get(ALGORITHM_HEADER))
        if not signature or algorithm.upper() not in ("HMAC_SHA1", "HMAC_SHA256"):
            raise BadSignatureError("no signature, or an unknown algorithm")
        pairs = _fields(delivery.body)
        form = _as_signed(pairs)
        if not any(RequestValidator(t).validate(delivery.url, form, signature, algorithm) for t in tokens):
            raise BadSignatureError("wrong signature")
        twilio_shape.check(pairs, account=settings.TWILIO_ACCOUNT_SID, needs=self.needs)

    def acknowledge(self) -> tuple[str, bytes]:
        """Empty TwiML: anything else would be texted to the patient or counted as an error."""
        return "text/xml", EMPTY_TWIML


class TwilioSms(_Twilio):
    """A patient's SMS or WhatsApp message. Applied at once, because it may be an opt-out."""

    name: ClassVar[str] = "twilio_sms"
    path: ClassVar[str] = "twilio/sms"
    label: ClassVar[str] = "Twilio (replies)"
    at_once: ClassVar[bool] = True
    # Of the 15 s that Twilio waits: unless the number's settings say otherwise, it repeats nothing after a 5xx.
    patience_seconds: ClassVar[float | None] = 10.0
    needs: ClassVar[tuple[str, ...]] = ("From", "MessageSid", "AccountSid")

    def delivery_key(self, delivery: Delivery) -> str:
        """The message's id; but what lacks a part never takes the place of the whole message."""
        form = _values(delivery.body)
        sid, sender = _sid(form), form.get("From", "").strip()
        return short_key(sid) if sid and sender and twilio_shape.is_whole(form) else body_key(delivery.body)

    def parse(self, stored: Stored) -> list[Inbound]:
        form = _values(stored.body)
        sender, sid = form.get("From", "").strip(), _sid(form)
        number = _number(sender)
        if not number or len(number) > 40 or not sid or len(sid) > 80:
            raise MalformedError("From or MessageSid is missing or too long")
        return [
            ReplyReceived(
                carrier="twilio",
                channel=_channel(sender),
                sender=number,
                text=_said(form)[:LONGEST_TEXT],
                provider_id=sid if twilio_shape.is_whole(form) else f"{sid}-{body_key(stored.body)[:24]}",
                occurred_at=stored.received_at,
                provider_answered=bool(_keyword(form)),
                carrier_says=_keyword(form),
                media=kinds_in(form),
                user_id=_user_id(form, number),
                answers=_answers(form),
            )
        ]


def _number(address: str) -> str:
    return address[found.end() :] if (found := _CHANNEL.match(address)) else address


def _channel(sender: str) -> Channel:
    """By which it is answered. RCS and whatever else has a number by SMS: the opt-outs of both are one (2026-03-16)."""
    return Channel.WHATSAPP if sender.casefold().startswith(WHATSAPP) else Channel.SMS


def _user_id(form: dict[str, str], sender: str) -> str:
    """WhatsApp's id of the person: `ExternalUserId`, or the sender itself where people hide their number."""
    return (form.get("ExternalUserId", "").strip() or ("" if sender.startswith("+") else sender))[:80]


def _answers(form: dict[str, str]) -> str:
    """Of a WhatsApp reply, or a button, the text it stands under. A form that is not known says nothing."""
    sid = form.get("OriginalRepliedMessageSid", "").strip()
    return sid if twilio_shape.MESSAGE.fullmatch(sid) else ""


def _keyword(form: dict[str, str]) -> Literal["", "stop", "start", "help"]:
    """What the carrier itself took it for. With Advanced Opt-Out a clinic has keywords of its own (OptOutType)."""
    return KEYWORDS.get(form.get("OptOutType", "").strip().casefold(), "")


def _said(form: dict[str, str]) -> str:
    """What the person wrote; for a pressed button the letter it stands for, because "Cancel" alone would opt out."""
    payload = form.get("ButtonPayload", "").strip() or form.get("ListId", "").strip()
    words = form.get("ButtonText", "").strip() or form.get("ListTitle", "").strip()
    if payload or words:
        letter = BUTTONS.get(_bare(payload)) or BUTTONS.get(_bare(words))
        return letter or words or payload
    # WhatsApp gives a document's own name as the words beside it.
    return "" if is_file_name(form) else form.get("Body", "")


def _bare(words: str) -> str:
    """A button's words without the signs around them: "✅ Confirm" is "confirm"."""
    return _SIGNS.sub("", words).casefold()


class TwilioStatus(_Twilio):
    """The state of one of our texts. The called path carries our execution's id, so it can always be matched."""

    name: ClassVar[str] = "twilio_status"
    path: ClassVar[str] = "twilio/status/<uuid:execution_id>"
    needs: ClassVar[tuple[str, ...]] = ("MessageSid", "MessageStatus")

    def delivery_key(self, delivery: Delivery) -> str:
        form = _values(delivery.body)
        sid, status = _sid(form), form.get("MessageStatus", "")
        return short_key(f"{delivery.path_ref}|{sid}|{status}") if sid and status else body_key(delivery.body)

    def parse(self, stored: Stored) -> list[Inbound]:
        form = _values(stored.body)
        sid, status = _sid(form), STATUS.get(form.get("MessageStatus", "").strip().lower())
        if not sid or len(sid) > 80:
            raise MalformedError("MessageSid is missing or too long")
        if status is None:
            return [NothingToDo(detail="a message status that is not used")]
        return [
            DeliveryReported(
                carrier="twilio",
                execution_id=stored.path_ref,
                provider_id=sid,
                status=status,
                error_code=form.get("ErrorCode", "").strip().lstrip("0")[:32],
                to=_number(form.get("To", "").strip())[:40],
                occurred_at=stored.received_at,
            )
        ]


def _fields(body: bytes) -> list[tuple[str, str]]:
    """As Django reads a form, without its dictionary of lists: a text has three reports of some twenty fields."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode("iso-8859-1")
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
    except ValueError as error:
        raise MalformedError("too many fields") from error


def _as_signed(fields: list[tuple[str, str]]) -> Mapping[str, str]:
    """Each field with its value, or with all of them when it came twice."""
    form = dict(fields)
    if len(form) == len(fields):
        return form
    every: MultiValueDict[str, str] = MultiValueDict()
    for name, value in fields:
        every.appendlist(name, value)
    return every


def _values(body: bytes) -> dict[str, str]:
    return {clean_text(name): clean_text(value) for name, value in _fields(body)}


def _sid(form: dict[str, str]) -> str:
    """The message's id; its three fields hold the same one, and older addresses get only some of them."""
    return next((form[name].strip() for name in twilio_shape.IDS if form.get(name)), "")
