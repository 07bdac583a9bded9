"""A visit as a booking provider knows it, and the things that happen to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from integrations.sandbox.calls import RefusedError
from integrations.sandbox.ledger import Document
from integrations.sandbox.outbox import Callback

if TYPE_CHECKING:
    from integrations.sandbox.world import World

KIND = "booking"
BOOKED, CANCELLED, NO_SHOW = "booked", "cancelled", "no_show"


class Named:
    """A name in two parts."""

    name: str

    @property
    def given_name(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def family_name(self) -> str:
        return self.name.partition(" ")[2]


@dataclass(frozen=True)
class Seat(Named):
    """One of several people who share a booking; `ref` is the provider's own id of the seat."""

    ref: str
    name: str
    phone: str | None
    email: str


@dataclass(frozen=True)
class Booking(Named):
    """`starts` holds every start this visit ever had, the current one last; `number` counts bookings from 1.

    `places`: so many people may share it; 0 for a visit of one person. `seats`: who does, the newest last.
    `came_from`, `went_to`: the bookings that its first seat left, and that its last one left it for.
    """

    booking_id: str
    number: int
    provider: str
    name: str
    phone: str | None
    email: str
    service: str
    timezone: str
    duration_minutes: int
    starts: tuple[datetime, ...]
    status: str
    version: int
    created_at: datetime
    updated_at: datetime
    cancelled_by: str = ""
    places: int = 0
    seats: tuple[Seat, ...] = ()
    came_from: str = ""
    went_to: str = ""

    @property
    def starts_at(self) -> datetime:
        return self.starts[-1]

    @property
    def ends_at(self) -> datetime:
        return self.end_of(self.starts_at)

    @property
    def moves(self) -> int:
        return len(self.starts) - 1

    @property
    def people(self) -> Sequence[Booking | Seat]:
        """Everybody who comes."""
        return self.seats or (self,)

    def end_of(self, start: datetime) -> datetime:
        return start + timedelta(minutes=self.duration_minutes)

    def as_document(self) -> Document:
        times = {"created_at": self.created_at.isoformat(), "updated_at": self.updated_at.isoformat()}
        return asdict(self) | times | {"starts": [start.isoformat() for start in self.starts]}


def from_document(doc: Document) -> Booking:
    times = {name: datetime.fromisoformat(doc[name]) for name in ("created_at", "updated_at")}
    starts = tuple(datetime.fromisoformat(text) for text in doc["starts"])
    seats = tuple(Seat(**seat) for seat in doc.get("seats", ()))
    return Booking(**(doc | times | {"starts": starts, "seats": seats}))


@lru_cache(maxsize=20_000)
def _read(text: str) -> Booking:
    """Listing visit by visit reads the same texts over and over."""
    return from_document(json.loads(text))


Notify = Callable[["World", Booking], Sequence[Callback]]


@dataclass(frozen=True)
class Desk:
    """One provider's way to name a booking and to tell ARO what happened to it."""

    new_id: Callable[[int], str]
    booked: Notify
    moved: Notify
    cancelled: Notify
    missed: Notify
    unmarked: Notify


def add(world: World, booking: Booking) -> Booking:
    world.documents.put(KIND, f"{booking.provider}/{booking.booking_id}", booking.as_document())
    return booking


def find(world: World, provider: str, booking_id: str) -> Booking:
    """Raises RefusedError (404)."""
    doc = world.documents.get(KIND, f"{provider}/{booking_id}")
    if doc is None:
        raise RefusedError(
            404, "NOT_FOUND", "There is no such booking. Use the provider and the booking_id that /book answered."
        )
    return from_document(doc)


def of_provider(world: World, provider: str) -> list[Booking]:
    """In the order in which they were made."""
    return [booking for booking in everything(world) if booking.provider == provider]


def everything(world: World) -> list[Booking]:
    return [_read(text) for text in world.documents.texts(KIND)]


def move(world: World, booking: Booking, starts_at: datetime) -> Booking:
    """Raises RefusedError (409) for a visit that is over."""
    _must_be_open(booking)
    return _change(world, replace(booking, starts=(*booking.starts, starts_at)))


def cancel(world: World, booking: Booking, by: str) -> Booking:
    """`by` is invitee or host. Raises RefusedError (409)."""
    _must_be_open(booking)
    return _change(world, replace(booking, status=CANCELLED, cancelled_by=by))


def miss(world: World, booking: Booking) -> Booking:
    """Raises RefusedError (409)."""
    _must_be_open(booking)
    return _change(world, replace(booking, status=NO_SHOW))


def unmark(world: World, booking: Booking) -> Booking:
    """Takes a no-show back. Raises RefusedError (409) when there is none."""
    if booking.status != NO_SHOW:
        raise RefusedError(409, "CONFLICT", "This booking is not marked as a no-show.")
    return _change(world, replace(booking, status=BOOKED))


def sit_down(world: World, booking: Booking, seat: Seat) -> Booking:
    """Raises RefusedError (409) when no place is left for this person."""
    _must_be_open(booking)
    if len(booking.seats) >= booking.places:
        raise RefusedError(409, "CONFLICT", "No place is left. Give more 'places' when you /book.")
    if seat.email in {one.email for one in booking.seats}:
        raise RefusedError(409, "CONFLICT", "This person has a seat already. Give another e-mail address.")
    return _change(world, replace(booking, seats=(*booking.seats, seat)))


def stand_up(world: World, booking: Booking, seat: Seat, *, to: str = "") -> Booking:
    """The last one who leaves ends the booking. `to`: the one where they sit from now on. Raises RefusedError (409)."""
    _must_be_open(booking)
    if len(booking.seats) == 1:
        return cancel(world, replace(booking, went_to=to), "invitee")
    return _change(world, replace(booking, seats=tuple(one for one in booking.seats if one != seat)))


def seat_of(booking: Booking, ref: str) -> Seat:
    """Raises RefusedError (404)."""
    found = next((seat for seat in booking.seats if seat.ref == ref), None)
    if found is None:
        raise RefusedError(404, "NOT_FOUND", "There is no such seat. Use the seat_uid that /book or /seat answered.")
    return found


def _must_be_open(booking: Booking) -> None:
    if booking.status != BOOKED:
        what = "cancelled" if booking.status == CANCELLED else "marked as a no-show"
        raise RefusedError(409, "CONFLICT", f"This booking is already {what}. Make a new one with /book.")


def _change(world: World, booking: Booking) -> Booking:
    return add(world, replace(booking, version=booking.version + 1, updated_at=world.clock.now()))
