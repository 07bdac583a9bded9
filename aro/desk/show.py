"""How values look on a page: a time with its zone, a state as a coloured word, a share as per cent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import dateformat, timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

Tone = Literal["grey", "blue", "green", "amber", "red", "violet"]
NOTHING = "–"


def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name; UTC when the name is empty or unknown, so that a page never fails on it."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def here() -> str:
    """The zone in which the page is read, for what belongs to no visit: the business's."""
    return timezone.get_current_timezone_name()


def day_and_time(moment: datetime, zone: str) -> str:
    """`Tue 24 Nov 2026, 09:00 EST`: the wall clock of `zone`."""
    return dateformat.format(moment.astimezone(zone_of(zone)), "D j M Y, H:i T")


def shown_in_zone(moment: datetime | None, zone: str) -> str:
    """`Tue 24 Nov 2026, 09:00 EST (America/New_York)`; a dash for no moment."""
    if moment is None:
        return NOTHING
    named = day_and_time(moment, zone)
    return f"{named} ({zone_of(zone).key})" if _tells_more(named, zone) else named


def cell_in_zone(moment: datetime | None, zone: str) -> SafeString | str:
    """The same for a table's cell, the zone on a line of its own."""
    if moment is None:
        return NOTHING
    named = day_and_time(moment, zone)
    notes = (zone_of(zone).key,) if _tells_more(named, zone) else ()
    return stacked(format_html('<span class="aro-when">{}</span>', named), *notes)


def _tells_more(named: str, zone: str) -> bool:
    """Whether the zone's name says more than the time does already: "15:33 UTC" needs no second UTC."""
    return not named.endswith(f" {zone_of(zone).key}")


def stacked(first: object, *notes: object) -> SafeString:
    """A table cell: what matters first, smaller notes below it."""
    below = format_html_join(" ", '<span class="aro-note">{}</span>', ((note,) for note in notes))
    return format_html('<span class="aro-cell">{} {}</span>', first, below)


def badge(word: str | Promise, tone: Tone = "grey") -> SafeString:
    """A state as a coloured word; the word alone says it, the colour only helps."""
    return format_html('<span class="aro-badge aro-{}">{}</span>', tone, word)


def age(since: datetime, now: datetime) -> str:
    """How long ago in the largest whole unit: `just now`, `5 min`, `3 h`, `2 days`."""
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return gettext("{count} min").format(count=minutes)
    if minutes < 48 * 60:
        return gettext("{count} h").format(count=minutes // 60)
    return gettext("{count} days").format(count=minutes // 1440)


def humanized(name: str) -> str:
    """`reminder_48h` -> `Reminder 48h`: the plain form of an identifier that has no words of its own."""
    words = name.replace("_", " ").replace("-", " ").replace(".", " ").strip()
    return words[:1].upper() + words[1:]
