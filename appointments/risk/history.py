"""A clinic's bookings as they were known when each was made: what its weights may be learned from.

Learning from what was known later would promise figures that no new booking reaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from appointments.risk.features import Visit

MOST_PAST: Final = 50
"""Of a person's record the newest visits count; services/risk.py takes as many."""

MOST_EARLIER: Final = 200
"""A person's bookings that are looked at; nobody has more, but an entry that the desk uses for strangers may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """One booking. Times are aware and in the visit's own zone: days are counted in it."""

    person: Hashable
    booked: datetime
    starts: datetime
    missed: bool | None
    """None: cancelled, still to come, or no outcome given."""
    cancelled_at: datetime | None = None

    def known_on(self, moment: datetime) -> bool:
        """Whether the outcome counts at `moment`: from the day after the visit, when the desk has entered it."""
        return self.missed is not None and self.starts.date() < moment.date()

    def open_on(self, moment: datetime) -> bool:
        """Whether the visit was still to come at `moment`."""
        return self.starts.date() >= moment.date() and (self.cancelled_at is None or self.cancelled_at > moment)


def as_known(bookings: Sequence[Booked]) -> list[Visit]:
    """Each booking as it was known when it was made, in the order given. Earlier bookings must be among them."""
    earlier: defaultdict[Hashable, list[Booked]] = defaultdict(list)
    found: dict[int, Visit] = {}
    for place in sorted(range(len(bookings)), key=lambda place: bookings[place].booked):
        one = bookings[place]
        found[place] = _visit(one, earlier[one.person][-MOST_EARLIER:])
        earlier[one.person].append(one)
    return [found[place] for place in range(len(bookings))]


def _visit(one: Booked, earlier: Sequence[Booked]) -> Visit:
    past = _newest_first(other for other in earlier if other.known_on(one.booked))
    return Visit(
        lead_days=max(0, (one.starts.date() - one.booked.date()).days),
        prior_visits=len(past),
        prior_no_shows=sum(other.missed is True for other in past),
        last_was_no_show=past[0].missed if past else None,
        days_since_last=max(0, (one.booked - past[0].starts).days) if past else None,
        pending=sum(other.open_on(one.booked) for other in earlier),
        booked_same_day=sum(_utc_day(other) == _utc_day(one) and other.booked < one.booked for other in earlier),
        booked_hour=one.booked.hour,
        weekday=one.starts.weekday(),
    )


def _newest_first(past: Iterable[Booked]) -> list[Booked]:
    return sorted(past, key=lambda other: other.starts, reverse=True)[:MOST_PAST]


def _utc_day(one: Booked) -> object:
    """As the database counts days when it scores a new booking."""
    return one.booked.astimezone(UTC).date()
