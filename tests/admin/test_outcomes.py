"""What became of visits in doubt, said for many in one press or one command."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from appointments.models import Appointment, Escalation
from appointments.services import case_endings
from aro import clock
from compliance.models import AuditLog
from tests.admin import rows

PAGE = "/admin/desk/outcomes/"
LIST = reverse("admin:appointments_escalation_changelist")


@pytest.fixture
def doubtful(clinic: None) -> list[Appointment]:
    """Three visits of this morning that somebody had written not to come to."""
    found = [rows.visit(n, starts_at=clock.now() - timedelta(hours=5)) for n in range(3)]
    for visit in found:
        case_endings.ask_for_outcome(visit)
    return found


def states() -> list[str]:
    return list(Appointment.objects.order_by("customer__name").values_list("status", flat=True))


def test_the_list_leads_to_the_page_only_while_there_is_something_to_answer(
    admin: Client, doubtful: list[Appointment]
) -> None:
    assert "Did they come? (3)" in admin.get(LIST).content.decode()
    Escalation.objects.all().delete()
    assert "Did they come?" not in admin.get(LIST).content.decode()


def test_the_page_says_of_each_visit_why_it_is_asked(admin: Client, clinic: None) -> None:
    over = clock.now() - timedelta(hours=5)
    for number, why in enumerate((case_endings.CLOSED, case_endings.REOPENED, "")):
        case_endings.ask_for_outcome(rows.visit(number, starts_at=over), why=why)
    case_endings.ask_for_outcome(rows.visit(3, starts_at=over, status="rescheduled"))
    page = admin.get(PAGE).content.decode()
    for why in ("a day on which you are closed", "reopened after its time", "may not have come", "being moved"):
        assert page.count(why) == 1, why
    assert "somebody had written" not in page


def test_all_came_except_those_marked_otherwise(admin: Client, doubtful: list[Appointment]) -> None:
    page = admin.get(PAGE).content.decode()
    assert page.count('value="came" checked') == 3
    answers = dict(zip((f"visit-{visit.pk}" for visit in doubtful), ("came", "absent", "open"), strict=True))
    assert admin.post(PAGE, answers)["Location"] == LIST
    assert states() == ["completed", "no_show", "booked"]
    assert Escalation.objects.get(status="open").appointment == doubtful[2]
    assert set(AuditLog.objects.values_list("action", flat=True)) >= {"appointment.complete", "appointment.no_show"}


@pytest.mark.parametrize("field", ["visit-x", "visit-", "visit-00000000-0000-0000-0000-000000000000", "other"])
def test_an_answer_about_anything_else_changes_nothing(admin: Client, doubtful: list[Appointment], field: str) -> None:
    other = rows.visit(9, starts_at=clock.now() - timedelta(hours=5))
    answer = admin.post(PAGE, {field: "came", f"visit-{other.pk}": "came", f"visit-{doubtful[0].pk}": "perhaps"})
    assert answer.status_code == 302
    assert set(states()) == {"booked"}


def test_who_may_not_change_visits_may_not_answer(logged_in_as: Callable[[str], Client]) -> None:
    assert logged_in_as("Auditor").get(PAGE).status_code == 403
    assert logged_in_as("Front desk").get(PAGE).status_code == 200


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("appointments_outcomes", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_lists_and_changes_nothing_by_itself(doubtful: list[Appointment]) -> None:
    listed = json.loads(command("--json"))
    assert [row["answer"] for row in listed["rows"]] == ["open"] * 3
    assert "Nothing was changed" in command("--all-came", "--dry-run")
    assert set(states()) == {"booked"}


def test_the_command_says_all_came_except(doubtful: list[Appointment]) -> None:
    command("--all-came", "--absent", str(doubtful[1].pk), "--except", str(doubtful[2].pk), "--yes")
    assert states() == ["completed", "no_show", "booked"]


def test_the_command_refuses_a_visit_nobody_asked_about(doubtful: list[Appointment]) -> None:
    other = rows.visit(9)
    with pytest.raises(CommandError, match="Not asked about"):
        command("--came", str(other.pk), "--yes")
    assert set(states()) == {"booked"}
