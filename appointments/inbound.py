"""What the outside reports, in ARO's own words. Adapters make these; services take them. All times aware, UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

# The business asked the person to choose another time: what the visit will be called then is not known yet.
TO_BE_CHOSEN = "to be chosen"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who comes. `phone` is as the provider wrote it; services normalise it. Every field may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    timezone: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A visit as the booking system knows it.

    `external_id` is the provider's id, as a rule of one person's visit. Where it may be the id of several (a class),
    `seat` tells them apart: a fingerprint, no personal data. `shared`: surely an id of several; else a second person
    is only believed in when nothing fits the first one. `seat_ref`: the provider's own id of the seat, if it has one.
    `at_business`: the person comes to the business, so the clocks there count, whatever zone they booked from.
    `sequence`: the system's own count of the booking's changes, where it has one: the highest is believed.
    """

    source: str
    external_id: str
    starts_at: datetime
    duration_minutes: int
    person: Person
    timezone: str = ""
    at_business: bool = False
    service: str = ""
    service_cost: Decimal = Decimal("0.00")
    staff_member: str = ""
    location: str = ""
    booked_at: datetime | None = None
    reschedule_url: str = ""
    cancel_url: str = ""
    seat: str = ""
    seat_ref: str = ""
    shared: bool = False
    sequence: int | None = None


@dataclass(frozen=True, kw_only=True)
class BookingCreated:
    booking: Booking
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True)
class BookingMoved:
    """`previous_external_id` differs from the booking's own where a provider gives a moved visit a new id.

    It is empty where the provider does not say which visit was moved; `previous_starts_at` may tell it then.
    """

    booking: Booking
    previous_external_id: str
    occurred_at: datetime
    previous_starts_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class BookingCancelled:
    """`moved_to` is set when the cancellation is one half of a reschedule (Calendly); then nobody cancelled. It is the
    next name of the visit, or `TO_BE_CHOSEN` while nobody knows it. `declined`: the business refused what the person
    had asked for, such as another time."""

    booking: Booking
    occurred_at: datetime
    by: Literal["customer", "business", "unknown"] = "unknown"
    moved_to: str = ""
    declined: bool = False


@dataclass(frozen=True, kw_only=True)
class NoShowReported:
    """A no-show marked (`absent`) or un-marked at the booking system. `seat` and `person`: who of several, as far as
    it is said. `sequence` as in `Booking`."""

    source: str
    external_id: str
    absent: bool
    occurred_at: datetime
    booking: Booking | None = None
    seat: str = ""
    person: Person = Person()
    sequence: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyReceived:
    """A message from a person. `provider_answered`: the carrier has already sent its own opt-out answer.

    `carrier_says`: it was one of the carrier's keywords, whatever the words. `media`: what came along, by kind.
    `user_id`: the carrier's own id of the person, beside the number in `sender` or instead of it. `answers`: the
    carrier's id of our text under which it was written, or whose button was pressed. `carrier`: who brought it.
    """

    channel: str
    sender: str
    text: str
    provider_id: str
    occurred_at: datetime
    provider_answered: bool = False
    carrier_says: Literal["", "stop", "start", "help"] = ""
    media: tuple[str, ...] = ()
    user_id: str = ""
    answers: str = ""
    carrier: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliveryReported:
    """News of a text that was handed over; `status` is one of `Message.Status`. May come in any order, or twice.

    `to`: the phone it went to, where the carrier says it. `carrier`: who reports it, for the meaning of `error_code`:
    it may not be the one that carries today's.
    """

    execution_id: str
    provider_id: str
    status: str
    error_code: str = ""
    to: str = ""
    carrier: str = ""
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True)
class OptOutReported:
    """The carrier says that whoever got this message wants no more of them: an e-mail that was marked as spam."""

    execution_id: str
    provider_id: str
    occurred_at: datetime


PaymentOutcome = Literal[
    "paid",
    "processing",
    "expired",
    "failed",
    "refunded",
    "refund_failed",
    "asked",
    "disputed",
    "dispute_won",
    "dispute_lost",
    "suspected",
]


@dataclass(frozen=True, kw_only=True)
class PaymentReported:
    """News of a deposit. `amount` is in the currency's main unit (50.00), not cents.

    `processing`: checked out, but the money takes days. `final`: what failed cannot be tried again by the same link.
    `refund_failed`: a refund did not arrive, so the money is with the clinic again. `asked`: the bank asks before it
    disputes. `suspected`: its bank takes the payment for fraud. `ref` is the refund's, dispute's or warning's id.
    `appointment_id` is looked at only when nothing more exact is known.
    """

    deposit_id: str
    outcome: PaymentOutcome
    amount: Decimal
    currency: str
    occurred_at: datetime
    link_id: str = ""
    payment_intent: str = ""
    appointment_id: str = ""
    final: bool = False
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class NothingToDo:
    """Signed and understood, and of no concern: another app's payment, an event type we do not use."""

    detail: str


Inbound = (
    BookingCreated
    | BookingMoved
    | BookingCancelled
    | NoShowReported
    | ReplyReceived
    | DeliveryReported
    | OptOutReported
    | PaymentReported
    | NothingToDo
)


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What an inbound report did: `applied`, `ignored` or `stale`, with a few words for the receipt."""

    outcome: Literal["applied", "ignored", "stale"]
    detail: str = field(default="")
