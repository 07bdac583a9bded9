"""What booking systems report, in any order and twice."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.inbound import (
    Booking,
    BookingCancelled,
    BookingCreated,
    BookingMoved,
    NoShowReported,
    Person,
)
from appointments.models import Appointment, BookingRef, Business, Customer, Escalation
from appointments.services.booking import bookings
from appointments.services.person import customers
from aro import clock
from aro.ids import new_id
from aro.models import Due
from compliance import consent
from compliance.models import Channel, Event, Purpose
from tests.factories import BusinessFactory, booking
from tests.plans import plan_of

pytestmark = pytest.mark.django_db
S = Appointment.Status
OLD, NEW, NEWER = "https://x/invitees/1", "https://x/invitees/2", "https://x/invitees/3"


@pytest.fixture(autouse=True)
def clinic() -> None:
    BusinessFactory.create()


def apply(*news: object) -> list[str]:
    functions = {
        BookingCreated: bookings.created,
        BookingMoved: bookings.moved,
        BookingCancelled: bookings.cancelled,
        NoShowReported: bookings.no_show,
    }
    return [functions[type(one)](one, correlation_id=new_id()).outcome for one in news]  # type: ignore[operator]


def created(**changes: object) -> BookingCreated:
    return BookingCreated(booking=booking(**changes), occurred_at=clock.now())


def types() -> list[str]:
    return list(
        Event.objects.exclude(type__startswith="customer").order_by("occurred_at", "id").values_list("type", flat=True)
    )


def test_a_booking_is_stored_once_however_often_it_is_told() -> None:
    news = created()
    assert apply(news, news, news)[0] == "applied"
    assert Appointment.objects.count() == Customer.objects.count() == BookingRef.objects.count() == 1
    assert types() == ["appointment.created"]
    assert sorted(Due.objects.values_list("lane", flat=True).distinct()) == ["events", "sweeps"]


def test_a_booking_without_a_phone_is_kept_and_given_to_a_person() -> None:
    apply(created(person=Person(name="Bo Li", email="bo@example.com")))
    assert Customer.objects.get().phone == ""
    case = Escalation.objects.get()
    assert case.reason == "no_phone"
    assert "Bo" not in case.title + case.next_step


@pytest.mark.parametrize(("numbers", "expected"), [(["+12125550101"], 1), (["+12125550101", "+12125550102"], 3)])
def test_a_known_address_tells_the_number_only_when_there_is_one(numbers: list[str], expected: int) -> None:
    for n, phone in enumerate(numbers):
        apply(created(external_id=f"x/{n}", person=Person(name="Bo Li", email="bo@example.com", phone=phone)))
    apply(created(external_id="x/without", person=Person(name="Bo Li", email="bo@example.com")))
    assert Customer.objects.count() == expected
    assert Escalation.objects.filter(reason="no_phone").exists() is (expected == 3)


def test_an_address_is_known_in_any_case_and_found_by_an_index() -> None:
    apply(created(person=Person(name="Bo Li", email="Bo@Example.com", phone="+12125550101")))
    apply(created(external_id="x/again", person=Person(name="Bo Li", email="bo@example.COM")))
    assert Customer.objects.count() == 1
    with CaptureQueriesContext(connection) as queries:
        list(customers.with_email("bo@example.com", "default"))
    assert "customer_email" in plan_of(queries)


def test_a_family_shares_a_phone_and_stays_two_people() -> None:
    phone = "+12025550142"
    apply(
        created(external_id="1", person=Person(name="Ana Diaz", phone=phone)),
        created(external_id="2", person=Person(name="Luis Diaz", phone=phone)),
        created(external_id="3", person=Person(name="ANA  DÍAZ", phone="(202) 555-0142")),
    )
    assert sorted(Customer.objects.values_list("name", "phone")) == [("Ana Diaz", phone), ("Luis Diaz", phone)]


def test_two_of_a_family_in_one_group_event_have_a_visit_each_and_one_may_leave() -> None:
    ana, leo = (Person(name=name, phone="+12025550142", email="a@example.com") for name in ("Ana Diaz", "Leo Diaz"))
    apply(created(external_id="one", person=ana), created(external_id="two", person=leo))
    apply(BookingCancelled(booking=booking(external_id="two", person=leo), occurred_at=clock.now()))
    assert dict(Appointment.objects.values_list("customer__name", "status")) == {
        "Ana Diaz": S.BOOKED,
        "Leo Diaz": S.CANCELLED,
    }


def test_a_booking_is_consent_to_texts_about_it_only_as_the_business_says() -> None:
    BusinessFactory._meta.model.objects.update(booking_consent_marketing=False)
    apply(created())
    phone = Customer.objects.get().phone
    assert consent.state(phone, Channel.SMS, Purpose.CARE) is True
    assert consent.state(phone, Channel.SMS, Purpose.MARKETING) is None


def test_a_new_booking_does_not_undo_an_opt_out() -> None:
    apply(created(external_id="1"))
    phone = Customer.objects.get().phone
    consent.withdraw(phone, Channel.SMS, Purpose.CARE, method="keyword")
    apply(created(external_id="2"))
    assert consent.state(phone, Channel.SMS, Purpose.CARE) is False


def a_move(earlier: str, later: str, hours: int) -> tuple[BookingCancelled, BookingMoved]:
    """Calendly's two halves of a reschedule."""
    now = clock.now()
    old = booking(external_id=earlier)
    new = booking(external_id=later, starts_at=now + timedelta(days=4, hours=hours))
    return (
        BookingCancelled(booking=old, occurred_at=now, by="customer", moved_to=later),
        BookingMoved(booking=new, previous_external_id=earlier, occurred_at=now),
    )


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_both_halves_of_a_reschedule_in_either_order_move_one_visit(order: tuple[int, ...]) -> None:
    apply(created(external_id=OLD))
    halves = a_move(OLD, NEW, 3)
    apply(*(halves[n] for n in order))
    visit = Appointment.objects.get()
    assert (visit.external_id, visit.status, visit.moves) == (NEW, S.BOOKED, 1)
    assert visit.starts_at == halves[1].booking.starts_at
    assert types() == ["appointment.created", "appointment.rescheduled"]
    assert visit.customer.cancellations == 0


def test_the_late_half_of_a_move_with_an_older_time_stamp_still_moves() -> None:
    apply(created(external_id=OLD))
    cancel, move = a_move(OLD, NEW, 3)
    late = BookingMoved(
        booking=move.booking, previous_external_id=OLD, occurred_at=cancel.occurred_at - timedelta(seconds=1)
    )
    assert apply(cancel, late) == ["applied", "applied"]
    assert Appointment.objects.get().status == S.BOOKED


def test_moves_told_in_the_wrong_order_leave_one_live_visit() -> None:
    apply(created(external_id=OLD))
    first, second = a_move(OLD, NEW, 3)[1], a_move(NEW, NEWER, 6)[1]
    apply(second, first)
    live = Appointment.objects.filter(status__in=[S.BOOKED, S.CONFIRMED]).get()
    assert live.external_id == NEWER
    found = bookings.find("calendly", OLD)
    assert found is not None
    assert found.pk == live.pk


def test_a_cancellation_told_before_its_booking_wins() -> None:
    now = clock.now()
    cancel = BookingCancelled(booking=booking(), occurred_at=now + timedelta(seconds=5), by="customer")
    apply(cancel, BookingCreated(booking=booking(), occurred_at=now))
    assert Appointment.objects.get().status == S.CANCELLED
    assert "appointment.created" not in types()


def test_a_cancelled_visit_is_counted_and_no_longer_watched() -> None:
    apply(created(), BookingCancelled(booking=booking(), occurred_at=clock.now(), by="customer"))
    visit = Appointment.objects.get()
    assert (visit.status, visit.customer.cancellations) == (S.CANCELLED, 1)
    assert not Due.objects.filter(lane="sweeps").exists()


def test_a_no_show_and_its_undo() -> None:
    past: dict[str, object] = {"starts_at": clock.now() - timedelta(hours=1)}
    apply(created(**past))
    visit = Appointment.objects.get()
    marked = NoShowReported(source="calendly", external_id=visit.external_id, absent=True, occurred_at=clock.now())
    assert apply(marked, marked) == ["applied", "ignored"]
    assert Customer.objects.get().no_shows == 1
    undone = NoShowReported(source="calendly", external_id=visit.external_id, absent=False, occurred_at=clock.now())
    assert apply(undone, undone) == ["applied", "ignored"]
    visit.refresh_from_db()
    assert visit.status == S.COMPLETED
    assert Customer.objects.get().no_shows == 0


def test_a_no_show_for_an_unknown_visit_changes_nothing() -> None:
    news = NoShowReported(source="calendly", external_id="nobody", absent=True, occurred_at=clock.now())
    assert apply(news) == ["ignored"]
    assert not Appointment.objects.exists()


def test_an_unknown_zone_falls_back_to_the_business() -> None:
    apply(created(timezone="Mars/Olympus", person=Person(name="Ana", phone="+12025550142", timezone="")))
    assert Appointment.objects.get().timezone == "America/New_York"


def test_stale_news_changes_nothing() -> None:
    apply(created())
    old: Booking = booking(starts_at=clock.now() + timedelta(days=9))
    assert apply(BookingCreated(booking=old, occurred_at=clock.now() - timedelta(days=1))) == ["stale"]
    assert Appointment.objects.get().starts_at < clock.now() + timedelta(days=5)


def test_a_visit_that_was_over_and_gets_a_new_time_under_the_same_id_is_held_after_all() -> None:
    apply(created(starts_at=clock.now() - timedelta(hours=1)))
    missed = NoShowReported(source="calendly", external_id=booking().external_id, absent=True, occurred_at=clock.now())
    apply(missed)
    assert Appointment.objects.get().status == S.NO_SHOW
    assert apply(created(starts_at=clock.now() - timedelta(days=1))) == ["stale"]
    later = clock.now() + timedelta(days=9)
    assert apply(created(starts_at=later)) == ["applied"]
    assert (Appointment.objects.get().status, Appointment.objects.get().starts_at) == (S.BOOKED, later)


@pytest.mark.parametrize(("amount", "asked"), [("50", True), ("0", False)])
def test_with_an_amount_of_nothing_nobody_is_asked_for_a_deposit(amount: str, asked: bool) -> None:
    Business.objects.update(deposit_amount=amount, deposit_threshold=0)
    apply(created())
    assert Appointment.objects.get().deposit_required is asked
    assert Event.objects.filter(type="deposit.requested").exists() is asked
