"""Trying again from the lists: a page says what would happen, and only its button does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from aro.models import DeadLetter, Due
from compliance.models import AuditLog
from integrations.models import Receipt
from tests.admin import rows
from workflows.desk import roles
from workflows.desk.actions import replaying
from workflows.models import Execution

RECEIPTS, EXECUTIONS = "admin:integrations_receipt_changelist", "admin:workflows_execution_changelist"
LETTERS = "admin:aro_deadletter_changelist"


def press(client: Client, page: str, *chosen: Any, confirmed: bool = False) -> Any:
    sent = {"action": "replay", "_selected_action": [str(row.pk) for row in chosen]}
    return client.post(reverse(page), sent | ({"confirmed": "yes"} if confirmed else {}))


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def receipt(outcome: str = "failed") -> Receipt:
    return Receipt.objects.create(source="calendly", delivery_key=str(uuid4()), body=b"{}", outcome=outcome)


def execution(status: str) -> Execution:
    return Execution.objects.create(key=str(uuid4()), command_type="x", correlation_id=uuid4(), status=status)


def test_the_page_says_what_would_happen_and_changes_nothing(admin: Client) -> None:
    chosen = [receipt(), receipt(), receipt("applied")]
    before = list(Receipt.objects.order_by("pk").values())
    page = press(admin, RECEIPTS, *chosen).content.decode()
    assert "It is processed again." in page
    assert "It was applied already." in page
    assert "Try 2 again" in page
    assert list(Receipt.objects.order_by("pk").values()) == before
    assert not Due.objects.exists()
    assert not AuditLog.objects.filter(action="receipt.replay").exists()


def test_its_button_makes_the_deliveries_due_and_is_audited(admin: Client) -> None:
    chosen = [receipt(), receipt("applied")]
    answer = press(admin, RECEIPTS, *chosen, confirmed=True)
    assert "1 are being tried again, 1 stay as they are." in said(answer)
    assert [due.ref for due in Due.objects.filter(lane="receipts")] == [chosen[0].pk]
    assert AuditLog.objects.filter(action="receipt.replay", actor_id="ada").count() == 2


def test_what_is_done_is_refused_in_plain_words(admin: Client) -> None:
    done, failed = execution("done"), execution("failed")
    page = press(admin, EXECUTIONS, done, failed).content.decode()
    assert "could send it twice" in page
    answer = press(admin, EXECUTIONS, done, failed, confirmed=True)
    assert "1 refused" in said(answer)
    assert [due.ref for due in Due.objects.filter(lane="executions")] == [failed.pk]


def test_a_page_with_nothing_to_do_has_no_button(admin: Client) -> None:
    assert "again</button>" not in press(admin, RECEIPTS, receipt("applied")).content.decode()


def test_dead_letters_ask_first_too(admin: Client) -> None:
    letter = rows.letter()
    assert "It is done again." in press(admin, LETTERS, letter).content.decode()
    assert DeadLetter.objects.get().replayed_at is None
    press(admin, LETTERS, letter, confirmed=True)
    assert DeadLetter.objects.get().replayed_at is not None


def test_a_letters_own_page_says_what_its_button_would_do(admin: Client) -> None:
    letter = rows.letter(lane="nothing-here")
    page = admin.get(reverse("admin:desk_act", args=["dead_letter.replay", letter.pk])).content.decode()
    assert "Nothing in this release works on the lane nothing-here." in page


def test_more_than_a_page_can_carry_is_left_to_the_command_line(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "MOST_AT_ONCE", 1)
    assert "aro webhooks:replay" in said(press(admin, RECEIPTS, receipt(), receipt(), confirmed=True))
    assert not Due.objects.exists()


@pytest.mark.parametrize("page", [RECEIPTS, EXECUTIONS])
def test_an_operator_may_and_the_front_desk_may_not(logged_in_as: Callable[[str], Client], page: str) -> None:
    row = receipt() if page == RECEIPTS else execution("failed")
    press(logged_in_as(roles.FRONT_DESK), page, row, confirmed=True)
    assert not Due.objects.exists()
    press(logged_in_as(roles.OPERATOR), page, row, confirmed=True)
    assert Due.objects.count() == 1
