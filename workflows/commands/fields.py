"""Reading a command's fields: each error names the field and the fix."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from appointments.models import Appointment
from aro import clock
from aro.errors import InvalidRequestError, NotFoundError
from aro.queue import locks

M = TypeVar("M", bound=models.Model)


def text(payload: dict[str, Any], field: str, *, required: bool = False, longest: int = 200) -> str:
    """A string of at most `longest` characters."""
    value = payload.get(field, "")
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise InvalidRequestError(f"Write {field} as text of at most {longest} characters.", details={"field": field})
    if required and not value.strip():
        raise InvalidRequestError(f"Write a {field}; it is kept with the change.", details={"field": field})
    return value.strip()


def moment(payload: dict[str, Any], field: str) -> datetime:
    """An ISO 8601 time with its offset, as UTC."""
    try:
        value = datetime.fromisoformat(str(payload.get(field, "")))
    except ValueError:
        value = None
    if value is not None and value.tzinfo is not None and not clock.is_possible(value):
        raise InvalidRequestError(f"No visit can be at this time. Check the year in {field}.", details={"field": field})
    if value is None or value.tzinfo is None:
        raise InvalidRequestError(
            f"Write {field} as ISO 8601 with an offset, e.g. 2026-11-24T09:00:00-05:00.", details={"field": field}
        )
    return value.astimezone(UTC)


def flag(payload: dict[str, Any], field: str) -> bool:
    """True, or the word in a form; left out means no."""
    value = payload.get(field, False)
    if value not in (True, False, "true", "True", "false", "False", ""):
        raise InvalidRequestError(f"Write {field} as true or false.", details={"field": field})
    return value in (True, "true", "True")


def identifier(payload: dict[str, Any], field: str) -> UUID:
    """A UUID."""
    try:
        return UUID(str(payload.get(field, "")))
    except ValueError:
        raise InvalidRequestError(f"{field} is not an id.", details={"field": field}) from None


def record(model: type[M], payload: dict[str, Any], field: str, *, related: tuple[str, ...] = ()) -> M:
    """The row that `field` names. Raises `NotFoundError`."""
    wanted = identifier(payload, field)
    rows = model._default_manager.select_related(*related) if related else model._default_manager.all()
    found = rows.filter(pk=wanted).first()
    if found is None:
        raise NotFoundError(f"There is no such {model._meta.verbose_name}: {field} {wanted}.")
    return found


def visit(payload: dict[str, Any]) -> Appointment:
    """The visit of `appointment_id`, under the lock that sending takes: no text slips out while it changes."""
    locks.hold("visit", str(identifier(payload, "appointment_id")))
    return record(Appointment, payload, "appointment_id", related=("customer",))
