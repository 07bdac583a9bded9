"""Texts whose fate nobody knows: whose they are, and what does not make one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from appointments.models import Appointment, Customer, FailedAttempt, Message, WhatsAppTemplate
from aro import clock
from aro.models import DeadLetter, Due
from aro.queue import work
from integrations.models import ProviderState
from integrations.outbound.executor import LANE
from integrations.outbound.resilience import gate
from integrations.outbound.waiting import pauses
from tests.integrations.loopback import Loopback, hang_up, http
from tests.integrations.messaging import PHONE, ana, cases, sends, twilio, visit
from tests.integrations.messaging import work as run_executions
from workflows.models import Execution

__all__ = ["ana", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]
HX = "HX" + "a" * 31


@pytest.fixture
def by_whatsapp(visit: Appointment) -> Appointment:
    """Everything goes by a wording that the carrier fills in, so that words tell nothing apart."""
    for kind in ("confirmation", "reminder_next"):
        WhatsAppTemplate.objects.create(
            kind=kind, content_sid=HX + kind[0], wording="{{ business_name }}: {{ date }} at {{ time }}."
        )
    Customer.objects.update(preferred_channel="whatsapp")
    visit.customer.refresh_from_db()
    return visit


def listed(*sids: str, made: datetime | None = None) -> Any:
    at = (made or datetime.now(UTC)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    one = {"to": f"whatsapp:{PHONE}", "from": "whatsapp:+15005550006", "body": "x", "status": "delivered"}
    more = {"num_segments": "1", "direction": "outbound-api", "date_created": at}
    return http(200, {"messages": [{**one, **more, "sid": sid} for sid in sids], "next_page_uri": None, "page": 0})


def looks(twilio: Loopback, *answers: Any) -> None:
    twilio.answers = list(answers)
    Due.objects.filter(lane="executions").update(due_at=clock.now() - timedelta(seconds=1), lease=None)
    run_executions()


def lost(twilio: Loopback, visit: Appointment) -> Message:
    """The carrier never took it. It had worked before: a new one would be paused at once."""
    ProviderState.objects.update_or_create(name="twilio", defaults={"domain": "messaging", "breaker": "closed"})
    twilio.answers = [hang_up]
    message = sends(visit, "reminder_next")
    assert (message.status, message.channel) == ("unknown", "whatsapp")
    return message


def test_a_text_that_was_planned_long_ago_and_sent_a_moment_ago_is_not_its_neighbour(
    twilio: Loopback, by_whatsapp: Appointment
) -> None:
    first = sends(by_whatsapp, "confirmation")
    assert first.provider_id
    Message.objects.filter(pk=first.pk).update(created_at=clock.now() - timedelta(hours=11))
    second = lost(twilio, by_whatsapp)
    looks(twilio, listed(first.provider_id))
    second.refresh_from_db()
    assert (second.status, second.provider_id) == ("unknown", "")


def test_a_neighbours_attempt_that_was_given_up_is_not_taken_either(twilio: Loopback, by_whatsapp: Appointment) -> None:
    first = sends(by_whatsapp, "confirmation")
    FailedAttempt.objects.create(message=first, channel="whatsapp", provider_id=first.provider_id, error_code="1")
    Message.objects.filter(pk=first.pk).update(provider_id="", sent_at=None, status="held")
    second = lost(twilio, by_whatsapp)
    looks(twilio, listed("SM" + "1" * 32))
    second.refresh_from_db()
    assert (second.status, second.provider_id) == ("unknown", "")


def test_of_two_in_doubt_the_one_that_was_handed_over_nearest_is_meant(
    twilio: Loopback, by_whatsapp: Appointment
) -> None:
    ProviderState.objects.create(name="twilio", domain="messaging", breaker="closed")
    twilio.answers = [hang_up]
    first, second = sends(by_whatsapp, "confirmation"), sends(by_whatsapp, "reminder_next")
    assert (first.status, second.status) == ("unknown", "unknown"), (second.status, second.reason)
    earlier = clock.now() - timedelta(seconds=30)
    Execution.objects.filter(message=first).update(handed_over_at=earlier)
    taken = "SM" + "3" * 32
    looks(twilio, listed(taken))
    known = dict(Message.objects.filter(pk__in=[first.pk, second.pk]).values_list("pk", "provider_id"))
    assert known == {first.pk: "", second.pk: taken}


def test_its_own_text_is_found_and_adopted(twilio: Loopback, by_whatsapp: Appointment) -> None:
    first = sends(by_whatsapp, "confirmation")
    second = lost(twilio, by_whatsapp)
    looks(twilio, listed("SM" + "2" * 32, first.provider_id))
    second.refresh_from_db()
    assert (second.status, second.provider_id) == ("delivered", "SM" + "2" * 32)


def test_an_accepted_text_is_recorded_although_the_breaker_cannot_be_noted(
    twilio: Loopback, visit: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(provider: str, *, now: datetime) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(gate, "succeeded", broken)
    with pytest.raises(OperationalError):
        sends(visit)
    message = Message.objects.get()
    assert (message.provider_id, message.execution.status) == ("SM" + "1" * 32, "done")
    assert work.drain_inline(LANE) == 0, "nothing is left to be asked for, or sent again"
    assert not DeadLetter.objects.exists()


def test_look_ups_that_fail_tell_staff_though_nothing_else_is_to_be_sent(
    twilio: Loopback, by_whatsapp: Appointment
) -> None:
    ProviderState.objects.create(name="twilio", domain="messaging", breaker="closed")
    lost(twilio, by_whatsapp)
    for _ in range(3):
        looks(twilio, http(500, {}))
    assert "provider_paused" not in cases()
    looks(twilio, hang_up)
    assert "provider_paused" in cases()
    assert ProviderState.objects.get(name="twilio").breaker == "open"


@pytest.mark.parametrize("answer", [http(429, {}), http(401, {"code": 20003})])
def test_a_look_up_that_is_refused_has_reached_the_carrier(
    twilio: Loopback, by_whatsapp: Appointment, answer: Any
) -> None:
    lost(twilio, by_whatsapp)
    ProviderState.objects.update(breaker="closed", failures=[])
    looks(twilio, answer)
    assert ProviderState.objects.get(name="twilio").failures == []


def test_who_cannot_tell_staff_has_not_opened_the_breaker(
    twilio: Loopback, visit: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody after it would tell: the breaker is open, which is no news."""

    def fails(**_: object) -> None:
        raise OperationalError("the database is busy")

    ProviderState.objects.create(name="twilio", domain="messaging", breaker="closed")
    monkeypatch.setattr("integrations.outbound.waiting.pauses.escalations.escalate", fails)
    with pytest.raises(OperationalError):
        pauses.count_failure("sms", error="20003", now=clock.now(), at_once=True)
    monkeypatch.undo()
    assert ProviderState.objects.get(name="twilio").breaker == "closed"
    pauses.count_failure("sms", error="20003", now=clock.now(), at_once=True)
    assert "provider_paused" in cases()


def due_in(execution: Execution) -> timedelta:
    return Due.objects.get(lane="executions", ref=execution.id).due_at - clock.now()


def test_a_paused_carrier_is_not_asked_what_became_of_a_text(twilio: Loopback, by_whatsapp: Appointment) -> None:
    second = lost(twilio, by_whatsapp)
    gate.failed("twilio", error="unavailable", now=clock.now(), at_once=True)
    asked = len(twilio.requests)
    looks(twilio, listed("SM" + "2" * 32))
    second.refresh_from_db()
    assert (len(twilio.requests), second.status) == (asked, "unknown")
    assert timedelta(seconds=55) < due_in(second.execution) <= timedelta(seconds=60)


def test_a_look_up_is_the_call_that_tries_a_paused_carrier(twilio: Loopback, by_whatsapp: Appointment) -> None:
    second = lost(twilio, by_whatsapp)
    gate.failed("twilio", error="unavailable", now=clock.now() - timedelta(seconds=61), at_once=True)
    looks(twilio, listed("SM" + "2" * 32))
    second.refresh_from_db()
    state = ProviderState.objects.get(name="twilio")
    assert (second.status, state.breaker, state.successes) == ("delivered", "half_open", 1)


@pytest.mark.parametrize(("lookups", "ago", "at_once"), [(0, 31, True), (1, 121, True), (1, 60, False), (0, 20, False)])
def test_what_was_to_be_looked_up_is_due_when_the_carrier_is_back(
    twilio: Loopback, by_whatsapp: Appointment, lookups: int, ago: int, at_once: bool
) -> None:
    second, now = lost(twilio, by_whatsapp), clock.now()
    Execution.objects.update(lookups=lookups, handed_over_at=now - timedelta(seconds=ago))
    Due.objects.filter(lane="executions").update(due_at=now + timedelta(minutes=5), lease=None)
    gate.failed("twilio", error="unavailable", now=now, at_once=True)
    gate.admit("twilio", now=now + timedelta(seconds=61))
    for _ in range(2):
        gate.succeeded("twilio", now=now + timedelta(seconds=62))
    assert (due_in(second.execution) <= timedelta(0)) is at_once


def test_a_look_up_that_is_too_fast_slows_all_calls_down(twilio: Loopback, by_whatsapp: Appointment) -> None:
    lost(twilio, by_whatsapp)
    looks(twilio, http(429, {}))
    assert ProviderState.objects.get(name="twilio").tokens < 0
