"""Several visits in one line: `Wed, Nov 30: Tom 10:00 AM, Amy 10:30 AM; Thu, Dec 1: Zoe 9:00 AM`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Final

from appointments import profiles
from appointments.models import Appointment
from appointments.texts.values import first_name, last_name, when

# They tell father and son apart, and are short as they are.
_OF_A_FAMILY: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})


def line(visits: Sequence[Appointment], *, language: str, reader_zone: str, profile: str, by_hour: bool = False) -> str:
    """By day, everybody with the hour; `by_hour`: each hour once with who comes then, when space is short."""
    shared = _shared(visits)
    told = [
        (_moment(one, language, reader_zone, profile), _name(one, language, profile, shared)) for one in _sorted(visits)
    ]
    days = groupby(told, key=lambda one: one[0]["date"])
    return "; ".join(_day(day, [(name, at["time"]) for at, name in those], by_hour) for day, those in days)


def _day(day: str, told: list[tuple[str, str]], by_hour: bool) -> str:  # noqa: FBT001 - of `line`
    if not by_hour:
        return f"{day}: {', '.join(f'{name} {time}' for name, time in told)}"
    hours = groupby(told, key=lambda one: one[1])
    return f"{day}, " + "; ".join(f"{time}: {', '.join(name for name, _ in those)}" for time, those in hours)


def is_named(visit: Appointment) -> bool:
    """Whether there is a first name to call the person by."""
    return bool(first_name(visit.customer.name))


def _sorted(visits: Sequence[Appointment]) -> list[Appointment]:
    return sorted(visits, key=lambda one: (one.starts_at, one.id))


def _moment(visit: Appointment, language: str, reader_zone: str, profile: str) -> dict[str, str]:
    return when(visit.starts_at, zone=visit.timezone, language=language, reader_zone=reader_zone, profile=profile)


def _name(visit: Appointment, language: str, profile: str, shared: Collection[str]) -> str:
    """Who has no usable name is told of by the visit's safe name; two of one name have a letter of their last name."""
    first, last = first_name(visit.customer.name), last_name(visit.customer.name)
    if first in shared and last:
        return f"{first} {last if last.rstrip('.').casefold() in _OF_A_FAMILY else f'{last[0].upper()}.'}"
    return first or profiles.load(profile).service(visit.service, language)


def _shared(visits: Sequence[Appointment]) -> set[str]:
    """The first names that two people have."""
    people: dict[str, set[object]] = {}
    for visit in visits:
        people.setdefault(first_name(visit.customer.name), set()).add(visit.customer_id)
    return {name for name, whose in people.items() if len(whose) > 1}
