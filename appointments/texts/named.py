"""Several visits in one line: `Wed, Nov 30: Tom 10:00 AM, Amy 10:30 AM; Thu, Dec 1: Zoe 9:00 AM`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from appointments import profiles
from appointments.models import Appointment
from appointments.texts.values import first_name, when


def line(
    visits: Sequence[Appointment], *, language: str, reader_zone: str, profile: str, names_only: bool = False
) -> str:
    """By day, everybody with the hour; `names_only`: the first hour of the day and who comes, when space is short."""
    told = [(_moment(one, language, reader_zone, profile), _name(one, language, profile)) for one in _sorted(visits)]
    days = groupby(told, key=lambda one: one[0]["date"])
    return "; ".join(_day(day, [(name, at["time"]) for at, name in those], names_only) for day, those in days)


def _day(day: str, told: list[tuple[str, str]], names_only: bool) -> str:  # noqa: FBT001 - of `line`
    if names_only:
        return f"{day}, {told[0][1]}: {', '.join(name for name, _ in told)}"
    return f"{day}: {', '.join(f'{name} {time}' for name, time in told)}"


def is_named(visit: Appointment) -> bool:
    """Whether there is a first name to call the person by."""
    return bool(first_name(visit.customer.name))


def _sorted(visits: Sequence[Appointment]) -> list[Appointment]:
    return sorted(visits, key=lambda one: (one.starts_at, one.id))


def _moment(visit: Appointment, language: str, reader_zone: str, profile: str) -> dict[str, str]:
    return when(visit.starts_at, zone=visit.timezone, language=language, reader_zone=reader_zone, profile=profile)


def _name(visit: Appointment, language: str, profile: str) -> str:
    """Who has no usable name is told of by the visit's safe name."""
    return first_name(visit.customer.name) or profiles.load(profile).service(visit.service, language)
