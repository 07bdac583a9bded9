from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction

from appointments.models import Appointment, Business, Customer, Escalation, Message
from appointments.services.visit import visits
from aro.models import Due
from compliance.models import Actor, Event
from workflows import demo
from workflows.desk.roles import ROLES

MORNING = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # 11:00 in Boston
pytestmark = pytest.mark.django_db


def test_the_practice_clinic_has_patients_a_past_and_a_day() -> None:
    demo.build(now=MORNING)
    assert Customer.objects.count() == 12
    assert set(Appointment.objects.values_list("status", flat=True)) >= {"completed", "no_show", "confirmed", "booked"}


def test_nobody_is_texted_about_the_practice_clinic() -> None:
    demo.build(now=MORNING)
    assert not Event.objects.filter(type__startswith="appointment.").exists()
    assert not Due.objects.exclude(lane__in=["events", "sweeps"]).exists()
    assert not Message.objects.filter(status__in=["planned", "held", "sending"]).exists()


def test_a_clinic_that_exists_is_left_alone() -> None:
    Business.objects.create(name="Real Clinic")
    assert demo.build(now=MORNING) is None
    assert not Customer.objects.exists()


def test_the_command_may_run_twice() -> None:
    call_command("demo", verbosity=0)
    call_command("demo", verbosity=0)
    assert Business.objects.count() == 1


def test_roles_are_made_with_it() -> None:
    call_command("demo", verbosity=0)
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


def test_the_practice_clinics_visits_end_like_any_other_and_their_cases_with_them() -> None:
    demo.build(now=MORNING)
    waiting = Appointment.objects.get(escalations__reason="no_answer")
    with transaction.atomic():
        visits.complete(waiting, actor=Actor.SYSTEM)
    assert not Escalation.objects.filter(appointment=waiting, status="open").exists()
    assert Due.objects.filter(lane="sweeps").exists()
