"""The visit's states: what the table allows, and nothing else."""

from __future__ import annotations

from itertools import product

import pytest

from appointments import states
from appointments.models import Appointment, StatusChange
from aro import clock
from aro.errors import ConflictError
from compliance.models import Actor
from tests.factories import AppointmentFactory

pytestmark = pytest.mark.django_db
S = Appointment.Status


@pytest.mark.parametrize(("before", "after"), list(product(S.values, S.values)))
def test_only_what_the_table_allows_happens(before: str, after: str) -> None:
    visit = AppointmentFactory.create(status=before)
    if after in states.ALLOWED[before]:
        states.change(visit, after, now=clock.now(), actor=Actor.ADMIN)
        assert Appointment.objects.get().status == after
        assert StatusChange.objects.values_list("before", "after").get() == (before, after)
    else:
        with pytest.raises(ConflictError):
            states.change(visit, after, now=clock.now(), actor=Actor.ADMIN)
        assert Appointment.objects.get().status == before
        assert not StatusChange.objects.exists()


@pytest.mark.parametrize("before", [S.BOOKED, S.CONFIRMED])
def test_aro_itself_never_cancels(before: str) -> None:
    visit = AppointmentFactory.create(status=before)
    with pytest.raises(ConflictError, match="never cancels"):
        states.change(visit, S.CANCELLED, now=clock.now(), actor=Actor.SYSTEM)
    with pytest.raises(ConflictError, match="never cancels"):
        states.change(visit, S.CANCELLED, now=clock.now(), actor=Actor.SYSTEM, reason="because", override=True)
    assert Appointment.objects.get().status == before


def test_a_finished_visit_is_reopened_only_with_a_reason() -> None:
    visit = AppointmentFactory.create(status=S.COMPLETED)
    with pytest.raises(ConflictError, match="reason"):
        states.change(visit, S.BOOKED, now=clock.now(), actor=Actor.ADMIN, override=True)
    states.change(visit, S.BOOKED, now=clock.now(), actor=Actor.ADMIN, override=True, reason="wrong button")
    assert StatusChange.objects.get().override


def test_of_two_who_change_a_visit_at_once_only_one_wins() -> None:
    first = AppointmentFactory.create()
    second = Appointment.objects.get(pk=first.pk)
    states.change(first, S.CONFIRMED, now=clock.now(), actor=Actor.USER)
    with pytest.raises(ConflictError, match="meanwhile"):
        states.change(second, S.CANCELLED, now=clock.now(), actor=Actor.ADMIN)
    assert Appointment.objects.get().status == S.CONFIRMED
