"""What a workflow does next is said in its own words, and of a run that is over nothing is said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from appointments.models import Deposit
from aro.desk.show import humanized
from tests.admin import rows
from workflows.definitions import FORMER, SHIPPED
from workflows.desk.words import step_words
from workflows.engine.definition import Definition
from workflows.models import WorkflowInstance

Status = WorkflowInstance.Status


@pytest.mark.parametrize("definition", [*SHIPPED, *FORMER], ids=lambda one: f"{one.name}-{one.version}")
def test_each_step_of_each_workflow_has_words(definition: Definition) -> None:
    for step in definition.steps:
        run = WorkflowInstance(definition=definition.name, step=step.__name__, status=Status.WAITING)
        assert step_words(run) != humanized(step.__name__), step.__name__


def test_reminders_that_end_say_nothing_of_a_deposit() -> None:
    run = WorkflowInstance(definition="appointment-reminder-sequence", step="over", status=Status.RUNNING)
    assert "deposit" not in step_words(run)


def test_the_wait_after_a_reminder_does_not_promise_a_call() -> None:
    run = WorkflowInstance(definition="appointment-reminder-sequence", step="no_answer", status=Status.WAITING)
    assert "next reminder" in step_words(run)


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.CANCELLED])
def test_a_run_that_is_over_has_no_next_step(admin: Client, status: str) -> None:
    run = rows.run(rows.visit(), status=status, step="over", wake_at=None)
    page = admin.get(reverse("admin:appointments_appointment_change", args=[run.appointment_id])).content.decode()
    assert "Next step" not in page
    assert "Close the" not in admin.get("/admin/workflows/workflowinstance/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("open", "Remind of the deposit, unless paid"),
        ("processing", "Wait for the payment that is under way"),
        ("closed", "Close the deposit request"),
    ],
)
def test_no_reminder_of_a_deposit_is_announced_that_nobody_will_get(status: str, words: str) -> None:
    visit = rows.visit()
    run = rows.run(visit, definition="deposit-request", step="remind")
    Deposit.objects.create(appointment=visit, amount=Decimal(50), currency="USD", status=status)
    assert step_words(run) == words
