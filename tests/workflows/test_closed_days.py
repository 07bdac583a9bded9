"""Public holidays are proposed, shown, and only then accepted."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from appointments.models import Business, ClosedDay
from appointments.services.visit import holiday_proposals
from aro.errors import InvalidRequestError
from compliance.models import Actor, AuditLog
from tests.factories import BusinessFactory
from workflows.commands import bus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clinic() -> Any:
    with time_machine.travel(datetime(2026, 11, 19, 15, tzinfo=UTC), tick=True):
        yield BusinessFactory.create()


def aro(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def proposed() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(aro("closed_days_propose", "--json"))
    return found


def test_the_holidays_of_the_clinics_country_are_proposed_for_this_and_the_next_year_and_change_nothing() -> None:
    found = proposed()
    assert found["region"] == "US"
    assert found["days"]["2026-11-26"] == "Thanksgiving Day"
    assert "2027-12-25" in found["days"]
    assert min(found["days"]) >= "2026-11-19"
    assert max(found["days"]) < "2028"
    assert not ClosedDay.objects.exists()


@pytest.mark.parametrize(
    ("zone", "own", "region", "day"),
    [
        ("America/Toronto", "", "CA-ON", "2027-02-15"),
        ("America/Toronto", "CA-QC", "CA-QC", "2027-06-24"),
        ("America/Mexico_City", "", "MX", "2027-09-16"),
        ("Asia/Calcutta", "", "IN", "2027-01-26"),
    ],
)
def test_the_state_or_province_counts(zone: str, own: str, region: str, day: str) -> None:
    Business.objects.update(timezone=zone, holiday_region=own)
    found = proposed()
    assert found["region"] == region
    assert day in found["days"]


def test_what_was_shown_is_accepted_whole_or_in_part_and_audited() -> None:
    shown = proposed()["shown"]
    assert "2 closed days were added" in aro("closed_days_accept", shown, "2026-11-26", "2026-12-25")
    assert list(ClosedDay.objects.order_by("day").values_list("day", flat=True)) == [
        date(2026, 11, 26),
        date(2026, 12, 25),
    ]
    assert AuditLog.objects.filter(action="closed_days.accept").count() == 1
    rest = proposed()
    assert "2026-12-25" not in rest["days"]
    aro("closed_days_accept", rest["shown"])
    assert ClosedDay.objects.count() == 2 + len(rest["days"])
    assert "2026-11-26  Thanksgiving Day" in aro("closed_days_list")
    assert "Nothing to propose for US" in aro("closed_days_propose")


@pytest.mark.parametrize("code", ["", "all", "00000000"])
def test_what_was_not_shown_is_never_applied(code: str) -> None:
    with pytest.raises(CommandError, match="shown"):
        aro("closed_days_accept", code)
    assert not ClosedDay.objects.exists()


def test_a_list_that_has_changed_since_it_was_shown_is_not_applied() -> None:
    shown = proposed()["shown"]
    Business.objects.update(holiday_region="CA")
    with pytest.raises(CommandError, match="Look at them again"):
        aro("closed_days_accept", shown)
    assert not ClosedDay.objects.exists()


@pytest.mark.parametrize("days", [["2026-11-27"], ["9999-12-31"], ["soon"], 5, [5], [None]])
def test_a_day_that_was_not_proposed_is_refused_with_its_field(days: Any) -> None:
    payload = {"shown": proposed()["shown"], "days": days}
    with pytest.raises(InvalidRequestError) as refused:
        bus.execute(command="closed_days.accept", payload=payload, actor=Actor.ADMIN, actor_id="ada")
    assert refused.value.details == {"field": "days"}
    assert not ClosedDay.objects.exists()


@pytest.mark.parametrize(
    ("region", "known"), [("US", True), ("US-NY", True), ("US-XX", False), ("ZZ", False), ("US-", False)]
)
def test_a_region_without_holidays_is_not_known(region: str, *, known: bool) -> None:
    assert holiday_proposals.is_known(region) is known
