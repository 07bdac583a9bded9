"""A clinic's own list of reminders: how it is written, kept and taken over by visits that are booked."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps

from appointments import reminders
from appointments.models import Appointment, Business, Message, MessageTemplate
from aro.queue import tick
from tests.factories import BusinessFactory
from tests.workflows.test_reminders import at, sent

needs_rows = pytest.mark.django_db(transaction=True)


@needs_rows
def test_a_list_that_is_changed_meanwhile_repeats_nothing() -> None:
    def changes(visit: Appointment) -> None:
        business = Business.objects.get()
        business.reminder_hours = [50, 48, 24, 12]
        business.save()

    sent(72, 48, 45, 24, 20, 12, between=changes)
    said = Message.objects.filter(kind__startswith="reminder", status="delivered").values_list("planned_for", flat=True)
    starts = Appointment.objects.get().starts_at
    assert sorted((starts - at) / timedelta(hours=1) for at in said if at) == [12, 24, 48]


def lists(*hours: int) -> None:
    business = Business.objects.get()
    business.reminder_hours = list(hours)
    business.save()
    tick.drain(["events", "timers"])


def reminded_at(visit: Appointment) -> list[float]:
    said = Message.objects.filter(kind__startswith="reminder", status="delivered").order_by("planned_for")
    return [(visit.starts_at - at) / timedelta(hours=1) for at in said.values_list("planned_for", flat=True) if at]


@needs_rows
def test_a_longer_list_is_taken_over_by_visits_that_are_booked() -> None:
    visit = sent(96)
    lists(72, 48, 24, 2)
    for before in (72, 48, 24, 2):
        at(visit, before)
    assert reminded_at(visit) == [72, 48, 24, 2]


@needs_rows
def test_a_new_list_sends_nothing_late_only_because_it_was_saved() -> None:
    visit = sent(96)
    with time_machine.travel(visit.starts_at - timedelta(hours=60), tick=True):
        lists(72, 48, 24)
    for before in (59, 48, 24):
        at(visit, before)
    assert reminded_at(visit) == [48, 24]


@needs_rows
def test_a_list_that_was_saved_while_none_were_sent_begins_with_the_next() -> None:
    visit = sent(96, hours=[])
    lists(12, 2)
    for before in (12, 2):
        at(visit, before)
    assert reminded_at(visit) == [12, 2]


@pytest.mark.parametrize(
    ("typed", "words"), [("1000000", "1 to 336"), ("500", "1 to 336"), ("72 48 24 2", "Put a comma"), ("x", "1 to 336")]
)
def test_a_list_that_cannot_be_read_names_the_limit_or_the_comma(typed: str, words: str) -> None:
    with pytest.raises(reminders.RemindersError, match=words):
        reminders.parse(typed)


@needs_rows
def test_each_reminder_is_planned_for_the_channel_that_the_list_names() -> None:
    def changes(visit: Appointment) -> None:
        Business.objects.update(reminders=reminders.stored(reminders.parse("48, 24 by email, 12 by sms")))

    sent(72, 48, 45, 24, 20, 12, between=changes)
    planned = Message.objects.filter(kind__startswith="reminder").order_by("planned_for")
    assert list(planned.values_list("wished_channel", flat=True)) == ["", "email", "sms"]


@needs_rows
def test_a_list_from_before_goes_by_no_channel_of_its_own_and_there_and_back_is_the_same() -> None:
    before = [{"hours": 24, "tone": "urgent", "wait": 4}]
    business = BusinessFactory.create(reminders=before)
    assert [one.channel for one in business.reminder_list] == [""]
    channels = importlib.import_module("appointments.migrations.0027_reminders_without_a_channel")
    channels.to_channels(apps, None)
    assert Business.objects.get().reminders == [{**before[0], "channel": ""}]
    channels.to_none(apps, None)
    assert Business.objects.get().reminders == before


@needs_rows
def test_a_clinics_hours_and_own_wordings_are_carried_over_and_back() -> None:
    carried = importlib.import_module("appointments.migrations.0009_reminders_from_hours")
    assert [(one["hours"], one["tone"], one["wait"]) for one in carried.as_meant([24, 72, 48])] == [
        (72, "friendly", 2),
        (48, "friendly", 2),
        (24, "urgent", 4),
    ]
    assert carried.as_meant([3, 2]) == [
        {"hours": 3, "tone": "friendly", "wait": 1},
        {"hours": 2, "tone": "urgent", "wait": 2},
    ]
    MessageTemplate.objects.create(name="reminder_24h", category="reminder", body="{{ business_name }}: ours.")
    carried.rename(apps, carried.NAMES)
    assert MessageTemplate.objects.get().name == "reminder_last"
