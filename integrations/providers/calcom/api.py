"""The calls ARO makes to Cal.com's API v2: only reads. 120 requests a minute and key are allowed.

Version 1 was shut down in April 2026. The version header is fixed: newer versions page by another scheme.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings

from integrations.providers.shared import fields
from integrations.providers.shared.base import Effect, RefusedError, UnavailableError, Window
from integrations.providers.shared.provider_answers import ask, json_object, refuse_errors
from integrations.providers.shared.transport import Answer, Call

VERSION = "2024-08-13"
PAGE_SIZE = 100
# Cal.com filters by the end of a booking, ARO's window is about starts: none lasts longer than this.
LONGEST_BOOKING = timedelta(days=1)
_STATUSES = "upcoming,recurring,past,cancelled,unconfirmed"


def bookings(window: Window, cursor: str) -> tuple[list[dict[str, Any]], str]:
    """A page of bookings around the window, and the next cursor: how many to skip. Raises `ProviderFailure`."""
    skip = int(cursor) if cursor.isascii() and cursor.isdigit() else 0
    wanted = {
        "afterStart": window.starts_from.isoformat(),
        "beforeEnd": (window.starts_until + LONGEST_BOOKING).isoformat(),
        "status": _STATUSES,
        "sortStart": "asc",
        "take": PAGE_SIZE,
        "skip": skip,
    }
    data = _get("/v2/bookings", wanted)
    if not isinstance(data.get("data"), list):
        raise UnavailableError("the answer is not a list")
    rows = fields.mappings(data, "data")
    more = fields.mapping(data, "pagination").get("hasNextPage") is True and rows
    return rows, str(skip + len(rows)) if more else ""


def _get(path: str, params: dict[str, Any]) -> dict[str, Any]:
    answer = _ask(path, params)
    refuse_errors(answer, REFUSALS)
    return json_object(answer.body)


def _ask(path: str, params: dict[str, Any]) -> Answer:
    if not settings.CALCOM_API_KEY:
        raise _key_wanted("calcom_no_key", "ARO has no API key for Cal.com.")
    headers = {"Authorization": f"Bearer {settings.CALCOM_API_KEY}", "cal-api-version": VERSION}
    url = settings.PROVIDER_BASE_URLS["calcom"] + path
    return ask(Call(method="GET", url=url, headers=headers | {"Accept": "application/json"}, params=params))


def _not_accepted(status: int) -> RefusedError:
    return _key_wanted(f"calcom_{status}", "Cal.com does not accept ARO's API key.")


def _key_wanted(code: str, what: str) -> RefusedError:
    return RefusedError(
        code=code,
        staff_message=what,
        next_step="Make a new key in Cal.com under Settings, Developer, API keys, and set CALCOM_API_KEY.",
        permanent=False,
        effect=Effect.CONFIG_ALERT,
    )


REFUSALS = {401: _not_accepted, 403: _not_accepted}
