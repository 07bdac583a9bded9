"""Whoever was to be reminded and never was, since all of it came too late, is a case of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from appointments.models import Appointment, Escalation, Message
from appointments.services.visit import visits
from aro.queue import tick
from compliance import consent
from compliance.models import Actor
from tests.workflows.test_reminders import sent, titles

NOT_REMINDED = "Not confirmed {} before the visit, and no reminder went out in time."


needs_rows = pytest.mark.django_db(transaction=True)


def unreminded() -> list[str]:
    return list(Escalation.objects.filter(reason="not_reminded").values_list("title", flat=True))


@needs_rows
@pytest.mark.parametrize(("before", "words"), [(0.5, "30 minutes"), (2, "2 hours"), (3.9, "4 hours"), (1, "1 hour")])
def test_a_jump_of_the_clock_over_every_reminder_is_told(before: float, words: str) -> None:
    sent(80, 74, before)
    assert (unreminded(), titles()) == ([NOT_REMINDED.format(words)], [])
    assert Escalation.objects.get().priority == Escalation.Priority.HIGH


@needs_rows
def test_reminders_that_came_too_late_at_the_carrier_are_told_as_well() -> None:
    visit = sent(80, 74)
    for before in (48, 24, 5.9):
        with time_machine.travel(visit.starts_at - timedelta(hours=before) + timedelta(seconds=2), tick=True):
            tick.drain(["events", "timers"])
            Message.objects.filter(status="planned").update(status="blocked", reason="stale")
    assert unreminded() == [NOT_REMINDED.format("6 hours")]


@needs_rows
@pytest.mark.parametrize(("ahead", "looked_at"), [(3, (0.5,)), (20, (5.9, 0.5)), (80, (48, 24, 5.9)), (80, (74, -1))])
def test_who_was_reminded_booked_late_or_is_there_already_is_no_such_case(
    ahead: float, looked_at: tuple[float, ...]
) -> None:
    sent(ahead, *looked_at)
    assert unreminded() == []


@needs_rows
@pytest.mark.parametrize("what", ["confirmed", "stop", "cannot come"])
def test_nor_who_has_said_something_by_then(what: str) -> None:
    def says(visit: Appointment) -> None:
        if what == "confirmed":
            with transaction.atomic():
                visits.confirm(Appointment.objects.get(), actor=Actor.USER)
        elif what == "stop":
            consent.suppress(visit.customer.phone, source="keyword")
        else:
            Appointment.objects.update(last_reply_label="CANCEL")

    sent(80, 74, 0.5, between=says)
    assert unreminded() == []
