"""The calls ARO makes to Acuity's API v1: only reads. It allows 10 a second and 20 at once from one address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from integrations.providers.shared.base import Effect, RefusedError, UnavailableError
from integrations.providers.shared.provider_answers import ask, json_object, refuse_errors
from integrations.providers.shared.signatures import secrets_in
from integrations.providers.shared.transport import Call

# The most that a list tells at once. Without it, and perhaps with it, Acuity tells 100: a list of either length may
# have been cut off.
MOST = 500
CUT_OFF = (100, MOST)


def appointment(name: str) -> dict[str, Any]:
    """The appointment with that number, cancelled or not. Raises `ProviderFailure`."""
    return json_object(_get(f"/api/v1/appointments/{name}"))


def appointments(*, first: date, last: date, canceled: bool) -> list[dict[str, Any]]:
    """Those from `first` to `last`, both included, at most `MOST`; the cancelled ones or the others."""
    wanted = {"minDate": first.isoformat(), "maxDate": last.isoformat(), "max": MOST, "direction": "ASC"}
    body = _get("/api/v1/appointments", wanted | {"canceled": "true" if canceled else "false"})
    rows = json_object(b'{"rows":%b}' % body)
    if not isinstance(rows.get("rows"), list):
        raise UnavailableError("the answer is not a list")
    return [row if isinstance(row, dict) else {} for row in rows["rows"]]


def check_account() -> str:
    """The account's zone, when user id and key are right. Raises `ProviderFailure`."""
    return str(json_object(_get("/api/v1/me")).get("timezone", ""))


def _get(path: str, params: Mapping[str, Any] | None = None) -> bytes:
    key = secrets_in(settings.ACUITY_API_KEY, name="ACUITY_API_KEY")[0] if settings.ACUITY_API_KEY else ""
    request = Call(
        method="GET",
        url=settings.PROVIDER_BASE_URLS["acuity"] + path,
        headers={"Accept": "application/json"},
        params=params,
        auth=(settings.ACUITY_USER_ID, key),
    )
    answer = ask(request)
    refuse_errors(answer, REFUSALS)
    return answer.body


def _not_permitted(status: int) -> RefusedError:
    """Final: there is no token that could be renewed, so the same call is refused until somebody changes a setting."""
    return RefusedError(
        code=f"acuity_{status}",
        staff_message="Acuity does not accept ARO's user id and API key.",
        next_step="Copy both from Acuity, Integrations, API, into ACUITY_USER_ID and ACUITY_API_KEY. Then replay this.",
        permanent=True,
        effect=Effect.CONFIG_ALERT,
    )


def _gone(status: int) -> RefusedError:
    return RefusedError(
        code=f"acuity_{status}",
        staff_message="Acuity does not know this appointment any more.",
        next_step="Look it up in Acuity; enter it by hand if it takes place.",
        permanent=True,
    )


REFUSALS = {401: _not_permitted, 403: _not_permitted, 404: _gone}
