"""By which clock a visit is told: where it happens, or where the person is. The booking system may correct it while the
moment stays the same; who has been told the hour of another clock is told again.
"""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from appointments.inbound import Booking
from appointments.models import Appointment, Business, Customer
from appointments.services import businesses
from appointments.services.person import customers
from appointments.services.visit import untold
from aro.secrets import fingerprint

_TOLD: Final = "zone"


def of(booking: Booking, customer: Customer, business: Business) -> str:
    """The zone of the place where the visit happens; for a call or a video visit that is where the person is."""
    return customers.resolve_zone(business.timezone if booking.at_business else _theirs(booking), customer, business)


def told(booking: Booking) -> dict[str, str]:
    """What the booking says of it, beside what it says of the person: the clinic's own clock, whichever that is, or a
    zone. Nothing where it is left out."""
    said = "here" if booking.at_business else customers.zone_or_empty(_theirs(booking))
    return {_TOLD: fingerprint(said, purpose="told")} if said else {}


def is_told_otherwise(known: Appointment, booking: Booking) -> bool:
    """Whether the patient knows this moment by another hour than the booking now says."""
    return _hour(known, known.timezone) != _hour(known, _corrected(known, booking)) and untold.knows_its_time(known)


def correct(known: Appointment, booking: Booking) -> None:
    """What the booking system says anew holds. Not saved here."""
    _take(known, booking, _corrected(known, booking))


def set_anew(known: Appointment, booking: Booking) -> None:
    """For another time the clinic's clock counts as it is now. Not saved here."""
    _take(known, booking, of(booking, known.customer, businesses.current(known.tenant_id)))


def _take(known: Appointment, booking: Booking, zone: str) -> None:
    """Who is remote, and was known by the visit's clock, has moved with it."""
    before, known.timezone = known.timezone, zone
    known.person_told = {**known.person_told, **told(booking)}
    person = known.customer
    if not booking.at_business and before != zone and person.timezone == before:
        person.timezone = zone
        person.save(update_fields=["timezone", "updated_at"])


def _corrected(known: Appointment, booking: Booking) -> str:
    """What was said the last time corrects nothing: staff may have chosen by which clock to tell it meanwhile."""
    new = told(booking)
    is_news = bool(new) and known.person_told.get(_TOLD) != new[_TOLD]
    return of(booking, known.customer, businesses.current(known.tenant_id)) if is_news else known.timezone


def _theirs(booking: Booking) -> str:
    return booking.timezone or booking.person.timezone


def _hour(visit: Appointment, zone: str) -> object:
    return visit.starts_at.astimezone(ZoneInfo(zone)).utcoffset()
