"""What booking systems report, applied to our rows. Every function may run twice and in any order.

A booking system's news carries its own time; news older than what is known is stale and changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from appointments import states
from appointments.case_reasons import Change
from appointments.inbound import (
    Applied,
    Booking,
    BookingCancelled,
    BookingCreated,
    BookingMoved,
    NoShowReported,
)
from appointments.models import Appointment, BookingRef, Business, Customer
from appointments.services import businesses, customers, deposits, escalations, journal, risk, visits
from aro import clock, locks, rows
from compliance import consent
from compliance.models import Actor, Channel, Consent, Purpose

S = Appointment.Status
STALE = Applied(outcome="stale", detail="older than what is known")
# The source of what was read from a file. It came through no form, so nobody can have agreed to anything in one.
IMPORTED = "import"
TOLD_AGAIN = Applied(outcome="applied", detail="told again")


def created(news: BookingCreated, *, correlation_id: UUID) -> Applied:
    """A new booking. A booking known already is only brought up to date."""
    locks.hold("booking", news.booking.source, news.booking.external_id)
    known = find(news.booking.source, news.booking.external_id)
    if known is None:
        _store(news.booking, news.occurred_at, correlation_id)
        return Applied(outcome="applied", detail="booked")
    if known.external_id != news.booking.external_id or _is_stale(known, news.occurred_at):
        return STALE
    return _correct(known, news.booking, news.occurred_at, correlation_id)


def moved(news: BookingMoved, *, correlation_id: UUID) -> Applied:
    """A visit moved to another time, perhaps under a new id; the old id keeps leading to it."""
    source = news.booking.source
    for name in sorted({news.previous_external_id, news.booking.external_id}):
        locks.hold("booking", source, name)
    known = find(source, news.previous_external_id)
    newer = find(source, news.booking.external_id)
    if news.previous_external_id != news.booking.external_id and newer is not None:
        return _merge(known, newer)
    if known is None:
        appointment = _store(news.booking, news.occurred_at, correlation_id)
        BookingRef.objects.get_or_create(
            source=source, external_id=news.previous_external_id, defaults={"appointment": appointment}
        )
        return Applied(outcome="applied", detail="moved, and heard of for the first time")
    # While the visit is "being moved", its other half has come first, perhaps with a later time stamp.
    if known.status != S.RESCHEDULED and _is_stale(known, news.occurred_at):
        return STALE
    return _move(known, news.booking, news.occurred_at, correlation_id)


def cancelled(news: BookingCancelled, *, correlation_id: UUID) -> Applied:
    """A visit cancelled at the booking system; or one half of a reschedule, and then nobody cancelled."""
    source = news.booking.source
    locks.hold("booking", source, news.booking.external_id)
    known = find(source, news.booking.external_id)
    if known is None:
        status = S.RESCHEDULED if news.moved_to else S.CANCELLED
        _store(news.booking, news.occurred_at, correlation_id, status=status)
        return Applied(outcome="applied", detail="known only as cancelled or moved away")
    if known.external_id != news.booking.external_id:
        return Applied(outcome="stale", detail="this visit has moved on")
    if _is_stale(known, news.occurred_at):
        return STALE
    if news.moved_to:
        return _expect_move(known, news.occurred_at)
    return _cancel(known, news, correlation_id)


def no_show(news: NoShowReported, *, correlation_id: UUID) -> Applied:
    """A no-show marked or un-marked. It corrects even a visit that ARO completed by itself."""
    locks.hold("booking", news.source, news.external_id)
    known = find(news.source, news.external_id)
    if known is None and news.booking is not None:
        known = _store(news.booking, news.booking.booked_at or news.occurred_at, correlation_id)
    if known is None:
        return Applied(outcome="ignored", detail="a no-show for a visit that is not known")
    if _is_stale(known, news.occurred_at):
        return STALE
    known.source_version_at = news.occurred_at
    known.save(update_fields=["source_version_at", "updated_at"])
    return visits.mark_no_show(known, correlation_id) if news.absent else visits.unmark_no_show(known, correlation_id)


def find(source: str, external_id: str) -> Appointment | None:
    """The visit that a booking system calls `external_id`, now or formerly."""
    found = rows.first(BookingRef, source=source, external_id=external_id)
    if found is None:
        return None
    rows.follow([found], "appointment")
    rows.follow([found.appointment], "customer")
    return found.appointment


def _is_stale(known: Appointment, occurred_at: datetime) -> bool:
    return known.source_version_at is not None and occurred_at < known.source_version_at


def _store(booking: Booking, occurred_at: datetime, correlation_id: UUID, status: str = S.BOOKED) -> Appointment:
    business = businesses.current()
    customer = customers.match_or_create(booking.person, business=business)
    appointment = Appointment(
        tenant_id=business.tenant_id,
        source=booking.source,
        external_id=booking.external_id,
        customer=customer,
        timezone=_zone(booking, customer, business),
        status=status,
        booked_at=booking.booked_at or occurred_at,
        time_set_at=min(booking.booked_at or occurred_at, clock.now()),
        source_version_at=occurred_at,
        cancelled_at=occurred_at if status == S.CANCELLED else None,
    )
    _copy_details(appointment, booking)
    risk.assess(appointment, business)
    rows.insert_all(Appointment, [appointment])
    BookingRef.objects.create(source=booking.source, external_id=booking.external_id, appointment=appointment)
    if status == S.BOOKED:
        _announce(appointment, business, correlation_id)
    elif status == S.RESCHEDULED and appointment.starts_at > clock.now():
        visits.wait_for_new_time(appointment, clock.now())
    return appointment


def _zone(booking: Booking, customer: Customer, business: Business) -> str:
    """The zone of the place where the visit happens; for a call or a video visit that is where the person is."""
    return customers.resolve_zone(business.timezone if booking.at_business else booking.timezone, customer, business)


def _announce(appointment: Appointment, business: Business, correlation_id: UUID) -> None:
    _note_consent(appointment, business)
    visits.watch_for_end(appointment)
    journal.visit_event("appointment.created", appointment, actor=Actor.WEBHOOK, correlation_id=correlation_id)
    if appointment.deposit_required:
        deposits.ask(appointment, business)
    if not appointment.customer.phone:
        escalations.escalate(
            key=f"no_phone:{appointment.id}",
            reason="no_phone",
            title="A booking came without a phone number, so nobody can be reminded.",
            next_step="Find the number and add it to the customer, or remind them by e-mail.",
            appointment=appointment,
        )


def _note_consent(appointment: Appointment, business: Business) -> None:
    """A booking counts as consent only as far as the business says that its form asks for it."""
    if appointment.source == IMPORTED:
        return
    person = appointment.customer
    wanted = [
        (person.phone, Channel.SMS, Purpose.CARE, business.booking_consent_care),
        (person.phone, Channel.SMS, Purpose.MARKETING, business.booking_consent_marketing),
        (person.email, Channel.EMAIL, Purpose.CARE, business.booking_consent_email),
    ]
    for address, channel, purpose, asked in wanted:
        if address and asked and consent.state(address, channel, purpose) is None:
            consent.give(
                address, channel, purpose, method=Consent.Method.BOOKING_SYSTEM, evidence=f"booking {appointment.id}"
            )


def _copy_details(appointment: Appointment, booking: Booking) -> None:
    appointment.starts_at = booking.starts_at
    appointment.duration_minutes = max(1, booking.duration_minutes)
    appointment.service = booking.service[:200]
    appointment.service_cost = booking.service_cost
    appointment.staff_member = booking.staff_member[:120]
    appointment.location = booking.location[:200]
    appointment.reschedule_url = booking.reschedule_url
    appointment.cancel_url = booking.cancel_url


def _correct(known: Appointment, booking: Booking, occurred_at: datetime, correlation_id: UUID) -> Applied:
    """The same booking told again, perhaps with another time: also one that was over, if it is to be held after all.
    A cancelled one stays so: its booking may simply have been told late."""
    elsewhen = booking.starts_at != known.starts_at
    held_after_all = elsewhen and booking.starts_at > clock.now() and known.status != S.CANCELLED
    if known.status not in states.UPCOMING and not held_after_all:
        return STALE
    if elsewhen:
        return _move(known, booking, occurred_at, correlation_id)
    known.source_version_at = occurred_at
    _copy_details(known, booking)
    known.save()
    return TOLD_AGAIN


def _expect_move(known: Appointment, occurred_at: datetime) -> Applied:
    if known.status not in states.LIVE:
        return Applied(outcome="ignored", detail="the visit is not upcoming")
    states.change(known, S.RESCHEDULED, now=clock.now(), actor=Actor.WEBHOOK, reason="moved at the booking system")
    known.source_version_at = occurred_at
    known.save(update_fields=["source_version_at", "updated_at"])
    visits.wait_for_new_time(known, clock.now())
    return Applied(outcome="applied", detail="being moved; the new time is to come")


def _move(known: Appointment, booking: Booking, occurred_at: datetime, correlation_id: UUID) -> Applied:
    now = clock.now()
    _make_movable(known, now)
    known.external_id, known.source_version_at = booking.external_id, occurred_at
    BookingRef.objects.get_or_create(
        source=booking.source, external_id=booking.external_id, defaults={"appointment": known}
    )
    _copy_details(known, booking)
    business = businesses.current(known.tenant_id)
    known.timezone = _zone(booking, known.customer, business)
    known.time_set_at = min(occurred_at, now)
    visits.apply_new_time(known, actor=Actor.WEBHOOK, correlation_id=correlation_id)
    return Applied(outcome="applied", detail="moved")


def _merge(older: Appointment | None, newer: Appointment) -> Applied:
    """Two moves came in the wrong order, so one visit was stored twice: the older row steps back for the newer one."""
    if older is None or older.pk == newer.pk:
        return STALE
    BookingRef.objects.filter(appointment=older).update(appointment=newer)
    if older.status in states.LIVE:
        states.change(older, S.RESCHEDULED, now=clock.now(), actor=Actor.WEBHOOK, reason="the same visit, moved again")
    escalations.visit_changed(older, Change.MOVED)
    return Applied(outcome="applied", detail="an earlier step of a move that is known")


def _make_movable(known: Appointment, now: datetime) -> None:
    """Through the table where it allows; a finished visit that was moved after all is a provider's correction."""
    if known.status in states.LIVE:
        states.change(known, S.RESCHEDULED, now=now, actor=Actor.WEBHOOK)
    if known.status == S.RESCHEDULED:
        states.change(known, S.BOOKED, now=now, actor=Actor.WEBHOOK, reason="moved")
    elif known.status != S.BOOKED:
        states.change(known, S.BOOKED, now=now, actor=Actor.WEBHOOK, reason="moved by the provider", override=True)


def _cancel(known: Appointment, news: BookingCancelled, correlation_id: UUID) -> Applied:
    known.source_version_at = news.occurred_at
    known.save(update_fields=["source_version_at", "updated_at"])
    if known.status in states.TERMINAL:
        return Applied(outcome="ignored", detail="the visit was over already")
    visits.cancel(known, actor=Actor.WEBHOOK, by=news.by, reason=f"by {news.by}", correlation_id=correlation_id)
    return Applied(outcome="applied", detail="cancelled")
