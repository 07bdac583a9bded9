"""What news of a booking does to its visit: stored, brought up to date, moved, cancelled. `bookings` decides which."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from appointments import states
from appointments.case_reasons.words import happened, to_do
from appointments.inbound import Applied, Booking
from appointments.models import Appointment, Business, Customer
from appointments.services import businesses, case_endings, escalations, journal, risk
from appointments.services.booking import booking_names as names
from appointments.services.booking import booking_zones, corrections, past_moves
from appointments.services.booking.booking_names import Name
from appointments.services.money import deposits
from appointments.services.person import contacts, customers, held_numbers, named_dead, stopped
from appointments.services.visit import cancellations, opening_hours, visits
from aro import clock
from aro.queue import rows
from compliance import consent, events, kinds, phones
from compliance.models import Actor, Channel, Consent, Purpose

S = Appointment.Status
# What a booking says of the visit itself.
DETAILS = (
    "starts_at",
    "source_starts_at",
    "duration_minutes",
    "service",
    "service_cost",
    "staff_member",
    "location",
    "reschedule_url",
    "cancel_url",
)
# The source of what was read from a file. It came through no form, so nobody can have agreed to anything in one.
IMPORTED = "import"


def store(
    booking: Booking, name: Name, occurred_at: datetime, correlation_id: UUID, status: str = S.BOOKED
) -> Appointment:
    """A visit heard of for the first time, under this name."""
    with events.together():
        return _store(booking, name, occurred_at, correlation_id, status)


def _store(booking: Booking, name: Name, occurred_at: datetime, correlation_id: UUID, status: str) -> Appointment:
    business = businesses.current()
    customer = customers.match_or_create(booking.person, business=business)
    appointment = Appointment(
        tenant_id=business.tenant_id,
        source=booking.source,
        external_id=names.free_id(name),
        customer=customer,
        starts_at=booking.starts_at,
        timezone=booking_zones.of(booking, customer, business),
        status=status,
        booked_at=booking.booked_at or occurred_at,
        time_set_at=min(booking.booked_at or occurred_at, clock.now()),
        source_version_at=occurred_at,
        source_sequence=booking.sequence or 0,
        cancelled_at=occurred_at if status == S.CANCELLED else None,
        person_told=corrections.told(booking.person, business) | booking_zones.told(booking),
    )
    copy_details(appointment, booking)
    appointment.source_status = S.CANCELLED if status == S.CANCELLED else S.BOOKED
    risk.assess(appointment, business)
    rows.insert_all(Appointment, [appointment])
    names.christen(appointment, name, seat_ref=booking.seat_ref)
    if status == S.BOOKED:
        _announce(appointment, business, correlation_id)
    elif status == S.CANCELLED:
        customers.count_outcome(appointment)
    elif appointment.starts_at > clock.now():
        visits.wait_for_new_time(appointment, clock.now())
    return appointment


def _announce(appointment: Appointment, business: Business, correlation_id: UUID) -> None:
    visits.watch_for_end(appointment)
    journal.visit_event("appointment.created", appointment, actor=Actor.WEBHOOK, correlation_id=correlation_id)
    welcome(appointment, business)
    opening_hours.tell_if_closed(appointment, business)


def welcome(appointment: Appointment, business: Business) -> None:
    """What follows once from the first news that somebody comes."""
    note_consent(appointment, business)
    cancellations.booked_again(appointment)
    if appointment.deposit_required and visits.ends_at(appointment) > clock.now():
        deposits.ask(appointment, business)
    _tell_of_no_phone(appointment, business)
    named_dead.tell(appointment)
    stopped.tell(appointment, business)
    stopped.tell_of_wish(appointment)
    held_numbers.tell(appointment, business)


def _tell_of_no_phone(appointment: Appointment, business: Business) -> None:
    person = appointment.customer
    if person.phone:
        return
    typed = phones.normalise(customers.typed_phone(person), phones.region_of(business.timezone))
    ours = customers.is_our_own(typed, business)
    escalations.escalate(
        key=f"no_phone:{appointment.id}",
        reason="unreadable_phone" if person.phone_typed else "no_phone",
        title=happened("no_phone.own") if ours else "",
        next_step=to_do("no_phone.own") if ours else "",
        appointment=appointment,
    )


def note_consent(appointment: Appointment, business: Business) -> None:
    """A booking counts as consent only as far as the business says that its form asks for it."""
    if appointment.source == IMPORTED:
        return
    person = appointment.customer
    phone = "" if person.texting == Customer.Texting.UNWANTED else person.phone
    wanted = [
        (phone, Channel.SMS, Purpose.CARE, business.booking_consent_care),
        (phone, Channel.SMS, Purpose.MARKETING, business.booking_consent_marketing),
        (person.email, Channel.EMAIL, Purpose.CARE, business.booking_consent_email),
    ]
    asked_for = [(address, channel, purpose) for address, channel, purpose, asked in wanted if address and asked]
    consent.give_first(asked_for, method=Consent.Method.BOOKING_SYSTEM, evidence=f"booking {appointment.id}")


def copy_details(appointment: Appointment, booking: Booking) -> None:
    """What the booking system says of the visit, besides who comes. Not saved here."""
    if not is_same_time(appointment, booking):
        appointment.starts_at = booking.starts_at
    appointment.source_starts_at = booking.starts_at
    appointment.duration_minutes = max(1, booking.duration_minutes)
    appointment.service = booking.service[:200]
    appointment.service_cost = booking.service_cost
    appointment.staff_member = booking.staff_member[:120]
    appointment.location = booking.location[:200]
    appointment.reschedule_url = booking.reschedule_url
    appointment.cancel_url = booking.cancel_url


def is_shadow(appointment: Appointment) -> bool:
    """Heard of only as cancelled or moved away: nothing was said of it to anybody, so it may go without a trace."""
    return appointment.status in (S.CANCELLED, S.RESCHEDULED) and not appointment.history.exists()


def expect_move(known: Appointment, occurred_at: datetime) -> Applied:
    """The old time is given up and the new one is to come."""
    if known.status not in states.LIVE:
        return Applied(outcome="ignored", detail="the visit is not upcoming")
    states.change(known, S.RESCHEDULED, now=clock.now(), actor=Actor.WEBHOOK, reason="moved at the booking system")
    known.source_version_at = _later(known, occurred_at)
    known.save(update_fields=["source_version_at", "updated_at"])
    visits.wait_for_new_time(known, clock.now())
    return Applied(outcome="applied", detail="being moved; the new time is to come")


def is_same_time(known: Appointment, booking: Booking) -> bool:
    """Texts name the minute: within it nobody has to be told of another time."""
    return known.starts_at.replace(second=0, microsecond=0) == booking.starts_at.replace(second=0, microsecond=0)


def move(known: Appointment, name: Name, booking: Booking, occurred_at: datetime, correlation_id: UUID) -> Applied:
    """The visit has this time and this name from now on."""
    stays = is_same_time(known, booking) and not booking_zones.is_told_otherwise(known, booking)
    if known.status in states.UPCOMING and stays and not is_shadow(known):
        return _stay(known, name, booking, occurred_at, correlation_id)
    now, unheard = clock.now(), is_shadow(known)
    if not unheard and past_moves.is_correction(known, booking.starts_at):
        return _correct_past_time(known, name, booking, occurred_at)
    former = known.starts_at if not unheard and past_moves.may_be_expected(known) else None
    correct_person(known, booking)
    _make_movable(known, now)
    known.source_version_at = _later(known, occurred_at)
    take_name(known, name, booking)
    business = businesses.current(known.tenant_id)
    booking_zones.set_anew(known, booking)
    known.time_set_at = min(occurred_at, now)
    visits.apply_new_time(known, actor=Actor.WEBHOOK, correlation_id=correlation_id)
    if unheard:
        welcome(known, business)
    if former:
        past_moves.tell(known, former)
    opening_hours.tell_if_closed(known, business)
    return Applied(outcome="applied", detail="moved")


def _correct_past_time(known: Appointment, name: Name, booking: Booking, occurred_at: datetime) -> Applied:
    """From a time that is over to another: what became of the visit, or is asked about it, stays."""
    correct_person(known, booking)
    known.source_version_at = _later(known, occurred_at)
    take_name(known, name, booking)
    known.save()
    if known.status in states.UPCOMING:
        visits.watch_for_end(known)
    return Applied(outcome="applied", detail="the time of a visit that is over was corrected")


def _stay(known: Appointment, name: Name, booking: Booking, occurred_at: datetime, correlation_id: UUID) -> Applied:
    """Moved to the time that it has, perhaps under another name: nothing to tell, and who has confirmed still comes."""
    readdressed, halfway = correct_person(known, booking), known.status == S.RESCHEDULED
    if halfway:
        _as_before(known)
    known.source_version_at = _later(known, occurred_at)
    booking_zones.correct(known, booking)
    take_name(known, name, booking)
    known.save()
    case_endings.times_agree(known)
    if readdressed:
        tell_again(known, correlation_id)
    return Applied(outcome="applied", detail="moved to the time that it has")


def _as_before(known: Appointment) -> None:
    """The new time of a visit that was "being moved" is the one it has: it is what it was."""
    now, reason = clock.now(), "moved to the same time"
    states.change(known, S.BOOKED, now=now, actor=Actor.WEBHOOK, reason=reason)
    if known.confirmation_received:
        states.change(known, S.CONFIRMED, now=now, actor=Actor.WEBHOOK, reason=reason)
    case_endings.new_time_known(known)
    visits.watch_for_end(known)


def correct_person(known: Appointment, booking: Booking) -> bool:
    """Who comes is who the booking system now names. True when their texts go to another number from now on."""
    readdressed = corrections.apply(known, booking.person)
    if customers.heed(known.customer, booking.person, businesses.current(known.tenant_id)):
        known.customer.save(update_fields=["texting", "updated_at"])
        if not is_shadow(known):
            stopped.tell_of_wish(known)
    if not is_shadow(known):
        named_dead.tell(known)
    if not readdressed:
        return False
    if not is_shadow(known):
        note_consent(known, businesses.current(known.tenant_id))
    return True


def tell_again(
    known: Appointment,
    correlation_id: UUID | None = None,
    *,
    unless: frozenset[kinds.Kind] = kinds.WAITS_FOR_THE_FAMILY,
    actor: str = Actor.WEBHOOK,
) -> None:
    """Nothing about this visit has gone to the number that it has now, `unless` such a text still waits."""
    waiting = known.messages.filter(kind__in=unless, status__in=contacts.WAITING)
    if known.status == S.BOOKED and not waiting.exists():
        journal.visit_event("appointment.readdressed", known, actor=actor, correlation_id=correlation_id)


def take_name(known: Appointment, name: Name, booking: Booking) -> None:
    """The visit is what the booking system now calls so, and stands there. Not saved here."""
    known.source_status = S.BOOKED
    known.external_id = names.rename(known, name)
    names.christen(known, name, seat_ref=booking.seat_ref)
    names.give_up(known, name)
    copy_details(known, booking)


def cancel(known: Appointment, *, by: str, occurred_at: datetime, correlation_id: UUID) -> Applied:
    """The booking system says that the visit does not take place."""
    known.source_version_at, known.source_status = _later(known, occurred_at), S.CANCELLED
    known.save(update_fields=["source_version_at", "source_status", "updated_at"])
    if known.status in states.TERMINAL:
        return Applied(outcome="ignored", detail="the visit was over already")
    visits.cancel(known, actor=Actor.WEBHOOK, by=by, reason=f"by {by}", correlation_id=correlation_id)
    return Applied(outcome="applied", detail="cancelled")


def cancel_after_all(known: Appointment, *, by: str, occurred_at: datetime, correlation_id: UUID) -> Applied:
    """It had been cancelled before it began, and that is told only now: the no-show was none."""
    reason = "cancelled before it began"
    states.change(known, S.BOOKED, now=clock.now(), actor=Actor.WEBHOOK, reason=reason, override=True)
    return cancel(known, by=by, occurred_at=occurred_at, correlation_id=correlation_id)


def _later(known: Appointment, occurred_at: datetime) -> datetime:
    return max(known.source_version_at or occurred_at, occurred_at)


def _make_movable(known: Appointment, now: datetime) -> None:
    """Through the table where it allows; a finished visit that was moved after all is a provider's correction."""
    if known.status in states.LIVE:
        states.change(known, S.RESCHEDULED, now=now, actor=Actor.WEBHOOK)
    if known.status == S.RESCHEDULED:
        states.change(known, S.BOOKED, now=now, actor=Actor.WEBHOOK, reason="moved")
    elif known.status != S.BOOKED:
        states.change(known, S.BOOKED, now=now, actor=Actor.WEBHOOK, reason="moved by the provider", override=True)
