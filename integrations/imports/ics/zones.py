"""The time zones of a calendar: where a zone's own name is told, today's rules of that name, else those of the file.

Programs write the name behind a mark of their own (`/freeassociation.sourceforge.net/America/Edmonton`), or beside one
of their own (`X-LIC-LOCATION`), and beneath it the rules of the day on which they were made: laws have changed since.
"""

from __future__ import annotations

import re
import zoneinfo
from functools import cache
from typing import Any, Final

from icalendar import Calendar
from icalendar.timezone import tzp

_BLOCK: Final = re.compile(r"^BEGIN:VTIMEZONE\s*$.*?^END:VTIMEZONE\s*$", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_OWN_NAME: Final = re.compile(r"^(TZID(?:;[^:\r\n]*)?:)([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_PLACE: Final = re.compile(r"^X-LIC-LOCATION(?:;[^:\r\n]*)?:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_IN_PROPERTY: Final = re.compile(r"(;TZID=)(?:\"([^\"\r\n]*)\"|([^;:\"\r\n]*))", re.IGNORECASE)


def parsed(text: str) -> Any:
    """One VCALENDAR. The library keeps zones by name for the whole process, and another calendar may mean another one
    by the same name (RFC 5545 3.6.5)."""
    tzp.use_default()
    return Calendar.from_ical(text)


def by_their_names(text: str) -> str:
    """One VCALENDAR whose zones are called by the names of the zone database, where they can be told."""
    places = dict(filter(None, map(_place, _BLOCK.findall(text))))

    def told(name: str) -> str:
        return known(name) or places.get(name.strip(), "") or name

    text = _OWN_NAME.sub(lambda found: found[1] + told(found[2]), text)
    return _IN_PROPERTY.sub(lambda found: _quoted(found[1], told(found[2] or found[3] or "")), text)


def known(name: str) -> str:
    """The name at the end of a longer one; empty when there is none. "EST" alone is no place with a law."""
    parts = name.strip().strip("/").replace(" ", "_").split("/")
    ends = ("/".join(parts[at:]) for at in range(len(parts) - 1))
    return next((end for end in ends if end in _names()), "")


def _place(block: str) -> tuple[str, str] | None:
    own, place = _OWN_NAME.search(block), _PLACE.search(block)
    return (own[2].strip(), known(place[1])) if own and place and known(place[1]) else None


def _quoted(before: str, name: str) -> str:
    return f'{before}"{name}"' if re.search("[;:,]", name) else f"{before}{name}"


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
