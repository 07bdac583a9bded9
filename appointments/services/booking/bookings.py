"""What booking systems report, applied to our rows. Every function may run twice and in any order.

A booking system's news carries its own time; news older than what is known is stale and changes nothing. So is news of
a name that a visit has given up, whatever its time: a move that was told once holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from appointments import case_reasons, states
from appointments.inbound import (
    TO_BE_CHOSEN,
    Applied,
    Booking,
    BookingCancelled,
    BookingCreated,
    BookingMoved,
    NoShowReported,
)
from appointments.models import Appointment, BookingRef
from appointments.services.booking import booked_again as again
from appointments.services.booking import booking_doubts as doubts
from appointments.services.booking import booking_merges as merges
from appointments.services.booking import booking_names as names
from appointments.services.booking import booking_rows as rows
from appointments.services.booking import booking_versions, told_again
from appointments.services.booking.booking_names import Name
from appointments.services.booking.booking_rows import IMPORTED
from appointments.services.booking.told_again import STALE, TOLD_AGAIN
from appointments.services.visit import no_shows, source_facts, standing_again, visits
from aro import clock

__all__ = ["IMPORTED", "STALE", "TOLD_AGAIN", "cancelled", "created", "find", "moved", "no_show", "renamed"]

S = Appointment.Status
MOVED_ON = Applied(outcome="stale", detail="this visit has moved on")
STANDS_HERE = Applied(outcome="ignored", detail="cancelled there before, and opened again here")
# Of several people's news: what did most is what is said.
_WEIGHT = {"applied": 2, "stale": 1, "ignored": 0}


def created(news: BookingCreated, *, correlation_id: UUID) -> Applied:
    """A new booking. A booking known already is only brought up to date."""
    names.hold(news.booking.source, news.booking.external_id)
    name = names.of(news.booking, new=True)
    known = names.get(name.source, name.text)
    if known is None:
        rows.store(news.booking, name, news.occurred_at, correlation_id)
        doubts.tell_of_second_person(news.booking, name)
        return Applied(outcome="applied", detail="booked")
    at = booking_versions.dated(known.appointment, news.booking.sequence, news.occurred_at)
    return _told(known, name, news.booking, at, correlation_id)


def moved(news: BookingMoved, *, correlation_id: UUID) -> Applied:
    """A visit moved to another time, perhaps under a new id; the old id keeps leading to it."""
    names.hold(news.booking.source, news.previous_external_id, news.booking.external_id)
    name, before = names.of(news.booking), _before(news)
    if before is None or before.text == name.text:
        return _moved_in_place(news, name, correlation_id)
    old, new = names.get(before.source, before.text), names.get(name.source, name.text)
    if old is not None and new is None:
        return _renamed(old, name, news, correlation_id)
    if new is None:
        appointment = rows.store(news.booking, name, news.occurred_at, correlation_id)
        names.give(appointment, before, moved_to=name.text)
        return Applied(outcome="applied", detail="moved, and heard of for the first time")
    if old is not None and old.appointment_id != new.appointment_id:
        return merges.merge(old, new, name, news.booking, correlation_id)
    return _known_move(old, new, before, name, news, correlation_id)


def renamed(booking: Booking, *, previous: str) -> None:
    """The same visit at the same time, which its calendar calls otherwise from now on. Nobody is told."""
    names.hold(booking.source, previous, booking.external_id)
    known = names.get(booking.source, previous)
    if known is not None and names.is_current(known):
        rows.take_name(known.appointment, names.of(booking), booking)
        known.appointment.save()


def cancelled(news: BookingCancelled, *, correlation_id: UUID) -> Applied:
    """A visit cancelled at the booking system; or one half of a reschedule, and then nobody cancelled."""
    booking = news.booking
    names.hold(booking.source, booking.external_id, news.moved_to)
    if not booking.seat and (everybody := names.seats(booking.source, booking.external_id)):
        return _some_cancelled(everybody, news, correlation_id)
    if len(fitting := names.fit(booking)) > 1:
        return doubts.somebody_left(fitting[0].appointment)
    name = names.of(booking)
    known = names.get(name.source, name.text)
    if known is None:
        return _cancelled_unheard(news, name, correlation_id)
    if names.is_somebody_else(known.appointment, booking.person):
        return doubts.somebody_left(known.appointment)
    return _cancelled_one(known, news, correlation_id)


def no_show(news: NoShowReported, *, correlation_id: UUID) -> Applied:
    """A no-show marked or un-marked. It corrects even a visit that ARO completed by itself; see `no_shows` for which
    ones are believed."""
    names.hold(news.source, news.external_id)
    ref = names.of_seat(news.source, news.external_id, news.seat, news.person)
    known = ref.appointment if ref else None
    if known is None and news.booking is not None:
        at = news.booking.booked_at or news.occurred_at
        known = rows.store(news.booking, names.of(news.booking, new=True), at, correlation_id)
    if known is None and news.absent and (seats := names.seats(news.source, news.external_id)):
        return doubts.somebody_absent(seats[0].appointment)
    if known is None:
        return Applied(outcome="ignored", detail="a no-show for a visit that is not known")
    news = replace(news, occurred_at=booking_versions.dated(known, news.sequence, news.occurred_at))
    if _is_stale(known, news.occurred_at):
        return STALE
    if (refused := no_shows.refused(known, news)) is not None:
        return refused
    known.source_version_at, known.source_status = news.occurred_at, S.NO_SHOW if news.absent else S.BOOKED
    known.save(update_fields=["source_version_at", "source_status", "updated_at"])
    if news.absent:
        return visits.mark_no_show(known, correlation_id)
    return standing_again.unmark_no_show(known, correlation_id)


def find(source: str, external_id: str) -> Appointment | None:
    """The visit that a booking system calls `external_id`, now or formerly."""
    found = names.get(source, external_id)
    return found.appointment if found else None


def _is_stale(known: Appointment, occurred_at: datetime) -> bool:
    return known.source_version_at is not None and occurred_at < known.source_version_at


def _told(known: BookingRef, name: Name, booking: Booking, at: datetime, correlation_id: UUID) -> Applied:
    """News of a name that is known: of one given up, nothing; of one to come, the move; else brought up to date."""
    visit = known.appointment
    if known.moved_to:
        return MOVED_ON
    if names.is_current(known):
        return STALE if _is_stale(visit, at) else told_again.correct(visit, name, booking, at, correlation_id)
    # While the visit is "being moved", its other half has come first, perhaps with a later time stamp.
    if visit.status != S.RESCHEDULED and _is_stale(visit, at):
        return STALE
    return rows.move(visit, name, booking, at, correlation_id)


def _before(news: BookingMoved) -> Name | None:
    """What the visit was called before; None when it kept its name, or when nobody says and nothing tells."""
    booking = news.booking
    if not news.previous_external_id:
        return doubts.moved_from(news)
    if news.previous_external_id != booking.seat_ref:
        return names.of(booking, at=news.previous_external_id)
    seat = names.get(booking.source, booking.seat_ref)
    now = names.current(seat.appointment) if seat else None
    return Name(booking.source, now.external_id, now.shared_id) if now else None


def _moved_in_place(news: BookingMoved, name: Name, correlation_id: UUID) -> Applied:
    known = names.get(name.source, name.text)
    if known is None:
        visit = rows.store(news.booking, name, news.occurred_at, correlation_id)
        doubts.tell_if_unclear(news, visit)
        return Applied(outcome="applied", detail="moved, and heard of for the first time")
    if known.moved_to:
        return MOVED_ON
    if known.appointment.status != S.RESCHEDULED and _is_stale(known.appointment, news.occurred_at):
        return STALE
    return _move(known.appointment, name, news, correlation_id)


def _move(visit: Appointment, name: Name, news: BookingMoved, correlation_id: UUID) -> Applied:
    """To the time that it has, a cancelled visit is not moved but booked again."""
    at, booking = news.occurred_at, news.booking
    again_at_its_time = visit.status == S.CANCELLED and rows.is_same_time(visit, booking)
    if again_at_its_time and not rows.is_shadow(visit) and booking.starts_at > clock.now():
        again.stand_again(visit, name, booking, at, correlation_id)
        return again.STANDS
    return rows.move(visit, name, booking, at, correlation_id)


def _renamed(old: BookingRef, name: Name, news: BookingMoved, correlation_id: UUID) -> Applied:
    """The visit is known by its old name only. What is older than the end of that name names it, and no more."""
    visit = old.appointment
    over = bool(old.moved_to) or visit.status in states.TERMINAL
    if over and _is_stale(visit, news.occurred_at):
        names.give(visit, name, moved_to=old.moved_to or old.external_id, seat_ref=news.booking.seat_ref)
        return STALE
    return _move(visit, name, news, correlation_id)


def _known_move(  # noqa: PLR0913 - each names a separate fact
    old: BookingRef | None, new: BookingRef, before: Name, name: Name, news: BookingMoved, correlation_id: UUID
) -> Applied:
    """Both are names of one visit, or the old one was not heard of yet."""
    back = old is not None and names.is_current(old) and bool(new.moved_to)
    if back and not _is_stale(new.appointment, news.occurred_at):
        return rows.move(new.appointment, name, news.booking, news.occurred_at, correlation_id)
    if old is None:
        names.give(new.appointment, before, moved_to=name.text)
    elif not back:
        names.follow(old, name)
    done = _told(new, name, news.booking, news.occurred_at, correlation_id)
    return merges.EARLIER if old is None and done.outcome == "stale" else done


def _some_cancelled(everybody: Sequence[BookingRef], news: BookingCancelled, correlation_id: UUID) -> Applied:
    """Nobody is named: all who share the id are meant; with the id of a seat only that one."""
    wanted = news.booking.seat_ref
    if wanted:
        seat = names.get(news.booking.source, wanted)
        everybody = [one for one in everybody if seat and one.appointment_id == seat.appointment_id]
    if not everybody:
        first = names.seats(news.booking.source, news.booking.external_id)[0]
        return doubts.somebody_left(first.appointment)
    done = [_cancelled_one(one, news, correlation_id) for one in everybody]
    return max(done, key=lambda one: _WEIGHT[one.outcome])


def _cancelled_one(known: BookingRef, news: BookingCancelled, correlation_id: UUID) -> Applied:
    visit = known.appointment
    news = replace(news, occurred_at=booking_versions.dated(visit, news.booking.sequence, news.occurred_at))
    if known.moved_to:
        return MOVED_ON
    if news.moved_to:
        return _moves_away(known, news, correlation_id)
    if no_shows.was_cancelled_in_time(visit, news):
        return rows.cancel_after_all(visit, by=news.by, occurred_at=news.occurred_at, correlation_id=correlation_id)
    if _is_stale(visit, news.occurred_at):
        return STALE
    if source_facts.is_cancelled_as_before(visit):
        source_facts.tell(visit, case_reasons.STILL_CANCELLED)
        return STANDS_HERE
    if not names.is_current(known):
        rows.take_name(visit, Name(known.source, known.external_id, known.shared_id), news.booking)
        visit.save()
    known_of = visit.status in states.UPCOMING and not rows.is_shadow(visit)
    done = rows.cancel(visit, by=news.by, occurred_at=news.occurred_at, correlation_id=correlation_id)
    if news.declined and known_of:
        doubts.tell_of_refusal(visit)
    return done


def _moves_away(known: BookingRef, news: BookingCancelled, correlation_id: UUID) -> Applied:
    """One half of a move: the old name is given up for the next one, which may be known already."""
    if news.moved_to == TO_BE_CHOSEN:
        return STALE if _is_stale(known.appointment, news.occurred_at) else _expect(known, news)
    name = names.of(news.booking, at=news.moved_to)
    new = names.get(name.source, name.text)
    if new is not None and new.appointment_id != known.appointment_id:
        return merges.merge(known, new, name, None, correlation_id)
    names.give(known.appointment, name, seat_ref=news.booking.seat_ref)
    names.follow(known, name)
    return _expect(known, news)


def _expect(known: BookingRef, news: BookingCancelled) -> Applied:
    return rows.expect_move(known.appointment, news.occurred_at)


def _cancelled_unheard(news: BookingCancelled, name: Name, correlation_id: UUID) -> Applied:
    """Its booking comes later, if at all. Then it is known as over, or as moved away."""
    real = news.moved_to if news.moved_to != TO_BE_CHOSEN else ""
    following = names.of(news.booking, at=real) if real else None
    new = names.get(following.source, following.text) if following else None
    if following and new:
        names.give(new.appointment, name, moved_to=following.text)
        return merges.EARLIER
    status = S.RESCHEDULED if news.moved_to else S.CANCELLED
    visit = rows.store(news.booking, name, news.occurred_at, correlation_id, status=status)
    if following:
        names.give(visit, following)
        names.follow(BookingRef.objects.get(source=name.source, external_id=name.text), following)
    return Applied(outcome="applied", detail="known only as cancelled or moved away")
