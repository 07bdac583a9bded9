"""Twilio out: one text, handed over at most once per call.

Twilio has no idempotency key, so a request whose answer got lost is never repeated blindly: the StatusCallback carries
the execution's id and settles it, and `find` looks the text up. The SDK's own client would wait for ever and drop
Retry-After; ours does not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import HttpClient
from twilio.http.response import Response

from aro import clock
from compliance.models import Channel
from integrations.providers.shared import meanings
from integrations.providers.shared.base import (
    Accepted,
    Effect,
    OutcomeUnknownError,
    ProviderFailure,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from integrations.providers.shared.outgoing import Content, Reply
from integrations.providers.shared.provider_answers import retry_after
from integrations.providers.shared.signatures import secrets_in
from integrations.providers.shared.transport import Answer, Call, call
from integrations.providers.twilio import errors
from integrations.providers.twilio.status import STATUS
from integrations.providers.twilio.webhook import WHATSAPP

# Twilio drops a text that is still queued after this; ten hours is its own maximum.
LONGEST_VALIDITY = 36_000
# How far Twilio's clock may be behind ours when a lost text is looked up.
CLOCK_SLACK = timedelta(seconds=60)
LARGEST_SEARCH = 200
# Ten pages: more than a large clinic's patients write in two days.
MOST_REPLIES = 2_000
T = TypeVar("T")


class _Http(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's requests through our transport, and to the sandbox when that is where Twilio lives."""

    def __init__(self) -> None:
        """The parent's constructor would want a logger that writes phones and texts."""
        self.last: Answer | None = None

    def request(  # noqa: PLR0913 - the SDK's signature
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - the SDK's signature
    ) -> Response:
        wanted = Call(
            method=method.upper(), url=_moved(uri), headers=headers or {}, params=params, data=data, auth=auth
        )
        self.last = call(wanted)
        return Response(self.last.status, self.last.text, self.last.headers)


def _moved(url: str) -> str:
    base = settings.PROVIDER_BASE_URLS["twilio"]
    if not base:
        return url
    there, wanted = urlsplit(base), urlsplit(url)
    return urlunsplit((there.scheme, there.netloc, there.path.rstrip("/") + wanted.path, wanted.query, ""))


# Connection overrides (twilio.com/docs/usage/webhooks/webhooks-connection-overrides, 2026): repeat up to five times,
# after whatever went wrong; by default Twilio repeats nothing after a 5xx. A fragment is neither sent nor signed.
TRY_AGAIN = "#rc=5&rp=all"


def send(  # noqa: PLR0913 - all that Twilio has to know
    *, to: str, body: str, channel: str, execution_id: UUID, validity_seconds: int, content: Content | None = None
) -> Accepted:
    """Hands one text to Twilio. `to` in E.164; with `content` no `body` is sent. Raises `ProviderFailure`."""
    http = _Http()
    create = partial(
        _client(http).messages.create,
        to=_address(to, channel),
        from_=_sender(channel),
        **_said(body, content),
        status_callback=f"{settings.PUBLIC_BASE_URL}/webhooks/twilio/status/{execution_id}{TRY_AGAIN}",
        validity_period=max(1, min(validity_seconds, LONGEST_VALIDITY)),
    )
    return _accepted(_translate(create, http))


def _said(body: str, content: Content | None) -> dict[str, str]:
    """Twilio refuses a Body beside a ContentSid, and WhatsApp a template's text as a Body (63016, since 2025-04)."""
    if content is None:
        return {"body": body}
    return {"content_sid": content.sid, "content_variables": json.dumps(dict(content.variables), ensure_ascii=False)}


def find(  # noqa: PLR0913 - all that tells one text from another
    *,
    to: str,
    body: str | None,
    channel: str,
    since: datetime,
    at: datetime | None = None,
    known: Collection[str] = (),
    rivals: Collection[datetime] = (),
) -> Accepted | None:
    """The text handed over since that moment, or None when Twilio has none. Raises `ProviderFailure`.

    Twilio lists no StatusCallback, so a text is recognised by number, sender, wording and time, leaving out the `known`
    provider ids that belong to other texts. `body` None: any wording, for a template that Twilio itself has worded.
    One that was made nearer to a moment among `rivals` than to `at` is another text's.
    Listed by To only: a queued text has no sent date yet to filter by.
    """
    http = _Http()
    listed = _translate(partial(_listed, http, to=_address(to, channel), sender=_sender(channel)), http, reading=True)
    for one in listed:
        created = getattr(one, "date_created", None)
        fresh = isinstance(created, datetime) and created >= since - CLOCK_SLACK
        ours = fresh and _is_nearest(created, at or since, rivals)
        if ours and body in (None, one.body) and one.sid not in known:
            return _accepted(one)
    return None


def _is_nearest(made: Any, at: datetime, rivals: Collection[datetime]) -> bool:
    return all(abs(made - at) <= abs(made - rival) for rival in rivals)


def received(*, channel: str, since: datetime) -> list[Reply]:
    """What people wrote to our number on that channel since then, oldest first. Raises `ProviderFailure`.

    Twilio tells of a message once and does not call again when nobody answers; its list keeps it. A pressed WhatsApp
    button is listed by its words only. The newest `MOST_REPLIES` when there are more.
    """
    http = _Http()
    # In UTC: the SDK writes any other offset as if it were UTC.
    ask = partial(_client(http).messages.list, to=_sender(channel), date_sent_after=since.astimezone(UTC))
    listed = _translate(lambda: list(ask(limit=MOST_REPLIES, page_size=LARGEST_SEARCH)), http, reading=True)
    return [_reply(one) for one in reversed(listed) if one.direction == "inbound"]


def _reply(message: Any) -> Reply:
    form = {"MessageSid": message.sid, "From": message.from_, "To": message.to, "Body": message.body}
    at = message.date_sent or message.date_created
    return Reply(body=urlencode({name: value or "" for name, value in form.items()}).encode(), at=at)


def check_account() -> str:
    """The account's status (`active` when all is well). Raises `ProviderFailure`."""
    http = _Http()
    account = _client(http).api.v2010.accounts(settings.TWILIO_ACCOUNT_SID)
    return str(_translate(account.fetch, http, reading=True).status)


def _listed(http: _Http, *, to: str, sender: str) -> list[Any]:
    messages = _client(http).messages
    return list(messages.list(to=to, from_=sender, limit=LARGEST_SEARCH, page_size=LARGEST_SEARCH))


def _client(http: _Http) -> Any:
    from twilio.rest import Client  # noqa: PLC0415 - the SDK is loaded when first needed

    token = secrets_in(settings.TWILIO_AUTH_TOKEN, name="TWILIO_AUTH_TOKEN")[0]
    return Client(settings.TWILIO_ACCOUNT_SID, token, http_client=http)


def _address(phone: str, channel: str) -> str:
    return WHATSAPP + phone if channel == Channel.WHATSAPP else phone


def _sender(channel: str) -> str:
    number = settings.TWILIO_WHATSAPP_NUMBER if channel == Channel.WHATSAPP else settings.TWILIO_PHONE_NUMBER
    if number:
        return _address(number.removeprefix(WHATSAPP), channel)
    raise RefusedError(
        code="no_sender",
        staff_message="No sender number is set for this channel.",
        next_step="Set TWILIO_PHONE_NUMBER (or TWILIO_WHATSAPP_NUMBER for WhatsApp).",
        permanent=False,
        effect=Effect.CONFIG_ALERT,
    )


def _accepted(message: Any) -> Accepted:
    sid, segments = message.sid, str(message.num_segments or "")
    if not isinstance(sid, str) or not 0 < len(sid) <= 80:
        raise OutcomeUnknownError("the answer names no message")
    count = int(segments) if segments.isascii() and segments.isdigit() and len(segments) < 4 else 0
    return Accepted(provider_id=sid, status=STATUS.get(str(message.status), STATUS["queued"]), segments=count)


def _translate(ask: Callable[[], T], http: _Http, *, reading: bool = False) -> T:
    """The SDK's errors in the border's words; none of Twilio's own text (it quotes numbers) is passed on."""
    try:
        return ask()
    except OutcomeUnknownError as error:
        raise _unsettled(str(error), reading=reading) from None
    except TwilioException as error:
        raise _failure(error, http.last, reading=reading) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unsettled(f"unreadable answer: {type(error).__name__}", reading=reading) from None


def _unsettled(what: str, *, reading: bool) -> ProviderFailure:
    """Looking something up twice does no harm, so there a lost answer is simply no answer."""
    return UnavailableError(what) if reading else OutcomeUnknownError(what)


def _failure(error: TwilioException, answer: Answer | None, *, reading: bool) -> ProviderFailure:
    status = answer.status if answer else 0
    code = str(error.code) if isinstance(error, TwilioRestException | TwilioServiceException) else ""
    if status == 429:
        return RateLimitedError(retry_after(answer.headers if answer else {}, clock.now()))
    if not 400 <= status < 500:
        return _unsettled(f"status {status}", reading=reading)
    return refusal("20003" if status == 401 else code or str(status))


def refusal(code: str) -> RefusedError:
    """What Twilio's error code means, from a refused call or from a status callback."""
    return meanings.refusal(code, errors.MEANINGS, errors.UNKNOWN)
