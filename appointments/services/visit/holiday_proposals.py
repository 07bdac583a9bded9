"""Public holidays as proposals for the clinic's list of closed days. Shown first; applied only when a person says so.

The dates are those of the `holidays` package, by country and, where known, by state or province.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from appointments.models import Business, ClosedDay
from appointments.services.person.customers import zone_or_empty
from aro import clock
from aro.errors import ConflictError, InvalidRequestError
from compliance.phones import region_of

# Zones of one state or province; where a zone spans several, the national holidays are proposed.
_STATE_OF: Final = {
    "America/Phoenix": "US-AZ",
    "America/Anchorage": "US-AK",
    "America/Detroit": "US-MI",
    "America/Boise": "US-ID",
    "Pacific/Honolulu": "US-HI",
    "America/Halifax": "CA-NS",
    "America/Edmonton": "CA-AB",
    "America/Regina": "CA-SK",
    "America/St_Johns": "CA-NL",
    "America/Toronto": "CA-ON",
    "America/Vancouver": "CA-BC",
    "America/Winnipeg": "CA-MB",
    "Australia/Adelaide": "AU-SA",
    "Australia/Brisbane": "AU-QLD",
    "Australia/Darwin": "AU-NT",
    "Australia/Hobart": "AU-TAS",
    "Australia/Melbourne": "AU-VIC",
    "Australia/Perth": "AU-WA",
    "Australia/Sydney": "AU-NSW",
}


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """What was shown: `token` names just this list, so that nothing else can be accepted by it."""

    region: str
    days: dict[date, str]

    @property
    def token(self) -> str:
        lines = "\n".join(f"{day} {name}" for day, name in self.days.items())
        return hashlib.sha256(f"{self.region}\n{lines}".encode()).hexdigest()[:8]


def is_known(region: str) -> bool:
    """Whether `US` or `US-NY` has holidays in the package."""
    country, _, state = region.partition("-")
    states = holidays.list_supported_countries().get(country)
    return states is not None and (not state and "-" not in region or state in states)


def region(business: Business) -> str:
    """The clinic's own word, else by its zone."""
    return business.holiday_region or _STATE_OF.get(business.timezone) or region_of(business.timezone)


def propose(business: Business) -> Proposals:
    """The holidays of this and the next year that are still to come and not on the list."""
    where, today = region(business), clock.now().astimezone(ZoneInfo(zone_or_empty(business.timezone) or "UTC")).date()
    listed = set(ClosedDay.objects.filter(tenant_id=business.tenant_id).values_list("day", flat=True))
    found = _holidays(where, (today.year, today.year + 1))
    return Proposals(
        region=where, days={day: name for day, name in found.items() if day >= today and day not in listed}
    )


def _holidays(where: str, years: tuple[int, int]) -> dict[date, str]:
    if not is_known(where):
        return {}
    country, _, state = where.partition("-")
    found = holidays.country_holidays(country, subdiv=state or None, years=years)
    return {day: name[:120] for day, name in sorted(found.items())}


def accept(business: Business, *, shown: str, chosen: list[date] | None = None) -> list[ClosedDay]:
    """Puts what was shown on the list, or just the `chosen` days of it. Raises when the list is another one by now."""
    proposals = propose(business)
    if shown != proposals.token:
        raise ConflictError("The proposals are not the ones you were shown. Look at them again, then accept.")
    wanted = list(proposals.days) if chosen is None else chosen
    strange = next((day for day in wanted if day not in proposals.days), None)
    if strange is not None:
        raise InvalidRequestError(
            f"{strange} was not proposed. Choose from the list, or add it under Closed days.", details={"field": "days"}
        )
    rows = [ClosedDay(tenant_id=business.tenant_id, day=day, name=proposals.days[day]) for day in wanted]
    return ClosedDay.objects.bulk_create(rows, ignore_conflicts=True)
