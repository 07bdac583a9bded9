"""The same booking told again under the name it has: brought up to date, moved, or left as staff have made it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from appointments import states
from appointments.inbound import Applied, Booking
from appointments.models import Appointment
from appointments.services.booking import booked_again as again
from appointments.services.booking import booking_rows as rows
from appointments.services.booking import booking_zones
from appointments.services.booking.booking_names import Name
from appointments.services.visit import source_facts
from aro import clock

S = Appointment.Status
STALE = Applied(outcome="stale", detail="older than what is known")
TOLD_AGAIN = Applied(outcome="applied", detail="told again")
CORRECTED = Applied(outcome="applied", detail="another number")


def correct(known: Appointment, name: Name, booking: Booking, occurred_at: datetime, correlation_id: UUID) -> Applied:
    """The same booking told again, perhaps with another time: also one that was over, if it is to be held after all."""
    if known.status == S.CANCELLED:
        return again.booked(known, name, booking, occurred_at, correlation_id)
    before, kept = known.source_starts_at, source_facts.as_kept_here(known, booking)
    done = _bring_up_to_date(known, name, kept, occurred_at, correlation_id)
    source_facts.note(known, booking, before=before)
    return done


def _bring_up_to_date(
    known: Appointment, name: Name, booking: Booking, occurred_at: datetime, correlation_id: UUID
) -> Applied:
    elsewhen = not rows.is_same_time(known, booking)
    retold = known.status in states.UPCOMING and booking_zones.is_told_otherwise(known, booking)
    held_after_all = elsewhen and booking.starts_at > clock.now()
    if known.status not in states.UPCOMING and not held_after_all:
        return STALE
    if elsewhen or retold:
        return rows.move(known, name, booking, occurred_at, correlation_id)
    known.source_version_at = occurred_at
    readdressed = rows.correct_person(known, booking)
    booking_zones.correct(known, booking)
    rows.copy_details(known, booking)
    known.save()
    if readdressed:
        rows.tell_again(known, correlation_id)
    return CORRECTED if readdressed else TOLD_AGAIN
