"""Two rows turn out to be one visit: news of a chain of moves came in the wrong order.

A row that was only ever heard of as cancelled or moved away goes without a trace. One that people were told of stays as
what it was, steps back, and leaves its names, its money and its open cases to the other.
"""

from __future__ import annotations

from uuid import UUID

from appointments import states
from appointments.case_reasons import Change
from appointments.inbound import Applied, Booking
from appointments.models import Appointment, BookingRef, Deposit, Escalation
from appointments.services import case_endings, journal
from appointments.services.booking import booking_names as names
from appointments.services.booking import booking_rows as rows
from appointments.services.booking import past_moves
from appointments.services.booking.booking_names import Name
from appointments.services.money import deposits, payment_notes
from appointments.services.person import customers
from appointments.services.visit import untold, visits
from aro import clock
from aro.queue import due
from compliance.models import Actor

S = Appointment.Status
GIVEN = (Deposit.Status.PROCESSING, Deposit.Status.PAID)
EARLIER = Applied(outcome="applied", detail="an earlier step of a move that is known")


def merge(old: BookingRef, new: BookingRef, name: Name, booking: Booking | None, correlation_id: UUID) -> Applied:
    """What was called `old` is now called `new`: one visit from now on. `booking`: the visit under its new name."""
    older, newer = old.appointment, new.appointment
    if booking is not None and booking.shared and names.is_current(new) and newer.status in states.LIVE:
        return Applied(outcome="stale", detail="this person has a seat there already")
    names.follow(old, name)
    if rows.is_shadow(newer) and not rows.is_shadow(older):
        return _absorb(older, newer, correlation_id)
    BookingRef.objects.filter(appointment=older, moved_to="").update(moved_to=name.text)
    BookingRef.objects.filter(appointment=older).update(appointment=newer)
    if rows.is_shadow(older):
        older.delete()
    else:
        _step_back(older, newer, correlation_id)
    return EARLIER


def _absorb(older: Appointment, shadow: Appointment, correlation_id: UUID) -> Applied:
    """The visit that people know of takes over what was heard of it under its later name."""
    BookingRef.objects.filter(appointment=shadow).update(appointment=older)
    shadow.delete()
    heard_at = shadow.source_version_at or clock.now()
    if shadow.status == S.RESCHEDULED:
        rows.expect_move(older, heard_at)
        return EARLIER
    if older.status in states.TERMINAL:
        return EARLIER
    for field in ("external_id", *rows.DETAILS):
        setattr(older, field, getattr(shadow, field))
    older.save()
    return rows.cancel(older, by="unknown", occurred_at=heard_at, correlation_id=correlation_id)


def _step_back(older: Appointment, newer: Appointment, correlation_id: UUID) -> None:
    """Its runs end, as those of a visit that was moved; a finished one stays what it was."""
    if older.status in states.LIVE:
        states.change(older, S.RESCHEDULED, now=clock.now(), actor=Actor.WEBHOOK, reason="the same visit, moved again")
    if older.status != S.RESCHEDULED:
        return
    due.drop(visits.SWEEPS, older.id)
    case_endings.visit_changed(older, Change.MOVED)
    older.escalations.filter(status=Escalation.Status.OPEN).update(appointment=newer)
    _hand_over_money(older, newer)
    customers.count_outcome(newer)
    # Runs of the old time end by news of a move that is later than the one they were started for.
    payload = {"moves": older.moves + 1}
    journal.visit_event(
        "appointment.rescheduled", older, payload=payload, actor=Actor.WEBHOOK, correlation_id=correlation_id
    )
    if newer.starts_at <= clock.now() < older.starts_at:
        past_moves.tell(newer, older.starts_at)
    elif newer.status == S.BOOKED and untold.was_told_last(older, newer):
        # Their last text named the time that is given up: only a text about the move puts that right.
        visits.apply_new_time(newer, actor=Actor.WEBHOOK, correlation_id=correlation_id)


def _hand_over_money(older: Appointment, newer: Appointment) -> None:
    """What was asked for the old time ends; what was paid, or is on its way, goes with the visit."""
    given = older.deposits.filter(status__in=GIVEN).first()
    deposits.close_asked(older)
    if given is None:
        return
    if newer.deposits.filter(status__in=GIVEN).exists():
        payment_notes.paid_twice(given, given.payment_intent)
        return
    deposits.close_asked(newer)
    given.appointment = newer
    given.save(update_fields=["appointment"])
    payment_notes.note_on_visit(given)
