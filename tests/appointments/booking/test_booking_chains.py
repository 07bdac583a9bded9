"""A visit moved again and again, told in any order, twice, and late: one visit at the last time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from random import Random

import pytest
from django.apps import apps

from appointments.inbound import Booking, BookingCancelled, BookingCreated, BookingMoved, Person
from appointments.models import Appointment, BookingRef, Customer, Deposit, Escalation
from appointments.services.booking import bookings
from appointments.services.money import deposits
from aro import clock
from aro.ids import new_id
from compliance import consent
from compliance.models import Channel, Event, Purpose
from tests.factories import BusinessFactory, booking

pytestmark = pytest.mark.django_db
S = Appointment.Status
News = BookingCreated | BookingMoved | BookingCancelled
LIVE = (S.BOOKED, S.CONFIRMED)


@pytest.fixture(autouse=True)
def clinic() -> None:
    BusinessFactory.create()


def apply(*news: News) -> None:
    functions = {BookingCreated: bookings.created, BookingMoved: bookings.moved, BookingCancelled: bookings.cancelled}
    for one in news:
        functions[type(one)](one, correlation_id=new_id())  # type: ignore[operator]


class Chain:
    """A visit of one person that is moved `moves` times, and cancelled at the end if so wanted."""

    def __init__(self, source: str, *, moves: int, cancelled: bool = False) -> None:
        self.source, self.cancelled, self.key = source, cancelled, new_id().hex
        self.names = [f"{self.key}-{n}" for n in range(moves + 1)]
        now = clock.now().replace(microsecond=0)
        self.starts = [now + timedelta(days=4 + n, hours=n) for n in range(moves + 1)]
        self.told = [now - timedelta(minutes=30 - 3 * n) for n in range(moves + 2)]
        self.person = Person(name="Bea Ruiz", phone="+12125550177", email=f"{self.key}@example.com")

    def booking(self, n: int) -> Booking:
        return booking(
            source=self.source, external_id=self.names[n], starts_at=self.starts[n], person=self.person, timezone=""
        )

    def at_once(self) -> list[News]:
        """As Cal.com tells a move: in one piece."""
        return [BookingCreated(booking=self.booking(0), occurred_at=self.told[0]), *self._moves(), *self._end()]

    def in_halves(self) -> list[News]:
        """As Calendly tells a move: a cancellation and a booking of the same moment."""
        halves = [
            BookingCancelled(
                booking=self.booking(n - 1), occurred_at=self.told[n], by="customer", moved_to=self.names[n]
            )
            for n in range(1, len(self.names))
        ]
        return [*self.at_once(), *halves]

    def _moves(self) -> list[News]:
        return [
            BookingMoved(booking=self.booking(n), previous_external_id=self.names[n - 1], occurred_at=self.told[n])
            for n in range(1, len(self.names))
        ]

    def _end(self) -> list[News]:
        last = len(self.names) - 1
        gone = BookingCancelled(booking=self.booking(last), occurred_at=self.told[-1], by="customer")
        return [gone] if self.cancelled else []

    def visit(self) -> Appointment:
        """The one visit that every name leads to."""
        found = {bookings.find(self.source, name) for name in self.names}
        assert len(found) == 1
        visit = found.pop()
        assert visit is not None
        return visit


def check(chain: Chain, order: Sequence[News]) -> None:
    visit = chain.visit()
    said = [f"{type(one).__name__}({one.booking.external_id[-1]})" for one in order]
    assert visit.status == (S.CANCELLED if chain.cancelled else S.BOOKED), said
    assert (visit.external_id, visit.starts_at) == (chain.names[-1], chain.starts[-1]), said
    others = Appointment.objects.filter(source=chain.source, customer=visit.customer).exclude(pk=visit.pk)
    # What people were told of before the chain was known steps back, and has no name left.
    assert all(one.status == S.RESCHEDULED and not one.refs.exists() for one in others), said
    assert Customer.objects.get(pk=visit.customer_id).cancellations == int(chain.cancelled), said
    known_of = Event.objects.filter(aggregate_id=visit.id, type__in=["appointment.created", "appointment.rescheduled"])
    if not chain.cancelled:
        assert known_of.exists(), said
        assert consent.state(visit.customer.phone, Channel.SMS, Purpose.CARE) is True


@pytest.mark.parametrize("told", [Chain.at_once, Chain.in_halves])
@pytest.mark.parametrize("cancelled", [False, True])
@pytest.mark.parametrize("moves", [1, 2, 3])
def test_a_chain_of_moves_in_any_order_is_one_visit_at_the_last_time(
    told: Callable[[Chain], list[News]], cancelled: bool, moves: int
) -> None:
    rng = Random(f"{moves}{cancelled}{told.__name__}")
    for _ in range(25):
        chain = Chain("calcom", moves=moves, cancelled=cancelled)
        news = told(chain)
        order = rng.sample(news, len(news))
        order += rng.sample(news, rng.randint(0, len(news)))
        apply(*order)
        check(chain, order)
        Customer.objects.filter(pk=chain.visit().customer_id).update(phone="", email="", name=chain.key)


def test_the_first_booking_told_last_never_comes_alive() -> None:
    chain = Chain("calcom", moves=2)
    created, first, second = chain.at_once()
    apply(second, first, created)
    visit = Appointment.objects.get()
    assert (visit.external_id, visit.starts_at, visit.status) == (chain.names[2], chain.starts[2], S.BOOKED)
    assert set(BookingRef.objects.values_list("external_id", "moved_to")) == {
        (chain.names[0], chain.names[1]),
        (chain.names[1], chain.names[2]),
        (chain.names[2], ""),
    }
    assert list(Event.objects.filter(type__startswith="appointment").values_list("type", flat=True)) == [
        "appointment.created"
    ]


def test_what_was_paid_for_the_earlier_row_goes_with_the_visit() -> None:
    chain = Chain("calcom", moves=2)
    created, first, second = chain.at_once()
    apply(created)
    before = chain_deposit(chain.names[0])
    Deposit.objects.filter(pk=before.pk).update(status=Deposit.Status.PAID, paid_at=clock.now(), link_id="plink_1")
    apply(second)
    asked = chain_deposit(chain.names[2])
    case = Escalation.objects.create(key="x", reason="complaint", title="x", next_step="x")
    Escalation.objects.filter(pk=case.pk).update(appointment=before.appointment)
    apply(first)
    visit = chain.visit()
    before.refresh_from_db()
    asked.refresh_from_db()
    assert (before.appointment, before.status, asked.status) == (visit, Deposit.Status.PAID, Deposit.Status.CLOSED)
    visit.refresh_from_db()
    assert visit.deposit_paid
    case.refresh_from_db()
    assert case.appointment == visit


def chain_deposit(name: str) -> Deposit:
    visit = bookings.find("calcom", name)
    assert visit is not None
    found = deposits.ask(visit, BusinessFactory.create()) or deposits.current(visit)
    assert found is not None
    return found


def moved_without_a_name(chain: Chain, *, before: datetime | None) -> BookingMoved:
    return BookingMoved(
        booking=chain.booking(1), previous_external_id="", previous_starts_at=before, occurred_at=chain.told[1]
    )


def test_a_move_that_names_no_visit_moves_the_one_at_the_old_time() -> None:
    chain = Chain("calcom", moves=1)
    other = Chain("calcom", moves=0)
    other.person = chain.person
    apply(chain.at_once()[0], BookingCreated(booking=other.booking(0), occurred_at=other.told[0]))
    Appointment.objects.filter(external_id=other.names[0]).update(starts_at=chain.starts[0] + timedelta(days=9))
    apply(moved_without_a_name(chain, before=chain.starts[0]))
    assert chain.visit().starts_at == chain.starts[1]
    assert Appointment.objects.filter(status__in=LIVE).count() == 2
    assert not Escalation.objects.exists()


def test_a_move_that_names_nothing_moves_the_only_visit_and_a_person_compares() -> None:
    chain = Chain("calcom", moves=1)
    apply(chain.at_once()[0], moved_without_a_name(chain, before=None))
    assert Appointment.objects.get().starts_at == chain.starts[1]
    case = Escalation.objects.get()
    assert (case.reason, case.appointment) == ("moved_unclear", chain.visit())
    assert "Bea" not in case.title + case.next_step


def test_a_move_that_may_mean_two_visits_is_kept_and_given_to_a_person() -> None:
    chain, other = Chain("calcom", moves=1), Chain("calcom", moves=0)
    other.person = chain.person
    apply(chain.at_once()[0], BookingCreated(booking=other.booking(0), occurred_at=other.told[0]))
    apply(moved_without_a_name(chain, before=None))
    assert Appointment.objects.count() == 3
    assert Escalation.objects.get().reason == "moved_unclear"


def test_a_name_may_be_taken_again_by_a_later_move() -> None:
    chain = Chain("custom", moves=1)
    apply(*chain.at_once())
    back = BookingMoved(
        booking=booking(source="custom", external_id=chain.names[0], starts_at=chain.starts[0], person=chain.person),
        previous_external_id=chain.names[1],
        occurred_at=clock.now(),
    )
    apply(back, *chain.at_once())
    visit = Appointment.objects.get()
    assert (visit.external_id, visit.starts_at, visit.moves) == (chain.names[0], chain.starts[0], 2)


def test_names_from_before_an_upgrade_are_given_up_where_the_visit_has_another() -> None:
    chain = Chain("calendly", moves=2)
    apply(*chain.at_once())
    BookingRef.objects.update(moved_to="")
    import_module("appointments.migrations.0006_names_given_up").note(apps, None)
    assert set(BookingRef.objects.values_list("external_id", "moved_to")) == {
        (chain.names[0], chain.names[2]),
        (chain.names[1], chain.names[2]),
        (chain.names[2], ""),
    }
