"""The calls ARO makes to the clinic's Easy!Appointments (REST API v1): only reads, with its API token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings

from integrations.providers.shared import fields
from integrations.providers.shared.base import Effect, RefusedError, UnavailableError, Window
from integrations.providers.shared.provider_answers import ask, json_object, refuse_errors
from integrations.providers.shared.transport import Answer, Call

PATH = "/index.php/api/v1"
PAGE_SIZE = 100
ATTACHED = "customer,provider,service"
# The list is asked by days of the installation's own zone, and by the end of a visit: this much more on both sides.
SLACK = timedelta(days=2)


def appointment(number: int) -> dict[str, Any]:
    """The visit with its customer, provider and service; empty when it was deleted. Raises `ProviderFailure`."""
    return _one(f"/appointments/{number}", {"with": ATTACHED})


def provider(number: int) -> dict[str, Any]:
    """The member of staff's time zone; empty when there is no such person. Raises `ProviderFailure`."""
    found = _one(f"/providers/{number}", {})
    # The rest, such as tokens of their calendars, is none of our business.
    return {"timezone": found["timezone"]} if "timezone" in found else {}


def appointments(window: Window, cursor: str) -> tuple[list[dict[str, Any]], str]:
    """A page of visits around the window, and the next page's number. Raises `ProviderFailure`."""
    page = int(cursor) if cursor.isascii() and cursor.isdigit() else 1
    wanted = {
        "from": (window.starts_from - SLACK).date().isoformat(),
        "till": (window.starts_until + SLACK).date().isoformat(),
        "with": ATTACHED,
        "sort": "id",
        "length": PAGE_SIZE,
        "page": page,
    }
    answer = _ask("/appointments", wanted)
    refuse_errors(answer, REFUSALS)
    data = json_object(b'{"rows": ' + answer.body + b"}")
    if not isinstance(data["rows"], list):
        raise UnavailableError("the answer is not a list")
    rows = fields.mappings(data, "rows")
    return rows, str(page + 1) if len(rows) >= PAGE_SIZE else ""


def _one(path: str, params: dict[str, Any]) -> dict[str, Any]:
    """Empty when there is none: its own 404 has no body. Any other 404 means that the address is wrong."""
    answer = _ask(path, params)
    if answer.status == 404 and not answer.body.strip():
        return {}
    refuse_errors(answer, REFUSALS)
    return json_object(answer.body)


def _ask(path: str, params: dict[str, Any]) -> Answer:
    # As people copy it from their browser.
    base = settings.PROVIDER_BASE_URLS["easyappointments"].rstrip("/").removesuffix("/index.php")
    token = settings.EASYAPPOINTMENTS_API_TOKEN
    if not base or not token:
        raise _to_set_up(
            "not_set_up", "ARO cannot ask Easy!Appointments for the visit: its address or token is not set."
        )
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    return ask(Call(method="GET", url=base + PATH + path, headers=headers, params=params))


def _not_accepted(status: int) -> RefusedError:
    return _to_set_up(str(status), "Easy!Appointments does not accept ARO's API token.")


def _not_there(status: int) -> RefusedError:
    return _to_set_up(str(status), "There is no Easy!Appointments at the address that ARO was given.")


def _to_set_up(code: str, what: str) -> RefusedError:
    return RefusedError(
        code=f"easyappointments_{code}",
        staff_message=what,
        next_step="Set EASYAPPOINTMENTS_URL, and EASYAPPOINTMENTS_API_TOKEN as in its settings, under API.",
        permanent=False,
        effect=Effect.CONFIG_ALERT,
    )


REFUSALS = {401: _not_accepted, 403: _not_accepted, 404: _not_there}
