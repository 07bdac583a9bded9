"""Twilio's REST API as its SDKs call it: messages, the account and its balance."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.messaging import carrier, twilio_form
from integrations.sandbox.messaging.messages import Message

VERSION = "2010-04-01"


def _authorize(call: Call) -> None:
    """HTTP Basic with the account's SID and token."""
    secrets = call.world.settings
    expected = f"{secrets.secret('TWILIO_ACCOUNT_SID')}:{secrets.secret('TWILIO_AUTH_TOKEN')}".encode()
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    try:
        right = hmac.compare_digest(base64.b64decode(given, validate=True), expected)
    except (binascii.Error, ValueError):
        right = False
    if scheme.lower() != "basic" or not right:
        raise RefusedError(401, 20003, "Authenticate")
    if call.args and call.args[0] != secrets.secret("TWILIO_ACCOUNT_SID"):
        raise _not_found(call)


def _refuse(refused: RefusedError) -> Answer:
    code = refused.code if isinstance(refused.code, int) else _code_of_status(refused.status)
    body = {
        "code": code,
        "message": refused.message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": refused.status,
    }
    return Answer(refused.status, body, refused.headers)


def _code_of_status(status: int) -> int:
    return {404: 20404, 405: 20004, 429: 20429, 500: 20500}.get(status, 20001)


def _not_found(call: Call) -> RefusedError:
    return RefusedError(404, 20404, f"The requested resource {call.path} was not found")


async def _create(call: Call) -> Answer:
    return Answer(201, _shown(call, carrier.accept(call.world, twilio_form.read(call))))


async def _fetch(call: Call) -> Answer:
    try:
        return Answer(200, _shown(call, call.world.messages.get(call.args[1])))
    except KeyError as error:
        raise _not_found(call) from error


async def _list(call: Call) -> Answer:
    """Newest first, with Twilio's page form; filters on the day or moment a text was sent skip those not yet sent."""
    found = [message for message in reversed(_candidates(call)) if _wanted(message, call.query)]
    size, page = _whole(call, "PageSize", 50, 1000) or 1, _whole(call, "Page", 0, 100_000)
    shown = found[page * size : (page + 1) * size]
    path = call.path.removeprefix("/twilio")
    more = len(found) > (page + 1) * size
    return Answer(
        200,
        {
            "messages": [_shown(call, message) for message in shown],
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(shown) - 1, 0),
            "uri": _page_uri(path, call.query, page, size),
            "first_page_uri": _page_uri(path, call.query, 0, size),
            "next_page_uri": _page_uri(path, call.query, page + 1, size) if more else None,
            "previous_page_uri": _page_uri(path, call.query, page - 1, size) if page else None,
        },
    )


def _candidates(call: Call) -> list[Message]:
    """Few, so that looking for one text stays cheap in a large ledger."""
    return call.world.messages.all(to=call.query.get("To", "").removeprefix("whatsapp:"))


def _page_uri(path: str, query: Mapping[str, str], page: int, size: int) -> str:
    return f"{path}?{urlencode({**query, 'Page': str(page), 'PageSize': str(size)})}"


def _whole(call: Call, name: str, default: int, most: int) -> int:
    text = call.query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise RefusedError(400, 20001, f"Invalid '{name}'")
    return min(int(text), most)


def _wanted(message: Message, query: Mapping[str, str]) -> bool:
    if query.get("To") and query["To"] != message.address(message.recipient):
        return False
    if query.get("From") and query["From"] != message.address(message.sender):
        return False
    bounds = {name: _moment(query[name]) for name in ("DateSent", "DateSent>", "DateSent<") if query.get(name)}
    if not bounds:
        return True
    return message.sent_at is not None and _within(datetime.fromisoformat(message.sent_at), bounds)


def _within(sent: datetime, bounds: Mapping[str, datetime]) -> bool:
    """Both ends count; `DateSent` alone means that whole day, in UTC."""
    day = bounds.get("DateSent")
    if day is not None and not day <= sent < day + timedelta(days=1):
        return False
    return bounds.get("DateSent>", sent) <= sent <= bounds.get("DateSent<", sent)


def _moment(text: str) -> datetime:
    """`YYYY-MM-DD` or a moment; both are in UTC, whatever Python made of a missing offset."""
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else datetime.fromisoformat(f"{moment.isoformat()}+00:00")
    except ValueError as error:
        raise RefusedError(400, 20001, "Invalid 'DateSent'") from error


def _shown(call: Call, message: Message) -> dict[str, Any]:
    account = call.world.settings.secret("TWILIO_ACCOUNT_SID")
    uri = f"/{VERSION}/Accounts/{account}/Messages/{message.sid}"
    waiting_for_service = message.service_sid is not None and message.sent_at is None
    return {
        "account_sid": account,
        "api_version": VERSION,
        "body": message.body,
        "date_created": _rfc2822(message.accepted_at),
        "date_sent": _rfc2822(message.sent_at),
        "date_updated": _rfc2822(message.updated_at),
        "direction": "outbound-api" if message.outbound else "inbound",
        "error_code": message.error_code,
        "error_message": None,
        "from": None if waiting_for_service else message.address(message.sender),
        "messaging_service_sid": message.service_sid,
        "num_media": "0",
        "num_segments": "0" if waiting_for_service else str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.address(message.recipient),
        "uri": f"{uri}.json",
    }


def _rfc2822(text: str | None) -> str | None:
    return None if text is None else format_datetime(datetime.fromisoformat(text).replace(microsecond=0))


async def _account(call: Call) -> Answer:
    account = call.args[0]
    body = {"sid": account, "friendly_name": "Sandbox", "status": "active", "type": "Full"}
    when = _rfc2822("2026-01-01T00:00:00+00:00")
    dates = {"date_created": when, "date_updated": when}
    return Answer(200, {**body, **dates, "owner_account_sid": account, "uri": f"/{VERSION}/Accounts/{account}.json"})


async def _balance(call: Call) -> Answer:
    return Answer(200, {"account_sid": call.args[0], "balance": "100.00", "currency": "USD"})


# Without the prefix too: the SDK follows `next_page_uri` from the host's root.
_ACCOUNT = rf"(?:/twilio)?/{VERSION}/Accounts/(AC[0-9a-zA-Z]+)"
API = Api(
    name="twilio",
    prefix="/twilio",
    routes={
        rf"{_ACCOUNT}/Messages\.json": {"POST": _create, "GET": _list},
        rf"{_ACCOUNT}/Messages/((?:SM|MM)[0-9a-f]+)\.json": {"GET": _fetch},
        rf"{_ACCOUNT}\.json": {"GET": _account},
        rf"{_ACCOUNT}/Balance\.json": {"GET": _balance},
    },
    authorize=_authorize,
    refuse=_refuse,
    usual_error="30008",
)
