"""Calendly's list and subscriptions, asked of the sandbox's own process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import override_settings

from appointments.models import Appointment, Business, Escalation
from aro import clock
from integrations.models import SyncState
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Delivering, RateLimitedError
from integrations.sync import schedule, state, subscriptions, walk_by_hand
from integrations.sync.walk_by_hand import Result, Wanted
from tests.integrations.sandbox.conftest import Receiver, Sandbox, own_sandbox, receiver, wait_until

__all__ = ["own_sandbox", "receiver"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CALENDLY = ADAPTERS["calendly"]


@pytest.fixture
def calendly(own_sandbox: Sandbox, business: Business) -> Iterator[Sandbox]:
    bases = {"calendly": f"{own_sandbox.url}/calendly"}
    with override_settings(
        PROVIDER_BASE_URLS=bases, PROVIDER_RATE_LIMITS=False, PUBLIC_BASE_URL=f"http://127.0.0.1:{own_sandbox.web_port}"
    ):
        yield own_sandbox


def quietly(sandbox: Sandbox) -> None:
    """From now on no webhook comes."""
    sandbox.post("/faults", provider="calendly", kind="no_callback", rate=1)


def book(sandbox: Sandbox, days: float = 4, **more: object) -> str:
    starts_at = (clock.now() + timedelta(days=days)).isoformat()
    return str(sandbox.book(starts_at=starts_at, **more)["booking_id"])


def sync() -> Result:
    result = walk_by_hand.sync(Wanted.of("", "", "", "calendly"), CALENDLY, lambda _line: None)
    assert result.problem == ""
    return result


def invitee_calls(sandbox: Sandbox) -> int:
    calls = sandbox.get("/requests?provider=calendly")["requests"]
    return sum(call["path"].endswith("/invitees") for call in calls)


def test_a_booking_whose_webhook_was_dropped_arrives_whole(calendly: Sandbox) -> None:
    quietly(calendly)
    book(calendly, phone="+12025550142")
    assert sync().counts.applied == 1
    visit = Appointment.objects.get()
    assert (visit.source, visit.status, visit.customer.phone) == ("calendly", "booked", "+12025550142")


def test_a_move_and_a_cancellation_that_were_dropped_arrive(calendly: Sandbox) -> None:
    quietly(calendly)
    moved, gone = book(calendly), book(calendly, name="Ben Ode", phone="+12025550143")
    sync()
    later = clock.now() + timedelta(days=6)
    calendly.post("/reschedule", provider="calendly", booking_id=moved, starts_at=later.isoformat())
    calendly.post("/cancel", provider="calendly", booking_id=gone)
    sync()
    assert {(a.customer.name, a.status, a.moves) for a in Appointment.objects.all()} == {
        ("Ana Diaz", "booked", 1),
        ("Ben Ode", "cancelled", 0),
    }
    assert abs(Appointment.objects.get(moves=1).starts_at - later) < timedelta(seconds=1)


def test_a_move_that_happened_before_the_first_look_is_one_visit(calendly: Sandbox) -> None:
    quietly(calendly)
    booking = book(calendly)
    later = clock.now() + timedelta(days=6)
    calendly.post("/reschedule", provider="calendly", booking_id=booking, starts_at=later.isoformat())
    sync()
    assert Appointment.objects.get().status == "booked"


def test_a_no_show_that_was_dropped_arrives(calendly: Sandbox) -> None:
    quietly(calendly)
    booking = book(calendly, days=-0.2)
    sync()
    calendly.post("/no-show", provider="calendly", booking_id=booking)
    sync()
    assert Appointment.objects.get().status == "no_show"


def test_invitees_are_asked_for_only_when_their_event_is_new_or_changed(calendly: Sandbox) -> None:
    quietly(calendly)
    booking = book(calendly)
    for n in range(4):
        book(calendly, name=f"Person {n}", phone=f"+1202555015{n}")
    sync()
    assert invitee_calls(calendly) == 5
    sync()
    assert invitee_calls(calendly) == 5
    calendly.post("/cancel", provider="calendly", booking_id=booking)
    sync()
    assert invitee_calls(calendly) == 6


def test_too_fast_means_seconds_from_now(calendly: Sandbox) -> None:
    calendly.post("/faults", provider="calendly", kind="http_429", rate=1, seconds=7)
    with pytest.raises(RateLimitedError) as slow:
        CALENDLY.list_page(schedule.window(clock.now(), phone_question=""), "")
    assert slow.value.retry_after == 7


def test_a_list_of_several_pages_is_read_to_the_end(calendly: Sandbox) -> None:
    quietly(calendly)
    for n in range(103):
        book(calendly, days=4 + n / 100, name=f"Person {n}", phone=f"+1202555{2000 + n}")
    result = sync()
    assert (result.counts.listed, Appointment.objects.count()) == (103, 103)


def test_a_subscription_that_calendly_disabled_is_made_anew_and_delivers_again(
    calendly: Sandbox, receiver: Receiver
) -> None:
    url = f"http://127.0.0.1:{calendly.web_port}/webhooks/calendly"
    assert CALENDLY.subscription(url).state == Delivering.ON
    calendly.post("/deliveries", provider="calendly")
    book(calendly)
    assert receiver.received == []
    row = state.row("calendly")
    assert CALENDLY.subscription(url).state == Delivering.OFF
    assert subscriptions.watch(CALENDLY, row, now=clock.now()) == Delivering.ON
    assert CALENDLY.subscription(url).state == Delivering.ON
    book(calendly, name="Ben Ode")
    wait_until(lambda: len(receiver.on("/webhooks/calendly")) == 1, 30, "the delivery")
    assert Escalation.objects.get(reason="deliveries")
    assert SyncState.objects.get().deliveries == "on"


def test_an_address_that_calendly_does_not_know_has_no_subscription(calendly: Sandbox) -> None:
    assert CALENDLY.subscription("https://elsewhere.example.com/webhooks/calendly").state == Delivering.NONE
