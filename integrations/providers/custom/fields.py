"""Reads the fields of a custom delivery. Whatever is wrong is named with its path and with what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from integrations.providers.shared import fields
from integrations.providers.shared.base import MalformedError

PHONE = "+12025550100"
TIME = "2026-12-01T15:00:00Z"


class Fields:
    """The members of one object, read by name. An absent member and null are the same; unknown ones do not matter.

    Every method raises `MalformedError`.
    """

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values, self._path = values, path

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def inner(self, name: str, *, required: bool = False) -> Fields:
        """The object under that name; an empty one when it is absent."""
        value = self._values.get(name)
        if isinstance(value, dict) or (value is None and not required):
            return Fields(value or {}, f"{self._path}{name}.")
        raise self._wrong(name, f"an object such as {{{_SAMPLES.get(name, '')}}}", required=required)

    def text(self, name: str, *, required: bool = False, limit: int = 200, example: str = "") -> str:
        """Trimmed and cut at `limit`, except that a required text must fit: it is an id or a name with a meaning."""
        value = self._values.get(name)
        fits = isinstance(value, str) and (not required or 0 < len(value.strip()) <= limit)
        if not fits and (value is not None or required):
            sample = f' such as "{example}"' if example else ""
            raise self._wrong(name, f"text of at most {limit} characters{sample}", required=required)
        return fields.text(self._values, name, limit=limit)

    def phone(self, name: str) -> str:
        """As it was typed: a booking is not lost for words in it, or for none that anybody can dial."""
        value = self._values.get(name)
        parts = value if isinstance(value, list) else [value]
        if not all(one is None or (isinstance(one, str | int | float) and not isinstance(one, bool)) for one in parts):
            raise self._wrong(name, f'text such as "{PHONE}"')
        return fields.phone(self._values, name)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return default if value is None else value

    def whole(self, name: str, *, default: int, least: int, most: int) -> int:
        value = self._values.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self._wrong(name, f"a whole number from {least} to {most}")
        return value

    def moment(self, name: str) -> datetime | None:
        """In UTC."""
        return self.required_moment(name) if self.has(name) else None

    def required_moment(self, name: str) -> datetime:
        found = fields.moment(self._values, name)
        if found is None:
            raise self._wrong(name, f'a time with its zone or offset, such as "{TIME}"', required=True)
        return found

    def zone(self, name: str) -> str:
        found = fields.zone(self._values, name)
        if self.has(name) and not found:
            raise self._wrong(name, 'a time zone of the IANA list, such as "America/New_York"')
        return found

    def url(self, name: str) -> str:
        found = fields.url(self._values, name)
        if self.has(name) and not found:
            raise self._wrong(name, "a web address of at most 500 characters that begins with https://")
        return found

    def _wrong(self, name: str, wanted: str, *, required: bool = False) -> MalformedError:
        return MalformedError(f"{self._path}{name} must be {wanted}" + ("" if required else ", or left out"))


_SAMPLES = {"data": f'"id": "visit-1001", "starts_at": "{TIME}"', "customer": f'"phone": "{PHONE}"'}
