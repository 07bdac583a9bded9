"""A clinic's list of reminders: how long before the visit, in which tone, how long an answer is waited for, and where.

Written as people write it, one after the other: `48 friendly wait 2, 24 urgent wait 4 by whatsapp`. An empty list sends
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from appointments.profiles import TONES
from compliance import kinds
from compliance.kinds import Kind
from compliance.models import Channel

LONGEST_HOURS: Final = 24 * 14
# No more automatic texts than this reach a phone within a day (config/policy.toml, caps.per_day).
MOST_PER_DAY: Final = 3
SOON_AFTER_BOOKING: Final = timedelta(hours=2)
USUAL_WAIT, LAST_WAIT = 2, 4
FRIENDLY, URGENT = "friendly", "urgent"
_ITEM = re.compile(
    rf"(\d{{1,6}})\s*h?(?:\s+({'|'.join(TONES)}))?(?:\s+wait\s+(\d{{1,6}})\s*h?)?(?:\s+by\s+({'|'.join(Channel)}))?",
    re.ASCII | re.IGNORECASE,
)
_HOW: Final = (
    f"Write each as hours before the visit (1 to {LONGEST_HOURS}), a tone and a wait, like: "
    "48 friendly wait 2, 24 urgent wait 4. "
    "One that is to go by a channel of its own ends with by sms, by whatsapp or by email."
)


class RemindersError(ValueError):
    """The list asks for what ARO cannot do. The message says what to write instead."""


@dataclass(frozen=True, order=True, kw_only=True)
class Reminder:
    """`hours`: before the visit, as elapsed time. `wait`: hours until it counts as not answered. `channel`: where it
    goes if the person can be written to there; empty: as every other text to them."""

    hours: int
    tone: str = FRIENDLY
    wait: int = USUAL_WAIT
    channel: str = ""

    @property
    def before(self) -> timedelta:
        return timedelta(hours=self.hours)


def default() -> list[dict[str, Any]]:
    """As it is stored: first friendly, then a little more urgent."""
    return stored(of_hours([48, 24]))


def of_hours(hours: Iterable[int]) -> list[Reminder]:
    """Reminders at these hours: the last of several is urgent. The waits are as long as usual, where there is room."""
    ordered = sorted(set(hours), reverse=True)
    return [_usual(ordered, place) for place in range(len(ordered))]


def _usual(ordered: Sequence[int], place: int, tone: str = "", wait: int | None = None, channel: str = "") -> Reminder:
    last = place == len(ordered) - 1
    room = ordered[place] - (0 if last else ordered[place + 1])
    usual = LAST_WAIT if last else USUAL_WAIT
    return Reminder(
        hours=ordered[place],
        tone=tone or (URGENT if last and len(ordered) > 1 else FRIENDLY),
        wait=min(usual, room) if wait is None else wait,
        channel=channel,
    )


def stored(reminders: Iterable[Reminder]) -> list[dict[str, Any]]:
    """As JSON, the earliest first."""
    return [asdict(one) for one in sorted(reminders, reverse=True)]


def read(rows: Iterable[Mapping[str, Any]]) -> list[Reminder]:
    """From JSON, the earliest first."""
    return sorted((Reminder(**row) for row in rows), reverse=True)


def written(reminders: Iterable[Reminder]) -> str:
    """As people write it; `parse` reads it back."""
    return ", ".join(_written(one) for one in reminders)


def _written(one: Reminder) -> str:
    return f"{one.hours} {one.tone} wait {one.wait}" + (f" by {one.channel}" if one.channel else "")


def parse(text: str) -> list[Reminder]:
    """The list that somebody wrote. Raises `RemindersError`."""
    items = {_item(part.strip()) for part in re.split(r"[,;\n]", text) if part.strip()}
    hours = sorted((item[0] for item in items), reverse=True)
    twice = next((a for a, b in pairwise(hours) if a == b), None)
    if twice is not None:
        raise RemindersError(f"{twice} hours is there twice, and not the same. Write each time once.")
    by_hours = {item[0]: item[1:] for item in items}
    found = [_usual(hours, place, *by_hours[one]) for place, one in enumerate(hours)]
    _check(found)
    return found


def _item(part: str) -> tuple[int, str, int | None, str]:
    match = _ITEM.fullmatch(part)
    if match is None and re.fullmatch(r"\d+h?(?:\s+\d+h?)+", part, re.ASCII):
        raise RemindersError(f"Put a comma between two reminders: {', '.join(part.split())[:60]}.")
    if match is None:
        raise RemindersError(f"{part[:40]!r} cannot be read. {_HOW}")
    hours, tone, wait, channel = match.groups()
    return int(hours), (tone or "").lower(), None if wait is None else int(wait), (channel or "").lower()


def _check(found: Sequence[Reminder]) -> None:
    """What the engine cannot do is refused where it is written, with the way out."""
    for one in found:
        if not 1 <= one.hours <= LONGEST_HOURS:
            raise RemindersError(f"{one.hours} hours is not possible. Use 1 to {LONGEST_HOURS} hours before the visit.")
    for one, after in zip(found, [*(later.hours for later in found[1:]), 0], strict=False):
        room = one.hours - after
        if not 1 <= one.wait <= room:
            until = "the next reminder" if after else "the visit"
            raise RemindersError(
                f"After the reminder at {one.hours} hours ARO can wait 1 to {room} hours for an answer, until {until}."
            )
    for first, fourth in zip(found, found[MOST_PER_DAY:], strict=False):
        if first.hours - fourth.hours < 24:  # noqa: PLR2004 - hours of a day
            raise RemindersError(
                f"More than {MOST_PER_DAY} reminders fall within one day, and no phone gets more. "
                f"Leave one out between {first.hours} and {fourth.hours} hours."
            )


def kind_of(place: int, count: int) -> Kind:
    """What the reminder at that place of the list is called. An only one is the last: nothing comes after it."""
    if place == count - 1:
        return Kind.REMINDER_LAST
    return Kind.REMINDER_FIRST if place == 0 else Kind.REMINDER_NEXT


def is_due_alone(known_since: datetime, at: datetime) -> bool:
    """Whether a reminder has something to say: soon after the booking, the confirmation has said it."""
    return known_since <= at - SOON_AFTER_BOOKING


def helps_for(reminder: Reminder) -> timedelta:
    """How long after its moment it still helps."""
    return kinds.reminder_helps_for(reminder.before)
