"""How a visit is called at its booking system. A move may give it a new name; one id may be the name of several people.

Each name leads to one visit, for ever. A name that something came after is given up: news of it, however late, change
nothing. Where an id is shared, each person has a name of their own (the id and their seat), and the visit known under
the id alone is the first one's, as it was when ids were taken for one person's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from appointments import names, states
from appointments.inbound import Booking, Person
from appointments.models import Appointment, BookingRef
from appointments.services import businesses
from appointments.services.person import customers
from aro.queue import locks, rows
from aro.secrets import fingerprint

LONGEST = 255


@dataclass(frozen=True)
class Name:
    """A person's name for a visit. `shared_id`: the booking system's id when the name is one seat of it."""

    source: str
    text: str
    shared_id: str = ""


def hold(source: str, *ids: str) -> None:
    """Whoever has news of one of these ids waits until this transaction ends."""
    for one in sorted({one for one in ids if one}):
        locks.hold("booking", source, one)


def get(source: str, text: str) -> BookingRef | None:
    """The name, with its visit and the visit's person."""
    found = rows.first(BookingRef, source=source, external_id=text)
    if found is not None:
        rows.follow([found], "appointment")
        rows.follow([found.appointment], "customer")
    return found


def of(booking: Booking, *, at: str = "", new: bool = False) -> Name:
    """What this person's visit is called under the id `at`, the booking's own if not given.

    `new`: somebody else than who is known under an id that is not shared may be a second person; else it is the same
    one, told of differently.
    """
    shared_id = at or booking.external_id
    alone = Name(booking.source, shared_id)
    if not booking.seat:
        return alone
    seat = _seat(booking, shared_id)
    if booking.shared:
        return _by_ref(booking, shared_id) or _shared_seat(booking, seat)
    first = get(booking.source, shared_id)
    if first is None or not is_somebody_else(first.appointment, booking.person):
        return alone
    return _own_seat(booking, seat) if new or _has_seats(booking.source, shared_id) else alone


def of_seat(source: str, external_id: str, seat: str, person: Person) -> BookingRef | None:
    """The seat's name, as far as it is known; the only person's when the id is not shared."""
    found = get(source, seat_text(external_id, seat)) if seat else None
    if found is not None and not person.name and _has_namesakes(found, person):
        return None
    if found is not None:
        theirs = is_somebody_else(found.appointment, person)
        return _theirs(source, external_id, person) if theirs else found
    alone = get(source, external_id)
    if alone is None:
        return None
    if seat and _has_seats(source, external_id):
        named = alone.appointment.refs.filter(shared_id=external_id).exists()
        return alone if person != Person() and not named and _is_same(alone.appointment, person) else None
    is_theirs = not seat or not person.email or not alone.appointment.customer.email
    return alone if is_theirs or _is_same(alone.appointment, person) else None


def seats(source: str, external_id: str) -> list[BookingRef]:
    """Everybody who shares the id and has not left it by a move."""
    found = list(BookingRef.objects.filter(source=source, shared_id=external_id, moved_to="").order_by("id"))
    alone = rows.first(BookingRef, source=source, external_id=external_id, moved_to="") if found else None
    if alone is not None and alone.appointment_id not in {one.appointment_id for one in found}:
        found.insert(0, alone)
    rows.follow(found, "appointment")
    rows.follow([one.appointment for one in found], "customer")
    return found


def fit(booking: Booking) -> list[BookingRef]:
    """Whose of those who share the id the news may be: several, where a family has one address and nobody is named."""
    if not booking.seat or booking.person.name or _by_ref(booking, booking.external_id):
        return []
    fitting = _fitting(booking.source, booking.external_id, booking.person)
    return [one for one in fitting if one.appointment.status in states.UPCOMING]


def seat_text(external_id: str, seat: str) -> str:
    """The name of one seat; a digest where it would be too long to keep."""
    text = f"{external_id}#{seat}"
    return text if len(text) <= LONGEST else "seat:" + hashlib.sha256(text.encode()).hexdigest()


def is_current(ref: BookingRef) -> bool:
    """Whether the visit goes by this name now. Neither current nor given up is a name that is still to come."""
    return not ref.moved_to and ref.appointment.external_id in (ref.external_id, ref.shared_id)


def current(visit: Appointment) -> BookingRef | None:
    """The name that the visit goes by now: of a seat that of its person."""
    mine = list(BookingRef.objects.filter(appointment=visit, moved_to="").order_by("-shared_id"))
    for ref in mine:
        ref.appointment = visit
    return next((ref for ref in mine if is_current(ref)), None)


def give(visit: Appointment, name: Name, *, moved_to: str = "", seat_ref: str = "") -> None:
    """Gives the visit a name, if nothing has it yet. `seat_ref` is one more name of the same seat."""
    _keep(BookingRef(source=name.source, external_id=name.text, moved_to=moved_to, shared_id=name.shared_id), visit)
    if seat_ref and name.shared_id:
        _keep(BookingRef(source=name.source, external_id=seat_ref, moved_to=name.text), visit)


def _keep(ref: BookingRef, visit: Appointment) -> None:
    ref.appointment = visit
    rows.insert_new(ref, unique=("source", "external_id"))


def free_id(name: Name) -> str:
    """What a new visit of this name is stored under: the first at a shared id under the id alone."""
    taken = name.shared_id and rows.first(BookingRef, source=name.source, external_id=name.shared_id)
    return name.shared_id if name.shared_id and not taken else name.text


def rename(visit: Appointment, name: Name) -> str:
    """What a known visit is stored under once it has this name."""
    its_own = BookingRef.objects.filter(source=name.source, external_id=name.shared_id, appointment=visit).exists()
    return name.shared_id if its_own else free_id(name)


def christen(visit: Appointment, name: Name, *, seat_ref: str = "") -> None:
    """Gives a visit the name that it goes by now."""
    if visit.external_id != name.text:
        give(visit, Name(name.source, visit.external_id))
    give(visit, name, seat_ref=seat_ref)


def give_up(visit: Appointment, name: Name) -> None:
    """Whatever else the visit was called until now is given up for this name, which holds again if it was given up."""
    mine = BookingRef.objects.filter(appointment=visit)
    now = [name.text, name.shared_id or name.text]
    mine.filter(moved_to="").exclude(external_id__in=now).update(moved_to=name.text)
    mine.filter(external_id__in=now).exclude(moved_to="").update(moved_to="")


def follow(ref: BookingRef, name: Name) -> None:
    """Notes which name came after this one, unless that is known; of a shared id the id alone goes with its seat."""
    same = BookingRef.objects.filter(appointment_id=ref.appointment_id, source=ref.source, moved_to="")
    same.filter(external_id__in=[ref.external_id, ref.shared_id or ref.external_id]).update(moved_to=name.text)
    ref.moved_to = ref.moved_to or name.text


def _seat(booking: Booking, shared_id: str) -> Name:
    return Name(booking.source, seat_text(shared_id, booking.seat), shared_id)


def _shared_seat(booking: Booking, seat: Name) -> Name:
    if get(seat.source, seat.text) is None:
        _take_over(booking, seat)
    return _own_seat(booking, seat)


def _own_seat(booking: Booking, seat: Name) -> Name:
    """Seats are told apart by address or phone; a family that shares them by who they are."""
    known = get(seat.source, seat.text)
    if known is None or not is_somebody_else(known.appointment, booking.person):
        return seat
    mine = _theirs(seat.source, seat.shared_id, booking.person)
    if mine is not None:
        return Name(mine.source, mine.external_id, mine.shared_id)
    named = fingerprint(" ".join(sorted(names.words(booking.person.name))), purpose="seat")[:16]
    return replace(seat, text=seat_text(seat.shared_id, f"{booking.seat}{named}"))


def _by_ref(booking: Booking, shared_id: str) -> Name | None:
    """The name of the seat that the booking system's own id names, at that booking."""
    known = get(booking.source, booking.seat_ref) if booking.seat_ref else None
    now = current(known.appointment) if known else None
    return Name(booking.source, now.external_id, shared_id) if now and now.shared_id == shared_id else None


def _theirs(source: str, shared_id: str, person: Person) -> BookingRef | None:
    return next(iter(_fitting(source, shared_id, person)), None)


def _fitting(source: str, shared_id: str, person: Person) -> list[BookingRef]:
    return [one for one in seats(source, shared_id) if _is_same(one.appointment, person)]


def _has_namesakes(seat: BookingRef, person: Person) -> bool:
    """Whether a family shares the address or phone that names this seat."""
    if person != Person():
        return len(_fitting(seat.source, seat.shared_id, person)) > 1
    seats_there = BookingRef.objects.filter(source=seat.source, shared_id=seat.shared_id, moved_to="")
    return seats_there.filter(external_id__startswith=seat.external_id).count() > 1


def _take_over(booking: Booking, seat: Name) -> None:
    """A visit known by the id alone, or by the provider's id of the seat, may be this person's: it gets the name."""
    visit = _by_seat_ref(booking, seat.shared_id) or _alone(booking, seat.shared_id)
    if visit is not None:
        alone = rows.first(BookingRef, source=seat.source, external_id=seat.shared_id, appointment_id=visit.pk)
        give(visit, seat, moved_to=alone.moved_to if alone else "", seat_ref=booking.seat_ref)


def _by_seat_ref(booking: Booking, shared_id: str) -> Appointment | None:
    known = get(booking.source, booking.seat_ref) if booking.seat_ref else None
    now = current(known.appointment) if known else None
    return known.appointment if known and now and now.shared_id == shared_id else None


def _alone(booking: Booking, shared_id: str) -> Appointment | None:
    first = get(booking.source, shared_id)
    if first is None or first.appointment.refs.filter(shared_id=shared_id).exists():
        return None
    return first.appointment if _is_same(first.appointment, booking.person) else None


def _has_seats(source: str, external_id: str) -> bool:
    return BookingRef.objects.filter(source=source, shared_id=external_id).exists()


def _is_same(visit: Appointment, person: Person) -> bool:
    """Whether the visit's person can be this one: nothing that both have differs, or one of phone and e-mail agrees."""
    known = visit.customer
    agree = _agreement(visit, person)
    return names.compatible(known.name, person.name) and (not agree or any(agree))


def is_somebody_else(visit: Appointment, person: Person) -> bool:
    """Surely another person: another name, which is no slip either, and no phone or e-mail in common although both have
    one; or, as in a family with one phone, a name that is no other way to write the first."""
    known, agree = visit.customer.name, _agreement(visit, person)
    apart = bool(agree) and not any(agree) and not names.alike(known, person.name)
    return not names.compatible(known, person.name) and (apart or names.are_two(known, person.name))


def _agreement(visit: Appointment, person: Person) -> list[bool]:
    known, phone = visit.customer, customers.phone_of(person, businesses.current(visit.tenant_id))
    pairs = [(known.email.lower(), person.email.lower()), (known.phone, phone)]
    return [one == other for one, other in pairs if one and other]
