"""Dead letters in great number, pressed twice at once, about a cause that remains, about bytes that are no text."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.models import Business, Escalation
from appointments.services import escalations
from aro import clock
from aro.models import DeadLetter, Due
from compliance.models import Actor
from integrations.models import Receipt
from tests.factories import AppointmentFactory
from tests.integrations import signers
from tests.integrations.inbound.test_receipts import SECRET, deliver, upcoming
from tests.integrations.inbound.test_receipts import work as process
from tests.integrations.inbound.test_replays import MALFORMED, answer, aro
from workflows.commands import bus

pytestmark = pytest.mark.django_db
CASES = "admin:appointments_escalation_changelist"
LETTERS = "admin:aro_deadletter_changelist"
MANY = 10_000


@pytest.fixture
def admin(business: Business) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("ada", "", "not-a-real-password"))
    return client


def letters(count: int) -> None:
    at = clock.now()
    values = {"lane": "receipts", "error_code": "malformed", "error_message": "x", "attempts": 1}
    moments = {"first_attempt_at": at, "last_attempt_at": at}
    DeadLetter.objects.bulk_create((DeadLetter(ref=uuid4(), **values, **moments) for _ in range(count)), 1000)


def test_ten_thousand_are_a_page_of_a_hundred_and_a_list_of_five_hundred(admin: Client) -> None:
    letters(MANY)
    with CaptureQueriesContext(connection) as asked:
        page = admin.get(reverse(LETTERS))
    assert page.status_code == 200
    assert page.content.count(b'name="_selected_action"') <= 100
    assert len(asked) < 40
    assert len(json.loads(aro("dlq:list", json=True)[0])) == 500
    assert len(json.loads(aro("dlq:list", json=True, limit=7)[0])) == 7
    assert json.loads(aro("dlq:stats", json=True)[0])[0]["count"] == MANY


@pytest.mark.parametrize(("action", "command"), [("archive", "aro dlq:archive"), ("replay", "aro dlq:replay")])
def test_all_of_them_at_once_are_for_the_command_line(admin: Client, action: str, command: str) -> None:
    letters(501)
    sent = {
        "action": action,
        "select_across": "1",
        "_selected_action": [str(DeadLetter.objects.values_list("pk", flat=True)[0])],
    }
    told = admin.post(reverse(LETTERS), sent)
    assert f"For more, use the command line: {command}" in " ".join(map(str, get_messages(told.wsgi_request)))
    assert DeadLetter.objects.filter(archived_at=None).count() == 501


def test_what_is_refused_of_many_is_said_once(admin: Client) -> None:
    for number in range(3):
        visit = AppointmentFactory.create()
        escalations.escalate(key=f"past:{number}", reason="past_no_outcome", appointment=visit)
    chosen = [str(pk) for pk in Escalation.objects.values_list("pk", flat=True)]
    told = admin.post(reverse(CASES), {"action": "mark_done", "_selected_action": chosen})
    (said,) = get_messages(told.wsgi_request)
    assert str(said).startswith("3 refused: Say what became of the visit")


def broken(client: Client, body: bytes = MALFORMED) -> DeadLetter:
    deliver(client, body)
    process()
    return DeadLetter.objects.get()


def test_while_the_cause_remains_each_replay_leaves_one_open_letter(client: Client, business: Business) -> None:
    letter = broken(client)
    for _ in range(3):
        assert answer("dlq:replay", letter.id)["again"] == 1
        process()
        letter = DeadLetter.objects.get(archived_at=None)
    assert DeadLetter.objects.count() == 4
    assert Receipt.objects.count() == 1


NO_TEXT = [b"\xff\xfe{", b'{"event": "\xc3\x28"}', b"\x00" * 40, b"[" * 5000]


@pytest.mark.parametrize("body", NO_TEXT, ids=range(4))
def test_bytes_that_are_no_text_are_refused_at_the_door_and_a_letter_about_them_is_like_others(
    client: Client, admin: Client, body: bytes
) -> None:
    headers = signers.calendly(body, secret=SECRET, at=clock.now().timestamp())
    refused = client.generic("POST", "/webhooks/calendly", body, "application/json", headers=headers)
    assert (refused.status_code, Receipt.objects.count()) == (400, 0)
    letter = broken(client)
    Receipt.objects.update(body=body)
    shown, status = aro("dlq:show", letter.id)
    assert (status, str(letter.id) in shown) == (0, True)
    assert admin.get(reverse("admin:aro_deadletter_change", args=[letter.pk])).status_code == 200
    assert answer("dlq:replay", letter.id)["again"] == 1
    process()
    assert DeadLetter.objects.filter(archived_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_is_done_once(client: Client, business: Business) -> None:
    letter = broken(client)
    Receipt.objects.update(body=upcoming("invitee.created"))
    together = Barrier(2)

    def press() -> str:
        together.wait(30)
        payload = {"dead_letter_id": str(letter.id)}
        try:
            return str(
                bus.execute(command="dead_letter.replay", payload=payload, actor=Actor.ADMIN, actor_id="ada")["does"]
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        said = sorted(one.result(60) for one in [both.submit(press) for _ in range(2)])
    assert said == ["again", "unchanged"]
    assert Due.objects.filter(lane="receipts").count() == 1
