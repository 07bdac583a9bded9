"""The calls ARO makes to Square: only reads.

Needed permissions: APPOINTMENTS_READ and APPOINTMENTS_ALL_READ (without the second, Square tells only of bookings that
the application made itself), CUSTOMERS_READ, MERCHANT_PROFILE_READ, ITEMS_READ.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings

from integrations.providers.shared import fields
from integrations.providers.shared.base import Effect, RefusedError
from integrations.providers.shared.provider_answers import ask, json_object, refuse_errors
from integrations.providers.shared.transport import Answer, Call

# Fixed, so that a newer API changes nothing here unasked.
VERSION = "2026-09-16"
PAGE_SIZE = 100
# A booking costs three calls in a row, so each must be short.
DEADLINE_SECONDS = 5.0
GONE, FORBIDDEN = "square_404", "square_403"

logger = logging.getLogger(__name__)


def around(booking: Mapping[str, Any]) -> dict[str, Any]:
    """`customer`, `location` and `service` of a booking; empty where it names none. Raises `ProviderFailure`.

    The customer has the phone, so that call must be allowed; a place or a service that may not be read is left empty.
    """
    segments = fields.mappings(booking, "appointment_segments")
    services = [name for name in (fields.text(one, "service_variation_id") for one in segments) if name]
    return {
        "customer": _looked_up(_customer, fields.text(booking, "customer_id")),
        "location": _optional(_location, fields.text(booking, "location_id")),
        "service": _optional(_service, services[0] if services else "").get("name", ""),
    }


def bookings(*, starts_from: datetime, starts_until: datetime, cursor: str) -> tuple[list[dict[str, Any]], str]:
    """A page of the bookings of at most 31 days, and Square's next cursor. Raises `ProviderFailure`."""
    wanted: dict[str, Any] = {"start_at_min": _stamp(starts_from), "start_at_max": _stamp(starts_until)}
    data = _get("/v2/bookings", wanted | {"limit": PAGE_SIZE} | ({"cursor": cursor} if cursor else {}))
    return fields.mappings(data, "bookings"), fields.text(data, "cursor", limit=2000)


def check_account() -> str:
    """The merchant's status (`ACTIVE` when all is well). Raises `ProviderFailure`."""
    return fields.text(fields.mapping(_get("/v2/merchants/me"), "merchant"), "status")


def _customer(name: str) -> dict[str, Any]:
    return fields.mapping(_get(f"/v2/customers/{quote(name, safe='')}"), "customer")


def _location(name: str) -> dict[str, Any]:
    return fields.mapping(_get(f"/v2/locations/{quote(name, safe='')}"), "location")


def _service(name: str) -> dict[str, Any]:
    """Called after the item ("Haircut"), which comes beside; else after its variation ("Regular")."""
    found = _get(f"/v2/catalog/object/{quote(name, safe='')}", {"include_related_objects": "true"})
    variation = fields.mapping(fields.mapping(found, "object"), "item_variation_data")
    return {"name": _item(found, fields.text(variation, "item_id")) or fields.text(variation, "name")}


def _item(found: Mapping[str, Any], name: str) -> str:
    items = [one for one in fields.mappings(found, "related_objects") if name and one.get("id") == name]
    return fields.text(fields.mapping(items[0], "item_data"), "name") if items else ""


def _looked_up(look: Callable[[str], dict[str, Any]], name: str) -> dict[str, Any]:
    """Empty without a name, or when it was deleted since."""
    try:
        return look(name) if name else {}
    except RefusedError as error:
        if error.code != GONE:
            raise
        return {}


def _optional(look: Callable[[str], dict[str, Any]], name: str) -> dict[str, Any]:
    """Also empty when ARO may not read it: the visit counts without it."""
    try:
        return _looked_up(look, name)
    except RefusedError as error:
        if error.code != FORBIDDEN:
            raise
        logger.warning("Square does not let ARO read all of a booking", extra={"code": error.code})
        return {}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _get(path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
    answer = _ask(path, params)
    refuse_errors(answer, REFUSALS)
    return json_object(answer.body)


def _ask(path: str, params: Mapping[str, Any] | None) -> Answer:
    if not settings.SQUARE_ACCESS_TOKEN:
        raise _not_permitted("square_no_token", "ARO has no access token for Square.")
    headers = {"Authorization": f"Bearer {settings.SQUARE_ACCESS_TOKEN}", "Square-Version": VERSION}
    request = Call(
        method="GET",
        url=settings.PROVIDER_BASE_URLS["square"] + path,
        headers=headers | {"Accept": "application/json"},
        params=params,
        deadline_seconds=DEADLINE_SECONDS,
    )
    return ask(request)


def _not_accepted(status: int) -> RefusedError:
    return _not_permitted(f"square_{status}", "Square does not accept ARO's access token for this.")


def _gone(status: int) -> RefusedError:
    return RefusedError(
        code=f"square_{status}",
        staff_message="Square does not know what this booking names.",
        next_step="Look it up in Square; enter it by hand if it takes place.",
        permanent=True,
    )


def _not_permitted(code: str, what: str) -> RefusedError:
    return RefusedError(
        code=code,
        staff_message=what,
        next_step="In Square's developer console give the application the permissions that the page Connect Square "
        "lists, and set SQUARE_ACCESS_TOKEN.",
        permanent=False,
        effect=Effect.CONFIG_ALERT,
    )


REFUSALS = {401: _not_accepted, 403: _not_accepted, 404: _gone}
