"""Asking booking systems for their lists: what is taken over, what is left alone, and what staff are told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment, Business, Escalation
from appointments.services import visits
from aro import clock, due, tick
from aro.health import Status
from aro.ids import new_id
from aro.models import Due
from compliance.models import Actor
from integrations import dispatch
from integrations.models import ProviderState, SyncSeen, SyncState
from integrations.providers.base import Delivering
from integrations.sync import health, schedule, state
from integrations.sync.state import BusyError
from tests.integrations.listing import NAME, Delivers, Listed, cancelled, created, only

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("business")


@pytest.fixture
def listed(db: None) -> Iterator[Listed]:
    ProviderState.objects.create(name=NAME, domain="booking", breaker="closed")
    with only(adapter := Listed()):
        yield adapter


def poll() -> SyncState:
    """The next periodic run, now."""
    row = state.row(NAME)
    due.put(schedule.LANE, row.id, clock.now())
    tick.drain([schedule.LANE])
    row.refresh_from_db()
    return row


def by_webhook(news: Any) -> None:
    dispatch.apply(news, correlation_id=new_id())


def sync(**options: Any) -> Any:
    out = StringIO()
    call_command("sync_appointments", json=True, stdout=out, stderr=StringIO(), **options)
    (told,) = json.loads(out.getvalue())
    return told


def visit(number: int) -> Appointment:
    return Appointment.objects.get(source=NAME, external_id=f"b-{number}")


def test_a_booking_that_no_webhook_told_of_is_taken_over_and_counted_as_missed(listed: Listed) -> None:
    poll()
    listed.news = [created(1)]
    row = poll()
    assert visit(1).status == "booked"
    assert (row.applied, row.missed, row.missed_in_all) == (1, 1, 1)
    assert "1 bookings that no webhook" in health.check().detail


def test_what_the_first_look_finds_was_not_missed(listed: Listed) -> None:
    listed.news = [created(1)]
    row = poll()
    assert (row.applied, row.missed, row.missed_in_all) == (1, 0, 0)


def test_news_that_may_be_on_its_way_is_taken_over_but_was_not_missed(listed: Listed) -> None:
    poll()
    listed.news = [created(1, ago=timedelta(seconds=20))]
    row = poll()
    assert (row.applied, row.missed) == (1, 0)


def test_what_a_webhook_has_told_already_changes_nothing_however_often_it_is_asked(listed: Listed) -> None:
    news = created(1)
    by_webhook(replace(news, occurred_at=news.occurred_at + timedelta(seconds=1)))
    before = Appointment.objects.values().get()
    listed.news = [news]
    assert [poll().applied for _ in range(3)] == [0, 0, 0]
    assert Appointment.objects.values().get() == before


def test_a_webhook_that_comes_after_the_look_changes_nothing(listed: Listed) -> None:
    listed.news = [news := created(1)]
    poll()
    by_webhook(replace(news, occurred_at=news.occurred_at + timedelta(seconds=1)))
    assert Appointment.objects.count() == 1
    assert visit(1).moves == 0


def test_a_missed_cancellation_is_taken_over(listed: Listed) -> None:
    by_webhook(created(1))
    listed.news = [cancelled(1, at=clock.now() - timedelta(minutes=5))]
    poll()
    assert visit(1).status == "cancelled"


def test_a_missed_move_is_taken_over(listed: Listed) -> None:
    by_webhook(created(1))
    later = visit(1).starts_at + timedelta(days=1)
    listed.news = [created(1, ago=timedelta(minutes=5), starts_at=later)]
    poll()
    assert (visit(1).starts_at, visit(1).moves) == (later, 1)


def test_staffs_own_move_stays_although_the_list_goes_on_telling_the_old_time(listed: Listed) -> None:
    listed.news = [created(1)]
    poll()
    moved = visit(1).starts_at + timedelta(days=2)
    visits.move(visit(1), moved, actor=Actor.ADMIN)
    poll()
    assert visit(1).starts_at == moved


def test_a_list_without_times_of_change_does_not_undo_what_staff_did(listed: Listed) -> None:
    listed.news = [news := created(1, ago=timedelta(0))]
    poll()
    visits.cancel(visit(1), actor=Actor.ADMIN)
    visits.reopen(visit(1), actor=Actor.ADMIN, actor_id="me", reason="a mistake")
    listed.news = [replace(news, occurred_at=clock.now())]
    poll()
    assert (visit(1).status, visit(1).moves) == ("booked", 1)


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


def test_a_run_that_is_killed_goes_on_where_it_was(listed: Listed) -> None:
    listed.per_page = 10
    listed.news = [created(n) for n in range(50)]
    listed.stops_at = 4
    with pytest.raises(KeyboardInterrupt):
        poll()
    assert Appointment.objects.count() == 30
    SyncState.objects.update(lease=LONG_AGO)
    Due.objects.update(lease=LONG_AGO)
    row = poll()
    assert (Appointment.objects.count(), row.listed, row.started_at) == (50, 50, None)
    assert listed.calls == 4 + 2


def test_a_run_that_is_owned_is_not_run_twice(listed: Listed) -> None:
    window = schedule.window(clock.now(), phone_question="")
    run = state.begin(state.row(NAME), window, exactly=True)
    with pytest.raises(BusyError):
        state.begin(state.row(NAME), window, exactly=True)
    with pytest.raises(CommandError):
        sync()
    poll()
    assert listed.calls == 0
    state.release(run)
    poll()
    assert listed.calls == 1


def test_a_run_that_was_taken_over_writes_nothing_more(listed: Listed) -> None:
    window = schedule.window(clock.now(), phone_question="")
    old = state.begin(state.row(NAME), window, exactly=True)
    SyncState.objects.update(lease=LONG_AGO)
    state.begin(state.row(NAME), window, exactly=True)
    with pytest.raises(due.LostClaimError):
        state.turn_page(old, "9")


def test_a_thousand_bookings_cost_few_queries_once_they_are_known(listed: Listed) -> None:
    listed.news = [created(n) for n in range(1000)]
    poll()
    assert Appointment.objects.count() == 1000
    with CaptureQueriesContext(
        connection,
    ) as captured:
        row = poll()
    assert (row.listed, row.applied, listed.calls) == (1000, 0, 20)
    assert len(captured) < 12 * 20, len(captured)


def test_a_provider_that_is_away_is_told_after_an_hour_of_trying_and_closed_when_it_is_back(listed: Listed) -> None:
    for number in range(1, 5):
        assert not Escalation.objects.filter(reason="sync_failed").exists(), number
        listed.fails_at = listed.calls + 1
        assert poll().failures == number
        ProviderState.objects.all().delete()  # as when the breaker's pause is over
    assert Escalation.objects.get(reason="sync_failed", status="open")
    assert health.check().status == Status.DEGRADED
    poll()
    assert Escalation.objects.get(reason="sync_failed").status == "resolved"
    assert health.check().status == Status.UP


def test_the_next_look_is_a_quarter_of_an_hour_later(listed: Listed) -> None:
    poll()
    wait = Due.objects.get(lane=schedule.LANE).due_at - clock.now()
    assert timedelta(minutes=14) < wait <= timedelta(minutes=15)


def test_planning_spreads_the_first_look_and_can_be_repeated(listed: Listed) -> None:
    now = clock.now()
    schedule.plan(now)
    first = Due.objects.get(lane=schedule.LANE)
    schedule.plan(now + timedelta(minutes=5))
    assert Due.objects.get(lane=schedule.LANE).due_at == first.due_at
    assert now + timedelta(minutes=3) <= first.due_at <= now + timedelta(minutes=15)


def test_nothing_is_asked_by_itself_when_that_is_switched_off(listed: Listed) -> None:
    with override_settings(SYNC_EVERY_MINUTES=0):
        schedule.plan(clock.now())
        poll()
        assert health.check().status == Status.OFF
    assert listed.calls == 0
    assert not Due.objects.filter(lane=schedule.LANE).exists()


def test_the_command_asks_for_whole_days_where_the_business_is(listed: Listed) -> None:
    sync(start="2026-02-01", end="2026-03-01")
    (window,) = listed.windows
    assert window.starts_from == datetime(2026, 2, 1, 5, tzinfo=UTC)
    assert window.starts_until == datetime(2026, 3, 2, 5, tzinfo=UTC)


def test_the_command_asks_since_a_day_until_two_months_ahead(listed: Listed) -> None:
    sync(since="2026-02-21")
    (window,) = listed.windows
    assert window.starts_from == datetime(2026, 2, 21, 5, tzinfo=UTC)
    assert window.starts_until - clock.now() > timedelta(days=59)


@pytest.mark.parametrize(
    "options",
    [
        {"start": "1.2.2026"},
        {"since": "2026-02-01", "end": "2026-03-01"},
        {"start": "2099-01-01"},
        {"provider": "nobody"},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_as_usage(listed: Listed, options: dict[str, str]) -> None:
    with pytest.raises(CommandError) as refused:
        sync(**options)
    assert refused.value.returncode == 2
    assert listed.calls == 0


def test_a_dry_run_tells_what_is_new_and_leaves_nothing(listed: Listed) -> None:
    listed.news = [created(1), created(2)]
    told = sync(dry_run=True)
    assert (told["listed"], told["applied"], told["dry_run"]) == (2, 2, True)
    assert not Appointment.objects.exists()
    assert not SyncSeen.objects.exists()
    assert sync()["applied"] == 2


def test_an_interrupted_command_goes_on_with_the_same_command(listed: Listed) -> None:
    listed.per_page, listed.news = 2, [created(n) for n in range(6)]
    listed.stops_at = 3
    with pytest.raises(KeyboardInterrupt):
        sync(since="2026-02-21")
    told = sync(since="2026-02-21")
    assert (told["resumed"], told["listed"], listed.calls) == (True, 6, 4)


def test_a_provider_that_fails_makes_the_command_fail_and_says_how_to_go_on(listed: Listed) -> None:
    listed.fails_at = 1
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("sync_appointments", stdout=out, stderr=StringIO())
    assert "Run the command again to go on" in out.getvalue()


def test_the_status_says_what_was_found_and_when_the_next_look_is(listed: Listed) -> None:
    listed.news = [created(1)]
    poll()
    out = StringIO()
    call_command("sync_status", stdout=out)
    assert "Listed: last whole look" in out.getvalue()
    assert "1 in its list" in out.getvalue()
    out = StringIO()
    call_command("sync_status", json=True, stdout=out)
    (row,) = json.loads(out.getvalue())
    assert (row["provider"], row["listed"], row["running"]) == (NAME, 1, False)
    assert row["next_at"]


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
