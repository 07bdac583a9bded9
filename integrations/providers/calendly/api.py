"""The calls ARO makes to Calendly. Calendly allows 500 a minute and user on paid plans, 50 on free ones.

All are reads, but for a webhook subscription that Calendly has switched off: that one is made anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from integrations.providers.shared import fields
from integrations.providers.shared.base import Effect, RefusedError
from integrations.providers.shared.provider_answers import ask, json_object, refuse_errors
from integrations.providers.shared.transport import Answer, Call

# The most that Calendly gives at once.
PER_PAGE = 100


def scheduled_event(uuid: str) -> dict[str, Any]:
    """The event with that id. Raises `ProviderFailure`."""
    return fields.mapping(_get(f"/scheduled_events/{quote(uuid, safe='')}"), "resource")


def scheduled_events(*, starts_from: datetime, starts_until: datetime, page_token: str) -> dict[str, Any]:
    """A page of the organization's events, active and canceled, by start. Raises `ProviderFailure`."""
    wanted = {
        "min_start_time": _moment(starts_from),
        "max_start_time": _moment(starts_until),
        "sort": "start_time:asc",
        "count": str(PER_PAGE),
        **({"page_token": page_token} if page_token else {}),
    }
    me = account()
    try:
        return _get("/scheduled_events", {"organization": me.organization, **wanted})
    except RefusedError as error:
        if error.code != "calendly_403":
            raise
        # Only owners and administrators may see a whole organization; others see their own.
        return _get("/scheduled_events", {"user": me.user, **wanted})


def invitees(event_uuid: str, *, page_token: str = "") -> dict[str, Any]:
    """A page of an event's invitees. Raises `ProviderFailure`."""
    more = {"page_token": page_token} if page_token else {}
    return _get(f"/scheduled_events/{quote(event_uuid, safe='')}/invitees", {"count": str(PER_PAGE), **more})


def subscriptions() -> list[dict[str, Any]]:
    """The organization's webhook subscriptions, then the user's own. Raises `ProviderFailure`."""
    me = account()
    own = _subscriptions({"organization": me.organization, "scope": "user", "user": me.user})
    try:
        return _subscriptions({"organization": me.organization, "scope": "organization"}) + own
    except RefusedError as error:
        if error.code != "calendly_403":  # only owners and administrators see the organization's
            raise
        return own


def _subscriptions(query: Mapping[str, str]) -> list[dict[str, Any]]:
    return fields.mappings(_get("/webhook_subscriptions", {"count": str(PER_PAGE), **query}), "collection")


def unsubscribe(uuid: str) -> None:
    """Takes a subscription away; one that is gone already is fine. Raises `ProviderFailure`."""
    answer = _ask("DELETE", f"/webhook_subscriptions/{quote(uuid, safe='')}")
    if answer.status != 404:
        refuse_errors(answer, REFUSALS)


def subscribe(*, url: str, events: tuple[str, ...], signing_key: str) -> None:
    """Has everything of the organization delivered to `url`, signed. Raises `ProviderFailure`."""
    me = account()
    wanted = {"url": url, "events": list(events), "organization": me.organization, "signing_key": signing_key}
    answer = _ask("POST", "/webhook_subscriptions", body=wanted | {"scope": "organization"})
    if answer.status == 403:
        answer = _ask("POST", "/webhook_subscriptions", body=wanted | {"scope": "user", "user": me.user})
    if answer.status != 409:  # there is one for this address: what was wanted
        refuse_errors(answer, REFUSALS)


@dataclass(frozen=True)
class Account:
    """Whom the token acts for: the URIs that other calls want."""

    user: str
    organization: str


def account() -> Account:
    """Whom the token acts for; asked once per process and token. Raises `ProviderFailure`."""
    return _account(settings.PROVIDER_BASE_URLS["calendly"], settings.CALENDLY_API_TOKEN)


@lru_cache(maxsize=4)
def _account(_base: str, _token: str) -> Account:
    me = fields.mapping(_get("/users/me"), "resource")
    return Account(fields.text(me, "uri", limit=300), fields.text(me, "current_organization", limit=300))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def last_part(uri: str) -> str:
    """The id at the end of a resource's URI: our token must never be sent to an address that an answer names."""
    return urlsplit(uri).path.rpartition("/")[2]


def _get(path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
    answer = _ask("GET", path, query=query)
    refuse_errors(answer, REFUSALS)
    return json_object(answer.body)


def _ask(
    method: str, path: str, *, query: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None
) -> Answer:
    headers = {"Authorization": f"Bearer {settings.CALENDLY_API_TOKEN}", "Accept": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    if data is not None:
        headers["Content-Type"] = "application/json"
    url = settings.PROVIDER_BASE_URLS["calendly"] + path
    # Making a subscription twice (409) or taking it away twice (404) does no harm either.
    return ask(Call(method=method, url=url, headers=headers, params=query, data=data))


def _not_permitted(status: int) -> RefusedError:
    return RefusedError(
        code=f"calendly_{status}",
        staff_message="Calendly does not accept ARO's access token.",
        next_step="Make a new token in Calendly and set CALENDLY_API_TOKEN.",
        permanent=False,
        effect=Effect.CONFIG_ALERT,
    )


def _gone(status: int) -> RefusedError:
    return RefusedError(
        code=f"calendly_{status}",
        staff_message="Calendly does not know this booking any more.",
        next_step="Look it up in Calendly; enter it by hand if it takes place.",
        permanent=True,
    )


def _not_understood(status: int) -> RefusedError:
    return RefusedError(
        code=f"calendly_{status}",
        staff_message="Calendly did not understand a question of ARO's.",
        next_step="ARO asks again from the start. If this comes back, update ARO.",
        permanent=True,
    )


REFUSALS = {400: _not_understood, 401: _not_permitted, 403: _not_permitted, 404: _gone}
