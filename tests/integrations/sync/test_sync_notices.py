"""What staff are told about booking systems' lists and webhooks, and when a case closes by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings

from appointments.models import Appointment, Business, Escalation
from aro import clock
from aro.watch.health import Status
from integrations.models import ProviderState, SyncState
from integrations.providers.shared.base import Delivering
from integrations.sync import state, sync_health
from tests.integrations.listing import NAME, Delivers, Listed, by_webhook, created, only, poll, visit

pytestmark = pytest.mark.usefixtures("business")


def test_a_visit_that_vanished_from_the_list_is_not_cancelled_but_told_once(listed: Listed) -> None:
    listed.news = [created(1), created(2)]
    poll()
    listed.news = [listed.news[0]]
    row = poll()
    assert (visit(2).status, row.unlisted) == ("booked", 1)
    case = Escalation.objects.get(reason="sync_gone")
    assert case.appointment == visit(2)
    Escalation.objects.update(status="resolved")
    poll()
    assert Escalation.objects.filter(reason="sync_gone").count() == 1


def test_a_visit_that_this_list_never_had_is_counted_and_no_case(listed: Listed) -> None:
    by_webhook(created(1))
    assert poll().unlisted == 1
    assert not Escalation.objects.filter(reason="sync_gone").exists()


def test_an_empty_list_after_a_full_one_is_one_case_about_the_access(listed: Listed) -> None:
    listed.news = [created(n) for n in range(12)]
    poll()
    listed.news = []
    poll()
    case = Escalation.objects.get(reason="sync_gone")
    assert "12 visits" in case.title
    assert Appointment.objects.filter(status="booked").count() == 12


def test_a_booking_that_cannot_be_applied_holds_up_no_other_and_is_told(listed: Listed) -> None:
    listed.news = [created(1), created(2, duration_minutes=10**12), created(3)]
    row = poll()
    assert (row.applied, row.failed) == (2, 1)
    assert Escalation.objects.get(reason="sync_unapplied", status="open")
    listed.news[1] = created(2)
    assert poll().applied == 1
    assert not Escalation.objects.filter(reason="sync_unapplied", status="open").exists()


def test_a_provider_that_is_away_is_told_after_an_hour_of_trying_and_closed_when_it_is_back(listed: Listed) -> None:
    for number in range(1, 5):
        assert not Escalation.objects.filter(reason="sync_failed").exists(), number
        listed.fails_at = listed.calls + 1
        assert poll().failures == number
        ProviderState.objects.all().delete()  # as when the breaker's pause is over
    assert Escalation.objects.get(reason="sync_failed", status="open")
    assert sync_health.check().status == Status.DEGRADED
    poll()
    assert Escalation.objects.get(reason="sync_failed").status == "resolved"
    assert sync_health.check().status == Status.UP


@pytest.mark.parametrize(
    ("found", "says"),
    [(Delivering.FAILING, "cannot reach ARO"), (Delivering.NONE, "no webhook to ARO"), (Delivering.ON, "")],
)
def test_staff_are_told_when_a_provider_does_not_deliver_and_the_case_closes_by_itself(
    business: Business, found: Delivering, says: str
) -> None:
    with only(adapter := Delivers()):
        adapter.state = found
        assert poll().deliveries == found
        assert [says in case.title for case in Escalation.objects.filter(reason="deliveries")] == [True] * bool(says)
        adapter.state = Delivering.ON
        SyncState.objects.update(deliveries_seen_at=clock.now() - timedelta(hours=2))
        poll()
        assert not Escalation.objects.filter(reason="deliveries", status="open").exists()
        assert adapter.renewed == []


def test_deliveries_that_were_switched_off_are_switched_on_again_and_staff_are_told(business: Business) -> None:
    with only(adapter := Delivers()), override_settings(PUBLIC_BASE_URL="https://aro.example.com"):
        adapter.state = Delivering.OFF
        assert poll().deliveries == "on"
        assert adapter.renewed == [("https://aro.example.com/webhooks/listed", "hook-1")]
        assert "switched it on again" in Escalation.objects.get(reason="deliveries").title


def test_a_renewal_that_was_interrupted_is_done_by_the_next_look(business: Business) -> None:
    with only(adapter := Delivers()):
        row = state.row(NAME)
        SyncState.objects.filter(pk=row.pk).update(deliveries="renewing", deliveries_seen_at=clock.now())
        adapter.state = Delivering.NONE
        assert poll().deliveries == "on"
        assert len(adapter.renewed) == 1
