"""Reads what people send to the sandbox's own endpoints. Whatever is wrong is a 400 in plain words, never a 500."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NoReturn
from zoneinfo import available_timezones

from integrations.sandbox.calls import RefusedError

_MISSING = object()
# What would break a header, a database or a screen: control characters and halves of surrogate pairs.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def invalid(message: str) -> RefusedError:
    return RefusedError(400, "VALIDATION_ERROR", message)


def strict_json(body: bytes) -> Any:
    """JSON without NaN, without absurd depth or numbers; raises RefusedError."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_not_a_number)
    except (ValueError, RecursionError) as error:
        raise invalid("The body is not valid JSON in UTF-8. Send one JSON object.") from error


def _not_a_number(name: str) -> NoReturn:
    raise ValueError(name)


class Fields:
    """The members of one JSON object, read by name; an absent member and null are the same."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    @classmethod
    def of(cls, body: bytes) -> Fields:
        values = strict_json(body)
        if not isinstance(values, dict):
            raise invalid('The body must be a JSON object, such as {"provider": "calendly"}.')
        return cls(values)

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def text(self, name: str, *, default: object = _MISSING, longest: int = 200, empty: bool = False) -> str:
        """Trimmed unless `empty` texts are welcome."""
        value = self._value(name, default)
        if not isinstance(value, str) or len(value) > longest or _UNFIT.search(value):
            raise invalid(f"'{name}' must be text of at most {longest} characters, without control characters.")
        if not empty and not value.strip() and value != default:
            raise invalid(f"'{name}' is empty. Give it a value.")
        return value if empty else value.strip()

    def texts(self, name: str) -> list[str]:
        value = self._value(name, _MISSING)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise invalid(f"'{name}' must be a list of texts.")
        return value

    def choice(self, name: str, options: Sequence[str], *, default: object = _MISSING) -> str:
        value = self._value(name, default)
        if not isinstance(value, str) or value not in options:
            raise invalid(f"'{name}' must be one of {', '.join(options)}.")
        return value

    def number(self, name: str, *, default: object = _MISSING, least: float, most: float) -> float:
        value = self._value(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not _within(value, least, most):
            raise invalid(f"'{name}' must be a number between {least:g} and {most:g}.")
        return float(value)

    def whole(self, name: str, *, default: object = _MISSING, least: int, most: int) -> int:
        value = self.number(name, default=default, least=least, most=most)
        if not value.is_integer():
            raise invalid(f"'{name}' must be a whole number.")
        return int(value)

    def flag(self, name: str) -> bool:
        """False when absent."""
        value = self._value(name, False)  # noqa: FBT003
        if not isinstance(value, bool):
            raise invalid(f"'{name}' must be true or false.")
        return value

    def moment(self, name: str) -> datetime:
        """Aware, UTC, between 2000 and 2100."""
        text = self.text(name, longest=40)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise invalid(f"'{name}' must be a date and time in ISO 8601, such as 2026-11-24T15:00:00Z.") from error
        if moment.tzinfo is None:
            raise invalid(f"'{name}' has no offset. Add Z or an offset such as -05:00.")
        if not _EARLIEST <= moment < _LATEST:
            raise invalid(f"'{name}' must be between the years 2000 and 2100.")
        return moment.astimezone(UTC)

    def zone(self, name: str, *, default: str) -> str:
        value = self.text(name, default=default, longest=64)
        if value not in _zones():
            raise invalid(f"'{name}' must be a time zone of the IANA list, such as America/New_York.")
        return value

    def phone(self, name: str) -> str:
        """E.164; for what people type when booking see `text`."""
        value = self.text(name, longest=32)
        if not _E164.fullmatch(value):
            raise invalid(f"'{name}' must be a phone number such as +12025550100.")
        return value

    def email(self, name: str, other: str) -> str:
        """Providers always have one; a made-up one differs between people of the same name."""
        if not self.has("email"):
            parts = re.findall(r"[a-z0-9]+", f"{name} {other}".lower())
            return f"{'.'.join(parts)[:60].strip('.')}@example.com"
        email = self.text("email", longest=254)
        if not _EMAIL.fullmatch(email):
            raise invalid("'email' must be an address such as ana@example.com.")
        return email

    def _value(self, name: str, default: object) -> object:
        value = self._values.get(name)
        if value is not None:
            return value
        if default is _MISSING:
            raise invalid(f"'{name}' is missing. Add it to the body.")
        return default


def _within(value: float, least: float, most: float) -> bool:
    try:
        return math.isfinite(value) and least <= value <= most
    except OverflowError:  # an integer beyond what a float can hold
        return False


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
