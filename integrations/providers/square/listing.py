"""Walks Square's list of bookings: at most 31 days at once. Each costs further calls, for its person and its place."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from integrations.providers.shared import fields
from integrations.providers.shared.base import Entry, MalformedError, Page, Window
from integrations.providers.square import api
from integrations.providers.square import fields as square_fields

LONGEST_SPAN = timedelta(days=31)

logger = logging.getLogger(__name__)


def page(window: Window, cursor: str) -> Page:
    """A page of the window. Raises `ProviderFailure`.

    Our cursor is the start of the 31 days asked for, and Square's own cursor within them.
    """
    start, theirs = _place(cursor, window)
    end = min(start + LONGEST_SPAN, window.starts_until)
    rows, following = api.bookings(starts_from=start, starts_until=end, cursor=theirs)
    entries, unreadable = _entries(rows)
    then = _cursor(start, following) if following else _cursor(end, "") if end < window.starts_until else ""
    return Page(news=[], next=then, entries=entries, unreadable=unreadable)


def _cursor(start: datetime, theirs: str) -> str:
    return f"{start.isoformat()} {theirs}"


def _place(cursor: str, window: Window) -> tuple[datetime, str]:
    start, _, theirs = cursor.partition(" ")
    return fields.moment({"start": start}, "start") or window.starts_from, theirs


def _entries(rows: list[dict[str, Any]]) -> tuple[tuple[Entry, ...], int]:
    """Those that the business has answered, and how many made no sense."""
    entries, unreadable = [], 0
    for row in rows:
        try:
            entries += [_entry(row)] if square_fields.counts(row) else []
        except MalformedError:
            logger.warning("a booking of Square's list makes no sense and is left out")
            unreadable += 1
    return tuple(entries), unreadable


def _entry(row: Mapping[str, Any]) -> Entry:
    name = fields.identifier(row, "id")
    square_fields.booking(row, {})  # so that what makes no sense is found before it costs a call
    return Entry(key=name, version=f"{square_fields.version(row)} {square_fields.status(row)}", details=row)
