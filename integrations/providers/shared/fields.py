"""Reads fields of a provider's payload without trusting their types. A missing or wrong optional field is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aro import clock
from integrations.providers.shared.base import MalformedError

_HTTPS = re.compile(r"https?://[^\s<>\"]+", re.ASCII)


def text(source: Mapping[str, Any], key: str, *, limit: int = 200) -> str:
    """The string, trimmed and cut at `limit` characters; empty when it is not a string."""
    value = source.get(key)
    return value.strip()[:limit].strip() if isinstance(value, str) else ""


def phone(source: Mapping[str, Any], key: str, *, limit: int = 200) -> str:
    """A phone as it was typed, with the words around it: staff may need them. A number or a list is read as text."""
    value = source.get(key)
    parts = value if isinstance(value, list) else [value]
    return ", ".join(filter(None, map(_as_typed, parts)))[:limit].strip()


def _as_typed(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def mapping(source: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The object, or an empty one."""
    value = source.get(key)
    return value if isinstance(value, dict) else {}


def mappings(source: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects in a list; anything else in it is left out."""
    value = source.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def identifier(source: Mapping[str, Any], key: str, *, limit: int = 255) -> str:
    """An id that must be there and must fit. Raises `MalformedError`."""
    value = source.get(key)
    if not isinstance(value, str) or not value.strip() or len(value.strip()) > limit:
        raise MalformedError(f"{key} is missing or not an id")
    return value.strip()


def url(source: Mapping[str, Any], key: str, *, limit: int = 500) -> str:
    """A web address, or empty when it is none or too long to keep."""
    value = source.get(key)
    fits = isinstance(value, str) and len(value) <= limit and _HTTPS.fullmatch(value)
    return value if fits else ""  # type: ignore[return-value]


def moment(source: Mapping[str, Any], key: str) -> datetime | None:
    """An ISO 8601 time with a zone, in UTC; None when it is missing or not one."""
    value = source.get(key)
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        known = found.astimezone(UTC) if found and found.tzinfo else None
        return known if known and clock.is_possible(known) else None
    except (ValueError, OverflowError):
        return None


def required_moment(source: Mapping[str, Any], key: str) -> datetime:
    """As `moment`, but raises `MalformedError` when there is none."""
    found = moment(source, key)
    if found is None:
        raise MalformedError(f"{key} is missing or not a time with a zone")
    return found


def zone(source: Mapping[str, Any], key: str) -> str:
    """A known IANA zone name, or empty."""
    name = text(source, key, limit=64)
    try:
        return ZoneInfo(name).key if name else ""
    except (KeyError, ValueError, OSError):
        return ""
