"""A list without times of change, or with a word changed elsewhere, undoes nothing that staff did here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from appointments.inbound import BookingCancelled, NoShowReported
from appointments.models import Appointment, Escalation
from appointments.services.visit import standing_again, visits
from aro import clock
from compliance.models import Actor
from tests.integrations.listing import NAME, Listed, booking, by_webhook, created, poll, visit

pytestmark = pytest.mark.usefixtures("business")
S = Appointment.Status
CHANGES: Any = pytest.mark.parametrize("changes", [{}, {"service": "Root canal"}])


def says(listed: Listed, **changes: object) -> None:
    """The list as it is now, looked at: the time of asking stands for the time of the change."""
    listed.news = [created(1, ago=timedelta(0), **changes)]
    poll()


def cases() -> list[str]:
    return list(Escalation.objects.filter(status="open").order_by("created_at").values_list("reason", flat=True))


def move(to: datetime) -> None:
    visits.move(visit(1), to, actor=Actor.ADMIN)


@CHANGES
def test_a_move_stays_when_the_list_is_looked_at_for_the_first_time_and_staff_hear_of_it_once(
    listed: Listed, changes: dict[str, object]
) -> None:
    by_webhook(created(1))
    move(later := visit(1).starts_at + timedelta(days=1))
    says(listed, **changes)
    assert (visit(1).starts_at, visit(1).moves, cases()) == (later, 1, ["other_time_there"])
    assert visit(1).service == changes.get("service", "")
    Escalation.objects.update(status="resolved")
    says(listed, **changes, staff_member="Dr. Ruiz")
    assert (visit(1).starts_at, visit(1).moves, cases()) == (later, 1, [])


def test_a_webhook_about_something_else_undoes_no_move_either() -> None:
    by_webhook(created(1))
    move(later := visit(1).starts_at + timedelta(days=1))
    by_webhook(created(1, ago=timedelta(0), service="Root canal"))
    assert (visit(1).starts_at, visit(1).service) == (later, "Root canal")


def test_a_new_time_at_the_booking_system_counts(listed: Listed) -> None:
    by_webhook(created(1))
    move(visit(1).starts_at + timedelta(days=1))
    says(listed)
    newest = visit(1).starts_at + timedelta(days=3)
    says(listed, starts_at=newest)
    assert (visit(1).starts_at, visit(1).moves, cases()) == (newest, 2, [])


def test_the_case_ends_when_it_is_moved_at_the_booking_system_too(listed: Listed) -> None:
    by_webhook(created(1))
    move(later := visit(1).starts_at + timedelta(days=1))
    says(listed)
    visits.confirm(visit(1), actor=Actor.ADMIN)
    says(listed, starts_at=later)
    assert (visit(1).status, visit(1).moves, cases()) == (S.CONFIRMED, 1, [])
    assert Escalation.objects.get().resolution.endswith("The booking system has the same time now.")


def test_a_visit_moved_before_aro_kept_what_was_told_stays_too(listed: Listed) -> None:
    by_webhook(created(1))
    move(later := visit(1).starts_at + timedelta(days=1))
    Appointment.objects.update(source_starts_at=None, source_status="")
    says(listed, service="Root canal")
    assert (visit(1).starts_at, cases()) == (later, ["other_time_there"])


@CHANGES
def test_a_confirmation_stays(listed: Listed, changes: dict[str, object]) -> None:
    by_webhook(created(1))
    visits.confirm(visit(1), actor=Actor.ADMIN)
    says(listed, **changes)
    assert (visit(1).status, visit(1).confirmation_received, cases()) == (S.CONFIRMED, True, [])


@CHANGES
def test_a_cancelled_visit_stays_cancelled_though_it_was_moved_before(
    listed: Listed, changes: dict[str, object]
) -> None:
    by_webhook(created(1))
    move(visit(1).starts_at + timedelta(days=1))
    visits.cancel(visit(1), actor=Actor.ADMIN, patient_knows=True)
    says(listed, **changes)
    assert (visit(1).status, cases()) == (S.CANCELLED, ["still_booked"])


@CHANGES
def test_a_no_show_stays_though_the_list_says_a_later_time(listed: Listed, changes: dict[str, object]) -> None:
    by_webhook(created(1))
    move(clock.now() - timedelta(hours=1))
    visits.mark_no_show(visit(1), actor=Actor.ADMIN)
    says(listed, **changes)
    assert visit(1).status == S.NO_SHOW


def test_a_no_show_that_only_staff_marked_is_not_taken_back_with_a_change_of_something_else() -> None:
    by_webhook(created(1, starts_at=clock.now() - timedelta(hours=1)))
    visits.mark_no_show(visit(1), actor=Actor.ADMIN)
    by_webhook(NoShowReported(source=NAME, external_id="b-1", absent=False, occurred_at=clock.now()))
    assert visit(1).status == S.NO_SHOW


def test_a_no_show_that_both_marked_is_taken_back_at_the_booking_system() -> None:
    by_webhook(created(1, starts_at=clock.now() - timedelta(hours=1)))
    visits.mark_no_show(visit(1), actor=Actor.ADMIN)
    for absent in (True, False):
        by_webhook(NoShowReported(source=NAME, external_id="b-1", absent=absent, occurred_at=clock.now()))
    assert visit(1).status == S.COMPLETED


def test_a_no_show_that_staff_took_back_stays_none_and_they_hear_of_it_once(listed: Listed) -> None:
    past = clock.now() - timedelta(hours=1)
    by_webhook(created(1, starts_at=past))
    mark = NoShowReported(source=NAME, external_id="b-1", absent=True, occurred_at=clock.now())
    by_webhook(mark)
    standing_again.reopen(visit(1), actor=Actor.ADMIN, actor_id="me", reason="was in the other room")
    for service in ("", "Cleaning"):
        told = booking(1, starts_at=past, service=service)
        listed.news = [replace(mark, occurred_at=clock.now(), booking=told)]
        poll()
    assert (visit(1).status, cases()) == (S.BOOKED, ["still_no_show"])


def test_a_cancelled_visit_that_staff_reopened_stays_open_and_they_hear_of_it_once(listed: Listed) -> None:
    by_webhook(created(1))
    gone = BookingCancelled(booking=booking(1), occurred_at=clock.now())
    by_webhook(gone)
    standing_again.reopen(visit(1), actor=Actor.ADMIN, actor_id="me", reason="comes after all")
    for service in ("", "Cleaning"):
        listed.news = [replace(gone, occurred_at=clock.now(), booking=booking(1, service=service))]
        poll()
    assert (visit(1).status, cases()) == (S.BOOKED, ["still_cancelled"])


def test_a_cancellation_after_it_was_booked_again_there_counts() -> None:
    by_webhook(created(1))
    by_webhook(BookingCancelled(booking=booking(1), occurred_at=clock.now()))
    standing_again.reopen(visit(1), actor=Actor.ADMIN, actor_id="me", reason="comes after all")
    by_webhook(created(1, ago=timedelta(0)))
    by_webhook(BookingCancelled(booking=booking(1), occurred_at=clock.now()))
    assert visit(1).status == S.CANCELLED
