"""A move to a time when nobody is there asks first; closed days are the clinic's own list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from appointments.models import Appointment, Business, ClosedDay
from appointments.models.business import weekday_hours
from appointments.services.visit import holiday_proposals
from aro import clock
from aro.errors import InvalidRequestError
from compliance.models import Actor, AuditLog
from tests.admin import rows
from workflows.commands import bus

DAYS = "admin:appointments_closedday"


def tuesday(hour: int, minute: int = 0) -> datetime:
    day = clock.now().astimezone(ZoneInfo(rows.ZONE)) + timedelta(days=7)
    day += timedelta(days=(1 - day.weekday()) % 7)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


@pytest.fixture
def visit(clinic: None) -> Appointment:
    Business.objects.update(hours=weekday_hours())
    return rows.visit(timezone=rows.ZONE)


def moved(visit: Appointment, client: Client, to: str, **more: str) -> Any:
    return client.post(reverse("admin:desk_act", args=["appointment.move", visit.pk]), {"starts_at": to, **more})


def starts_at(visit: Appointment) -> datetime:
    return Appointment.objects.get(pk=visit.pk).starts_at


def test_a_visit_moved_to_03_15_asks_first_and_moves_when_that_is_meant(admin: Client, visit: Appointment) -> None:
    night, before = tuesday(3, 15), visit.starts_at
    answer = moved(visit, admin, f"{night:%Y-%m-%dT%H:%M}")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Nobody is there at the new time" in page
    assert 'type="checkbox" name="anyway"' in page
    assert starts_at(visit) == before
    assert moved(visit, admin, f"{night:%Y-%m-%dT%H:%M}", anyway="on").status_code == 302
    assert starts_at(visit) == night


def test_a_move_inside_the_hours_asks_nothing(admin: Client, visit: Appointment) -> None:
    assert "anyway" not in admin.get(reverse("admin:desk_act", args=["appointment.move", visit.pk])).content.decode()
    assert moved(visit, admin, f"{tuesday(10):%Y-%m-%dT%H:%M}").status_code == 302
    assert starts_at(visit) == tuesday(10)


def test_a_visit_at_another_place_is_judged_by_the_clinics_clock(admin: Client, visit: Appointment) -> None:
    Appointment.objects.update(timezone="Asia/Tokyo")
    there = tuesday(10).astimezone(ZoneInfo("Asia/Tokyo"))
    assert moved(visit, admin, f"{there:%Y-%m-%dT%H:%M}").status_code == 302


def test_a_move_to_a_closed_day_asks_first(admin: Client, visit: Appointment) -> None:
    ClosedDay.objects.create(day=tuesday(10).date(), name="Staff day")
    answer = moved(visit, admin, f"{tuesday(10):%Y-%m-%dT%H:%M}")
    assert "closed day (Staff day)" in answer.content.decode()


def move_by_command(visit: Appointment, at: str, **more: Any) -> dict[str, Any]:
    payload = {"appointment_id": str(visit.pk), "starts_at": at, **more}
    return bus.execute(command="appointment.move", payload=payload, actor=Actor.ADMIN, actor_id="ada")


def test_the_command_asks_first_too(visit: Appointment) -> None:
    night, before = tuesday(3, 15), visit.starts_at
    with pytest.raises(InvalidRequestError, match="anyway: true") as refused:
        move_by_command(visit, night.isoformat())
    assert refused.value.details == {"field": "anyway"}
    assert starts_at(visit) == before
    move_by_command(visit, night.isoformat(), anyway=True)
    assert starts_at(visit) == night


@pytest.mark.parametrize("sure", ["perhaps", 7, [], {}, None])
def test_what_is_neither_yes_nor_no_is_refused(visit: Appointment, sure: Any) -> None:
    with pytest.raises(InvalidRequestError, match="true or false"):
        move_by_command(visit, tuesday(3).isoformat(), anyway=sure)


@pytest.mark.parametrize("year", ["9999", "2199", "2040", "0001"])
def test_a_nonsense_year_is_refused_with_the_field_and_the_fix(admin: Client, visit: Appointment, year: str) -> None:
    before = visit.starts_at
    with pytest.raises(InvalidRequestError) as refused:
        move_by_command(visit, f"{year}-12-31T10:00:00+00:00", anyway=True)
    assert refused.value.details == {"field": "starts_at"}
    assert moved(visit, admin, f"{year}-12-31T10:00", anyway="on").status_code in (302, 400)
    assert starts_at(visit) == before


def test_the_form_says_to_check_the_year(admin: Client, visit: Appointment) -> None:
    for year in ("9999", "2199", "2040"):
        assert "Check the year" in moved(visit, admin, f"{year}-12-31T10:00").content.decode()


def test_a_closed_day_is_added_changed_and_removed_by_the_clinic_and_audited(admin: Client) -> None:
    day = (clock.now() + timedelta(days=30)).date()
    assert admin.post(reverse(f"{DAYS}_add"), {"day": str(day), "name": "Staff day"}).status_code == 302
    row = ClosedDay.objects.get()
    assert admin.post(reverse(f"{DAYS}_change", args=[row.pk]), {"day": str(day), "name": "Move"}).status_code == 302
    assert admin.post(reverse(f"{DAYS}_delete", args=[row.pk]), {"post": "yes"}).status_code == 302
    assert not ClosedDay.objects.exists()
    assert set(AuditLog.objects.values_list("action", flat=True)) >= {
        "closed_day.added",
        "closed_day.changed",
        "closed_day.removed",
    }


@pytest.mark.parametrize("role", ["Front desk", "Manager"])
def test_a_closed_day_is_looked_at(logged_in_as: Callable[[str], Client], role: str) -> None:
    row = ClosedDay.objects.create(day=clock.now().date() + timedelta(days=3), name="Staff day")
    page = logged_in_as(role).get(reverse(f"{DAYS}_change", args=[row.pk])).content.decode()
    assert "Staff day" in page
    for asked in ('type="date"', 'type="hidden" name="anyway"'):
        assert (asked in page) is (role == "Manager")
    assert 'type="checkbox" name="anyway"' not in page


def test_a_day_that_has_passed_asks_first(admin: Client) -> None:
    days = [clock.now().astimezone(ZoneInfo(rows.ZONE)).date() - timedelta(days=ago) for ago in (1, 0)]
    answers = [admin.post(reverse(f"{DAYS}_add"), {"day": str(day), "name": "Storm"}) for day in days]
    assert [answer.status_code for answer in answers] == [200, 302]
    page = answers[0].content.decode()
    assert "has passed. Choose a day to come, or tick this." in page
    assert 'type="checkbox" name="anyway"' in page
    sure = {"day": str(days[0]), "name": "Storm", "anyway": "on"}
    assert admin.post(reverse(f"{DAYS}_add"), sure).status_code == 302
    past = ClosedDay.objects.get(day=days[0])
    renamed = {"day": str(days[0]), "name": "Snow storm"}
    assert admin.post(reverse(f"{DAYS}_change", args=[past.pk]), renamed).status_code == 302


@pytest.mark.parametrize("day", ["07/12/2027", "12/07/2027", "7.12.2027", "07-12-27"])
def test_a_day_that_is_read_in_two_ways_is_refused(admin: Client, day: str) -> None:
    answer = admin.post(reverse(f"{DAYS}_add"), {"day": day, "name": "Slip"})
    assert "year-month-day" in answer.content.decode()
    assert not ClosedDay.objects.exists()


@pytest.mark.parametrize("day", ["9999-12-31", "1926-12-25", "2026-02-30", "soon", ""])
def test_a_closed_day_that_makes_no_sense_is_refused(admin: Client, day: str) -> None:
    answer = admin.post(reverse(f"{DAYS}_add"), {"day": day, "name": "Slip"})
    assert answer.status_code == 200
    assert "day" in answer.context["adminform"].form.errors
    assert not ClosedDay.objects.exists()


def test_the_same_day_twice_is_refused_in_plain_words(admin: Client) -> None:
    day = clock.now().date()
    ClosedDay.objects.create(day=day, name="Staff day")
    answer = admin.post(reverse(f"{DAYS}_add"), {"day": str(day), "name": "Again"})
    assert "on the list already" in answer.content.decode()


def test_public_holidays_are_shown_with_a_tick_each_and_only_the_ticked_ones_are_closed(admin: Client) -> None:
    assert reverse("admin:desk_holidays") in admin.get(reverse(f"{DAYS}_changelist")).content.decode()
    page = admin.get(reverse("admin:desk_holidays")).content.decode()
    proposals = holiday_proposals.propose(Business.objects.get())
    wanted = next(iter(proposals.days))
    assert f'value="{wanted}"' in page
    assert not ClosedDay.objects.exists()
    admin.post(reverse("admin:desk_holidays"), {"shown": proposals.token, "day": [str(wanted)]})
    assert list(ClosedDay.objects.values_list("day", flat=True)) == [wanted]


def test_holidays_sent_without_having_been_shown_close_nothing(admin: Client) -> None:
    day = str(next(iter(holiday_proposals.propose(Business.objects.get()).days)))
    for sent in ({"day": [day]}, {"shown": "all", "day": [day]}, {"shown": "x" * 9000}):
        assert admin.post(reverse("admin:desk_holidays"), sent).status_code == 302
    assert not ClosedDay.objects.exists()


def test_who_may_not_change_the_rules_cannot_close_days(logged_in_as: Callable[[str], Client]) -> None:
    assert logged_in_as("Front desk").get(reverse("admin:desk_holidays")).status_code == 403
    assert logged_in_as("Manager").get(reverse("admin:desk_holidays")).status_code == 200
