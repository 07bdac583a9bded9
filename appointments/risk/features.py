"""What is known about a visit at the moment it is booked, as numbers a weight can be put on.

Only the booking itself and the person's record of kept and missed visits count. Age, gender, address, health and
welfare status are left out on purpose: they would add little and would make the deposit rule unfair. Whether a
reminder was sent is left out too, because it is not known when the visit is booked.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from math import log, log2
from types import MappingProxyType
from typing import Final

LEAD_CAP_DAYS: Final = 30
"""Beyond about a month the reported no-show rates stop rising with the lead time."""

USUAL_NO_SHOW_RATE: Final = 0.2
"""About a fifth of visits missed: the middle of what reviews of outpatient clinics report."""

USUAL_RATE_VISITS: Final = 10
"""A person's own rate counts as much as the usual rate after this many visits."""

RECENT_DAYS: Final = 365
"""A last visit missed longer ago than this says nothing of its own any more."""

MANY: Final = 3
"""Counts of bookings are capped here: people with many appointments are few, and not proportionally riskier."""

EARLY_HOUR: Final = 8
"""Bookings made before this hour (clinic's local time) come from people who were at the door or on the phone first."""

EDGES_OF_THE_WEEK: Final = frozenset({0, 4, 5, 6})
"""Monday, and Friday to Sunday (Monday = 0)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One booking as it was known when it was made. Raises ValueError naming the field when a number cannot be."""

    lead_days: int
    """Calendar days from booking to visit in the clinic's zone; 0 = booked for the same day."""
    prior_visits: int = 0
    """Earlier visits whose outcome was already known."""
    prior_no_shows: int = 0
    last_was_no_show: bool | None = None
    """None: no earlier visit with a known outcome."""
    days_since_last: int | None = None
    pending: int = 0
    """Other visits of the person still to come."""
    booked_same_day: int = 0
    """Bookings the person had already made earlier on the day of this booking."""
    booked_hour: int | None = None
    """Hour of the booking, 0-23, clinic's local time."""
    weekday: int | None = None
    """Day of the visit, Monday = 0."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and value < 0:
                raise ValueError(f"{field.name} must not be negative")
        if self.prior_no_shows > self.prior_visits:
            raise ValueError("prior_no_shows must not exceed prior_visits")
        if (self.booked_hour or 0) > 23:
            raise ValueError("booked_hour must be 0 to 23")
        if (self.weekday or 0) > 6:
            raise ValueError("weekday must be 0 to 6")


def _lead(visit: Visit) -> float:
    return log2(1 + min(visit.lead_days, LEAD_CAP_DAYS)) if visit.lead_days else 0.0


def _history(visit: Visit) -> float:
    missed = visit.prior_no_shows + USUAL_NO_SHOW_RATE * USUAL_RATE_VISITS
    kept = visit.prior_visits - visit.prior_no_shows + (1 - USUAL_NO_SHOW_RATE) * USUAL_RATE_VISITS
    return log(missed / kept) - log(USUAL_NO_SHOW_RATE / (1 - USUAL_NO_SHOW_RATE))


def _last_missed(visit: Visit) -> float:
    return float(visit.last_was_no_show is True and (visit.days_since_last or 0) <= RECENT_DAYS)


FEATURES: Final[MappingProxyType[str, Callable[[Visit], float]]] = MappingProxyType(
    {
        "start": lambda visit: 1.0,
        "same_day": lambda visit: float(visit.lead_days == 0),
        "lead": _lead,
        "history": _history,
        "last_missed": _last_missed,
        "new": lambda visit: float(visit.prior_visits == 0),
        "several_at_once": lambda visit: float(min(visit.booked_same_day, MANY)),
        "open_bookings": lambda visit: float(min(visit.pending, MANY)),
        "early_booking": lambda visit: float(visit.booked_hour is not None and visit.booked_hour < EARLY_HOUR),
        "edge_of_week": lambda visit: float(visit.weekday in EDGES_OF_THE_WEEK),
    }
)
"""Feature code -> its value. `lead` counts doublings of the waiting time (1 day = 1, 3 days = 2, 7 days = 3, ...);
`history` is the log-odds of the person's own no-show rate, pulled towards the usual rate, minus those of the usual
rate: 0 without a record, below 0 for kept visits, above 0 for missed ones."""


def values(visit: Visit) -> dict[str, float]:
    """Feature code -> value, zeros left out."""
    return {code: value for code, of in FEATURES.items() if (value := of(visit))}
