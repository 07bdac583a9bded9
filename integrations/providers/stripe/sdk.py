"""Stripe's SDK with our transport, and its errors in the border's words. Loaded when first needed: it takes long."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import stripe
from django.conf import settings

from aro import clock
from integrations.providers.shared import fields
from integrations.providers.shared.base import (
    Effect,
    Link,
    OutcomeUnknownError,
    ProviderFailure,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from integrations.providers.shared.provider_answers import retry_after
from integrations.providers.shared.transport import Call, call

T = TypeVar("T")
# As many as Stripe lists at once.
_PAGE = 100
_MOST_PAGES = 20


class _Http(stripe.HTTPClient):
    """The SDK's requests through our transport: deadline, no redirects, capped answers."""

    name = "aro"

    def request(  # type: ignore[override]  # annotated as text; the SDK's own client returns bytes
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[bytes, int, Mapping[str, str]]:
        answer = call(Call(method=method.upper(), url=url, headers=headers or {}, data=post_data))
        return answer.body, answer.status, answer.headers

    def close(self) -> None:
        """The connections are not this client's."""


def create(params: dict[str, Any], *, idempotency_key: str) -> Link:
    """Makes a payment link. Raises `ProviderFailure`."""
    links = client().v1.payment_links
    return _link(_translate(lambda: links.create(params, {"idempotency_key": idempotency_key})))  # type: ignore[arg-type]


def switch_off(link_id: str) -> None:
    """Deactivates a payment link. Raises `ProviderFailure`."""
    links = client().v1.payment_links
    _translate(lambda: links.update(link_id, {"active": False}))


def find(*, metadata: Mapping[str, str], made_since: datetime, seconds: float) -> Link | None:
    """The newest link with all of this metadata, among those made since then. No page is asked for after `seconds`.

    Raises `ProviderFailure`.
    """
    links, after, until = client().v1.payment_links, "", time.monotonic() + seconds
    for _ in range(_MOST_PAGES):
        if time.monotonic() > until:
            raise OutcomeUnknownError("looking through the links took too long")
        asked: dict[str, Any] = {"limit": _PAGE, **({"starting_after": after} if after else {})}
        page = _page(_translate(lambda asked=asked: links.list(asked)))  # type: ignore[misc]
        for one in page:
            if metadata.items() <= fields.mapping(one, "metadata").items():
                return Link(id=fields.text(one, "id"), url=fields.text(one, "url", limit=500))
        if len(page) < _PAGE or _created(page[-1]) < made_since.timestamp():
            return None
        after = fields.text(page[-1], "id")
    raise OutcomeUnknownError("too many links to look through")


def sessions(link_id: str, *, expand: Sequence[str]) -> list[dict[str, Any]]:
    """A link's newest checkout sessions, at most 100: a link takes one payment. Raises `ProviderFailure`."""
    wanted = {"payment_link": link_id, "limit": _PAGE, "expand": list(expand)}
    listing = client().v1.checkout.sessions
    return _page(_translate(lambda: listing.list(wanted)))  # type: ignore[arg-type]


def payment_metadata(payment_intent: str) -> dict[str, str]:
    """What a payment's own metadata says. Raises `ProviderFailure`."""
    payments = client().v1.payment_intents
    found = _translate(lambda: payments.retrieve(payment_intent).to_dict())
    known = fields.mapping(found, "metadata")
    return {name: value for name, value in known.items() if isinstance(value, str)}


def _page(listed: Any) -> list[dict[str, Any]]:
    return _translate(lambda: [one.to_dict() for one in listed.data])


def _created(thing: Mapping[str, Any]) -> float:
    seconds = thing.get("created")
    return float(seconds) if isinstance(seconds, int) else 0.0


def client() -> stripe.StripeClient:
    base = settings.PROVIDER_BASE_URLS["stripe"]
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": base} if base else None,
        max_network_retries=0,
        http_client=_Http(),
    )


def _link(made: stripe.PaymentLink) -> Link:
    link_id, url = getattr(made, "id", None), getattr(made, "url", None)
    if not isinstance(link_id, str) or not isinstance(url, str):
        raise OutcomeUnknownError("the answer names no link")
    return Link(id=link_id, url=url)


def _translate(ask: Callable[[], T]) -> T:
    """The SDK's errors in the border's words. None of the provider's own text is passed on."""
    try:
        return ask()
    except ProviderFailure:
        raise
    except stripe.StripeError as error:
        raise _failure(error) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise OutcomeUnknownError(f"unreadable answer: {type(error).__name__}") from None


def _failure(error: stripe.StripeError) -> ProviderFailure:
    status = error.http_status or 0
    if isinstance(error, stripe.RateLimitError) or status == 429:
        return RateLimitedError(retry_after(error.headers or {}, clock.now()))
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError) or status in (401, 403):
        return _bad_key(status)
    if status == 409:  # the first request with this key is still under way
        return OutcomeUnknownError("still under way")
    if isinstance(error, stripe.IdempotencyError | stripe.InvalidRequestError) and 400 <= status < 500:
        return _refused(error.code or f"stripe_{status}")
    if isinstance(error, stripe.APIConnectionError):
        return UnavailableError(type(error).__name__)
    return OutcomeUnknownError(f"status {status}")


def _bad_key(status: int) -> RefusedError:
    return RefusedError(
        code=f"stripe_{status}",
        staff_message="Stripe does not accept ARO's key, or the key may not make payment links.",
        next_step="Check STRIPE_SECRET_KEY; a restricted key needs write access to Payment Links, Prices and Products.",
        permanent=False,
        effect=Effect.CONFIG_ALERT,
    )


def _refused(code: str) -> RefusedError:
    return RefusedError(
        code=str(code)[:64],
        staff_message="Stripe refused the payment link.",
        next_step="Check the deposit's amount and currency, then ask for the deposit again or collect it at the visit.",
        permanent=True,
    )
