"""Who of the staff did it is read where staff work, by the roles that may read their names."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from appointments.models import Escalation, StatusChange
from compliance.models import Actor
from tests.admin import rows
from workflows.desk import roles

DONE = "escalation.resolve"
CASES = reverse("admin:appointments_escalation_changelist")


@pytest.fixture
def maria(logged_in_as: Callable[[str], Client]) -> Client:
    """Named after her role, "front"."""
    return logged_in_as(roles.FRONT_DESK)


@pytest.fixture
def noor(maria: Client) -> Client:
    user = User.objects.create_user("noor", "", "not-a-real-password", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.FRONT_DESK))
    client = Client()
    client.force_login(user)
    return client


def press(who: Client, command: str, row: object, **payload: str) -> str:
    address = reverse("admin:desk_act", args=[command, getattr(row, "pk", row)])
    return words(who.post(address, payload, follow=True).content.decode())


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", page))


def test_who_presses_done_second_reads_who_was_first_and_is_offered_no_undo(maria: Client, noor: Client) -> None:
    case = rows.case(about=rows.visit())
    press(maria, DONE, case)
    said = press(noor, DONE, case)
    assert "This case is done already: by front, " in said
    assert Escalation.objects.get().resolved_by == "front"
    assert "Undo" not in said


def test_from_the_list_too(maria: Client, noor: Client) -> None:
    case = rows.case(about=rows.visit())
    press(maria, DONE, case)
    chosen = {"action": "mark_done", "_selected_action": [str(case.pk)]}
    assert "done already: by front" in words(noor.post(f"{CASES}?state=all", chosen, follow=True).content.decode())


def test_a_case_that_ended_by_itself_says_so(maria: Client) -> None:
    visit = rows.visit()
    case = rows.case(about=visit)
    press(maria, "appointment.cancel", visit, reason="a slip")
    assert "This case ended by itself already" in press(maria, DONE, case)


def test_the_case_its_list_and_the_visit_say_who_did_it(maria: Client, noor: Client) -> None:
    visit = rows.visit()
    case = rows.case(about=visit)
    press(maria, DONE, case)
    press(maria, "appointment.cancel", visit, reason="ill")
    page = noor.get(reverse("admin:appointments_escalation_change", args=[case.pk])).content.decode()
    assert "Done by front" in words(page)
    assert "Done by front" in words(noor.get(f"{CASES}?state=all").content.decode())
    page = words(noor.get(reverse("admin:appointments_appointment_change", args=[visit.pk])).content.decode())
    assert "by front (Staff): ill" in page
    assert "Done by front." in page


def test_status_changes_say_by_whom(maria: Client) -> None:
    about = rows.visit()
    press(maria, "appointment.confirm", about)
    StatusChange.objects.create(
        appointment=about, before="confirmed", after="cancelled", at=about.created_at, actor=Actor.USER, actor_id="x1"
    )
    page = maria.get(reverse("admin:appointments_statuschange_changelist")).content.decode()
    found = re.findall(r'<td class="field-who[^>]*>(.*?)</td>', page, re.DOTALL)
    assert sorted(words(cell).strip() for cell in found) == ["Patient", "front Staff"]


def test_who_may_not_read_names_of_staff_reads_none(clinic: None) -> None:
    visit = rows.visit()
    case = rows.case(about=visit, status="resolved", resolved_by="maria", resolved_at=visit.created_at)
    StatusChange.objects.create(
        appointment=visit, before="booked", after="cancelled", at=visit.created_at, actor=Actor.ADMIN, actor_id="maria"
    )
    user = User.objects.create_user("guest", "", "not-a-real-password", is_staff=True)
    user.user_permissions.set(
        roles._permissions(frozenset({"appointments.view_appointment", "appointments.view_escalation"}))
    )
    guest = Client()
    guest.force_login(user)
    for page, row in (("appointment", visit), ("escalation", case)):
        shown = guest.get(reverse(f"admin:appointments_{page}_change", args=[row.pk]))
        assert (shown.status_code, "maria" in shown.content.decode()) == (200, False)
