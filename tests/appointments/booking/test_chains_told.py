"""A chain of moves told in the wrong order: whatever was texted meanwhile, the last text names the last time."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from appointments.models import Appointment, Message
from aro import clock
from aro.queue import tick
from tests.appointments.booking.test_booking_chains import Chain, apply
from tests.factories import BusinessFactory

pytestmark = pytest.mark.django_db
S = Appointment.Status


def send_what_waits() -> None:
    """Whatever may go out does."""
    tick.drain()
    for one in Message.objects.filter(direction="out").exclude(status__in=["sent", "blocked"]):
        still = one.appointment is not None and one.appointment.starts_at == one.visit_start
        right = still and one.appointment is not None and one.appointment.status == S.BOOKED
        one.status = Message.Status.SENT if right else Message.Status.BLOCKED
        one.save()


def last_named() -> datetime | None:
    sent = Message.objects.filter(direction="out", status="sent").order_by("created_at", "id")
    return [one.visit_start for one in sent][-1]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whatever_the_order_the_last_text_names_the_last_time(order: tuple[int, ...]) -> None:
    BusinessFactory.create()
    chain = Chain("custom", moves=2)
    news = chain.at_once()
    for place in order:
        apply(news[place])
        send_what_waits()
    visit = Appointment.objects.get(status=S.BOOKED)
    assert (visit.starts_at, last_named()) == (chain.starts[-1], chain.starts[-1])
    assert visit.starts_at > clock.now() + timedelta(days=3)


def test_who_was_told_the_last_time_already_is_not_told_again() -> None:
    BusinessFactory.create()
    chain = Chain("custom", moves=2)
    booked, first, second = chain.at_once()
    for one in (booked, second, first):
        apply(one)
        send_what_waits()
    kinds = Message.objects.filter(status="sent").order_by("created_at", "id").values_list("kind", flat=True)
    assert list(kinds) == ["confirmation", "confirmation"]
