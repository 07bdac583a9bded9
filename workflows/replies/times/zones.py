"""An hour with its zone ("1 pm central"): the visit's own moment is told as the visit's own hour, any other as none.

The words are in `config/replies/zones.toml`.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from workflows.replies.text.normalize import plain
from workflows.replies.times.patterns import any_of
from workflows.replies.times.values import NOON, Clock, Half
from workflows.replies.words import wordlists

# What becomes of an hour in another zone: no day, no hour, and no word that any rule knows.
ELSEWHERE: Final = "zelsewhere "

_HERE, _UNKNOWN = "here", ""
_HOUR: Final = (
    r"(?:(?P<hour>\d{1,2})(?::?(?P<minute>[0-5]\d))? ?(?:(?:o clock|h|hrs|hours|horas) )?(?:(?P<half>am|pm) )?"
    r"|(?P<noon>noon|mediodia) )"
)
_ZULU: Final = r"(?<=\d)(?P<zulu>z) "
_CONTINENTS: Final = ("Africa/", "America/", "Asia/", "Atlantic/", "Europe/", "Pacific/")


def told_here(words: str, *, start: datetime | None) -> str:
    """`words` as `normalize.plain` makes them. `start`: of the visit, with its zone, where both are known.

    An hour whose zone is the visit's loses it, and the visit's own moment becomes the visit's own hour. Any other hour
    with a zone becomes `ELSEWHERE`, for it is not the hour that its digits say.
    """
    known = start if start is not None and start.tzinfo is not None else None
    words = _hours().sub(lambda found: _hour_here(found, known), words)
    return _apart().sub(lambda found: _zone_here(found, known), words)


def without_capitals(text: str) -> str:
    """ "PST" and "Chicago time" look like names, so a text with a zone is read in small letters."""
    words = plain(text)
    return text.lower() if _hours().search(words) or _apart().search(words) else text


def is_elsewhere(words: str) -> bool:
    return ELSEWHERE in words


def _hour_here(found: re.Match[str], start: datetime | None) -> str:
    zones = _zones()[_name(found)]
    if _are_here(zones, start):
        return found["clock"]
    if start is None or _UNKNOWN in zones or not _is_moment(found, zones[0], start):
        return ELSEWHERE
    return f"{start:%I:%M %p} ".lower().lstrip("0")


def _zone_here(found: re.Match[str], start: datetime | None) -> str:
    """A zone apart from its hour: "2 pm thursday, pacific time"."""
    return "" if _are_here(_zones()[_name(found)], start) else ELSEWHERE


def _name(found: re.Match[str]) -> str:
    return next(name for key, name in found.groupdict().items() if key in ("alone", "time", "hora", "zulu") and name)


def _are_here(zones: list[str], start: datetime | None) -> bool:
    if _HERE in zones or _UNKNOWN in zones or start is None:
        return _HERE in zones
    return any(start.astimezone(ZoneInfo(zone)).utcoffset() == start.utcoffset() for zone in zones)


def _is_moment(found: re.Match[str], zone: str, start: datetime) -> bool:
    there = start.astimezone(ZoneInfo(zone))
    return there.date() == start.date() and there.hour * 60 + there.minute in _clock(found).readings


def _clock(found: re.Match[str]) -> Clock:
    if found["noon"]:
        return Clock(NOON // 60, 0, Half.PM)
    half = {"am": Half.AM, "pm": Half.PM}.get(found["half"] or "")
    return Clock(int(found["hour"]) % 24, int(found["minute"] or 0), half)


@cache
def _hours() -> re.Pattern[str]:
    alone = any_of(name for name, _ in _of("alone"))
    zone = rf"(?:, )?(?:in )?(?:{_with_time(_zones())}|(?P<alone>{alone})) (?:, )?"
    return re.compile(rf"\b(?P<clock>{_HOUR})(?:{zone}|{_ZULU})")


@cache
def _apart() -> re.Pattern[str]:
    """Only of names that are never a person, a feast or a point of the compass."""
    return re.compile(rf"\b(?:{_with_time(name for name, zone in (*_of('alone'), *_of('with_time')) if zone)}) ")


def _with_time(names: Iterable[str]) -> str:
    before_time = [name for name, _ in _of("before_time")]
    after_hora = [name for name in names if name not in before_time]
    return (
        rf"(?P<time>{any_of((*after_hora, *before_time))}) (?:standard |daylight )?time"
        rf"|(?:en )?hora (?:del? )?(?:la )?(?P<hora>{any_of(after_hora)})"
    )


@cache
def _zones() -> dict[str, list[str]]:
    """By every name; `_HERE` for the visit's own."""
    named: dict[str, list[str]] = {}
    cities = sorted(key for key in zoneinfo.available_timezones() if key.startswith(_CONTINENTS))
    here = ((word, _HERE) for word in wordlists.subject("zones")["here"])
    for name, zone in (*_of("alone"), *_of("with_time"), *_of("before_time"), *here):
        named.setdefault(name, []).append(zone)
    return {city.rpartition("/")[2].replace("_", " ").lower(): [city] for city in cities} | named


def _of(table: str) -> Iterator[tuple[str, str]]:
    for zone, names in wordlists.subject("zones")[table].items():
        yield from ((name, zone) for name in names)
