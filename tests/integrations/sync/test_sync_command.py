"""Asking for a list by hand: which days, what the command says, and how it goes on after an interruption."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from appointments.models import Appointment
from aro import clock
from integrations.models import SyncSeen
from tests.integrations.listing import NAME, Listed, created, poll
from tests.integrations.sync.test_sync import sync

pytestmark = pytest.mark.usefixtures("business")


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


@pytest.mark.parametrize(
    ("options", "named"),
    [({"start": "0001-01-01"}, "--from"), ({"end": "9999-12-31"}, "--to"), ({"since": "0001-01-01"}, "--since")],
)
def test_a_day_that_no_list_reaches_is_refused_with_the_name_of_the_option(
    listed: Listed, options: dict[str, str], named: str
) -> None:
    with pytest.raises(CommandError, match=f"^{named}: give a day within 10 years of today") as refused:
        sync(**options)
    assert (refused.value.returncode, listed.calls) == (2, 0)


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
    rows = {row["provider"]: row for row in json.loads(out.getvalue())}
    assert sorted(rows) == [NAME, "twilio_sms"]
    row = rows[NAME]
    assert (row["listed"], row["running"]) == (1, False)
    assert row["next_at"]
