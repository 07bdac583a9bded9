"""Asking booking systems for their lists: what is taken over, what is left alone, and when it is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment
from appointments.services.visit import standing_again, visits
from aro import clock
from aro.models import Due
from aro.queue import due
from aro.watch.health import Status
from compliance.models import Actor
from integrations.models import SyncState
from integrations.sync import schedule, state, sync_health
from integrations.sync.state import BusyError
from tests.integrations.listing import NAME, Listed, by_webhook, cancelled, created, poll, visit

pytestmark = pytest.mark.usefixtures("business")
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def sync(**options: Any) -> Any:
    out = StringIO()
    call_command("sync_appointments", json=True, stdout=out, stderr=StringIO(), **options)
    (told,) = json.loads(out.getvalue())
    return told


def test_a_booking_that_no_webhook_told_of_is_taken_over_and_counted_as_missed(listed: Listed) -> None:
    poll()
    listed.news = [created(1)]
    row = poll()
    assert visit(1).status == "booked"
    assert (row.applied, row.missed, row.missed_in_all) == (1, 1, 1)
    assert "1 bookings that no webhook" in sync_health.check().detail


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
    standing_again.reopen(visit(1), actor=Actor.ADMIN, actor_id="me", reason="a mistake")
    listed.news = [replace(news, occurred_at=clock.now())]
    poll()
    assert (visit(1).status, visit(1).moves) == ("booked", 0)


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


def test_the_next_look_is_a_quarter_of_an_hour_later(listed: Listed) -> None:
    poll()
    wait = Due.objects.get(lane=schedule.LANE).due_at - clock.now()
    assert timedelta(minutes=14) < wait <= timedelta(minutes=15)


def test_planning_spreads_the_first_look_and_can_be_repeated(listed: Listed) -> None:
    now = clock.now()
    schedule.plan(now)
    first = dict(Due.objects.filter(lane=schedule.LANE).values_list("ref", "due_at"))
    schedule.plan(now + timedelta(minutes=5))
    assert dict(Due.objects.filter(lane=schedule.LANE).values_list("ref", "due_at")) == first
    assert len(first) == len(schedule.asked())
    assert all(now + timedelta(minutes=3) <= at <= now + timedelta(minutes=15) for at in first.values())


def test_nothing_is_asked_by_itself_when_that_is_switched_off(listed: Listed) -> None:
    with override_settings(SYNC_EVERY_MINUTES=0):
        schedule.plan(clock.now())
        poll()
        assert sync_health.check().status == Status.OFF
    assert listed.calls == 0
    assert not Due.objects.filter(lane=schedule.LANE).exists()
