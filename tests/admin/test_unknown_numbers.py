"""A case about somebody whom the clinic does not know: the number and the words are all that staff have."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from appointments.inbound import ReplyReceived
from appointments.models import Escalation
from aro import clock
from aro.ids import new_id
from compliance.models import AuditLog
from integrations.inbound import routing
from tests.admin import rows
from workflows.desk import roles

NUMBER, LIST = "+12025550302", "/admin/appointments/escalation/"


def _writes(text: str, sender: str = NUMBER) -> Escalation:
    news = ReplyReceived(
        text=text, provider_id=f"SM{new_id().hex}", channel="sms", occurred_at=clock.now(), sender=sender
    )
    routing.apply(news, correlation_id=new_id())
    return Escalation.objects.filter(status="open").order_by("-created_at")[:1].get()


def _page(client: Client, case: Escalation) -> str:
    return client.get(reverse("admin:appointments_escalation_change", args=[case.pk])).content.decode()


@pytest.mark.parametrize("text", ["help my father collapsed", "do you also do root canals?", "hmm maybe the blue one"])
@pytest.mark.parametrize("role", [roles.FRONT_DESK, roles.MANAGER])
def test_a_number_that_is_nobodys_can_be_called_from_its_case(
    logged_in_as: Callable[[str], Client], role: str, text: str
) -> None:
    case = _writes(text)
    page = _page(logged_in_as(role), case)
    assert f'<a href="tel:{NUMBER}">{NUMBER}</a>' in page
    assert f"<q>{text}</q>" in page
    assert AuditLog.objects.filter(action="escalation.viewed", resource_id=str(case.pk)).exists()


@pytest.mark.parametrize(("role", "seen"), [(roles.FRONT_DESK, "*** 02"), (roles.MANAGER, NUMBER)])
@pytest.mark.parametrize("address", [LIST, "/admin/"])
def test_lists_show_who_wrote_and_what_as_far_as_the_role_allows(
    logged_in_as: Callable[[str], Client], role: str, seen: str, address: str
) -> None:
    _writes("help my father collapsed")
    page = logged_in_as(role).get(address).content.decode()
    assert "<q>help my father collapsed</q>" in page
    assert seen in page
    assert (NUMBER in page) == (role == roles.MANAGER)


def test_what_they_write_next_is_on_the_same_page(admin: Client) -> None:
    case = _writes("help my father collapsed")
    _writes("12 Oak Street")
    assert "<q>12 Oak Street</q>" in _page(admin, case)


def test_a_known_patients_words_are_on_their_case_too(admin: Client) -> None:
    page = _page(admin, _writes("do you also do root canals?", rows.visit(1).customer.phone))
    assert "<q>do you also do root canals?</q>" in page
    assert "Wrote from" not in page


def test_a_case_and_a_message_without_a_visit_are_in_the_clinics_time(admin: Client) -> None:
    page = _page(admin, _writes("help my father collapsed"))
    assert "(America/New_York)" in page
    assert "UTC" not in page
    messages = admin.get("/admin/appointments/message/").content.decode()
    assert "America/New_York" in messages
    assert "UTC" not in messages
