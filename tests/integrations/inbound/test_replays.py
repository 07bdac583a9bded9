"""Replaying by hand: a failed delivery is applied, an applied one stays as it is, no text is sent twice."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from appointments.models import Appointment, Business, Message
from aro import clock
from aro.errors import ConflictError
from aro.models import DeadLetter, Due
from aro.queue import due, tick, work
from aro.queue import lanes as lane_registry
from compliance import consent
from compliance.models import AuditLog
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from tests.admin import rows
from tests.integrations.carriers.test_twilio_api import message as carrier_message
from tests.integrations.carriers.test_twilio_api import page
from tests.integrations.inbound.test_receipts import deliver, upcoming
from tests.integrations.inbound.test_receipts import work as process
from tests.integrations.loopback import Loopback, http
from workflows.commands import bus
from workflows.models import Execution

MALFORMED = b'{"event": "invitee.created", "payload": {}}'
Ex = Execution.Status


def aro(command: str, *arguments: object, **options: Any) -> tuple[str, int]:
    """What the command prints, and its exit status."""
    out, status = io.StringIO(), 0
    try:
        call_command(command.replace(":", "_"), *map(str, arguments), stdout=out, stderr=io.StringIO(), **options)
    except SystemExit as end:
        status = int(str(end.code))
    return out.getvalue(), status


def answer(command: str, *arguments: object, **options: Any) -> dict[str, Any]:
    printed, _ = aro(command, *arguments, json=True, **options)
    found: dict[str, Any] = json.loads(printed)
    return found


@pytest.fixture
def failed(client: Client, business: Business) -> Receipt:
    """A delivery that could not be read when it came, but can be now."""
    deliver(client, MALFORMED)
    process()
    receipt = Receipt.objects.get()
    assert receipt.outcome == Receipt.Outcome.FAILED
    Receipt.objects.filter(pk=receipt.pk).update(body=upcoming("invitee.created"))
    return receipt


def test_a_failed_delivery_is_applied_when_it_is_replayed(failed: Receipt) -> None:
    assert answer("webhooks:replay", failed.id)["again"] == 1
    process()
    failed.refresh_from_db()
    assert failed.outcome == Receipt.Outcome.APPLIED
    assert Appointment.objects.count() == 1
    assert not DeadLetter.objects.filter(archived_at=None).exists()
    assert AuditLog.objects.filter(action="receipt.replay", resource_id=str(failed.id)).count() == 1


def test_a_dead_letter_about_a_delivery_is_replayed_with_it(failed: Receipt) -> None:
    letter = DeadLetter.objects.get()
    assert answer("dlq:replay", letter.id)["again"] == 1
    process()
    assert Appointment.objects.count() == 1
    assert answer("dlq:replay", letter.id)["unchanged"] == 1
    process()
    assert Appointment.objects.count() == 1


def test_a_dry_run_says_what_would_be_done_and_does_nothing(failed: Receipt) -> None:
    before = list(Receipt.objects.values()), list(DeadLetter.objects.values()), list(Due.objects.values())
    said = answer("webhooks:replay", "--all", dry_run=True)
    assert (said["dry_run"], said["again"]) == (True, 1)
    assert answer("dlq:replay", "--all", dry_run=True)["again"] == 1
    assert (list(Receipt.objects.values()), list(DeadLetter.objects.values()), list(Due.objects.values())) == before
    assert not AuditLog.objects.filter(action__endswith=".replay").exists()


def test_a_delivery_that_was_applied_stays_as_it_is(client: Client, business: Business) -> None:
    deliver(client, upcoming("invitee.created"))
    process()
    before = Receipt.objects.values().get()
    assert answer("webhooks:replay", before["id"])["unchanged"] == 1
    process()
    assert Receipt.objects.values().get() == before
    assert Appointment.objects.count() == 1
    assert not Due.objects.filter(lane="receipts").exists()


def test_a_delivery_replayed_twice_is_applied_once(failed: Receipt) -> None:
    for _ in range(2):
        answer("webhooks:replay", failed.id)
    process()
    assert answer("webhooks:replay", failed.id)["unchanged"] == 1
    process()
    assert Appointment.objects.count() == 1


def test_what_is_still_wrong_comes_back_as_a_new_letter(client: Client, business: Business) -> None:
    deliver(client, MALFORMED)
    process()
    first = DeadLetter.objects.get()
    answer("dlq:replay", first.id)
    process()
    assert Receipt.objects.get().outcome == Receipt.Outcome.FAILED
    assert DeadLetter.objects.filter(archived_at=None).exclude(pk=first.pk).count() == 1


def test_a_delivery_of_a_provider_that_is_gone_is_refused_in_plain_words(failed: Receipt) -> None:
    Receipt.objects.update(source="yesterday")
    printed, status = aro("webhooks:replay", failed.id)
    assert status == 1
    assert "Nothing in this release reads deliveries from yesterday" in printed


def test_many_are_not_replayed_by_accident(failed: Receipt) -> None:
    with pytest.raises(CommandError, match="--all"):
        aro("webhooks:replay")
    with pytest.raises(CommandError, match="--yes"):
        aro("webhooks:replay", "--all", json=True)
    assert not Due.objects.filter(lane="receipts").exists()
    assert answer("webhooks:replay", "--all", yes=True)["again"] == 1


def test_an_unknown_id_stops_everything_before_it_begins(failed: Receipt) -> None:
    with pytest.raises(CommandError, match="no such id"):
        aro("webhooks:replay", failed.id, uuid4())
    assert Receipt.objects.get().outcome == Receipt.Outcome.FAILED


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        (["--source", "calendly"], 1),
        (["--source", "stripe"], 0),
        (["--code", "malformed"], 1),
        (["--code", "other"], 0),
        (["--since", "1h"], 1),
        (["--since", "2090-01-01"], 0),
    ],
)
def test_filters_choose(failed: Receipt, arguments: list[str], chosen: int) -> None:
    assert answer("webhooks:replay", *arguments, dry_run=True)["again"] == chosen
    assert answer("dlq:replay", *arguments, dry_run=True)["again"] == chosen
    assert len(json.loads(aro("dlq:list", *arguments, json=True)[0])) == chosen
    assert len(json.loads(aro("webhooks:list", *arguments, json=True)[0])) == chosen


def test_lists_show_ids_and_never_what_was_sent(failed: Receipt) -> None:
    Receipt.objects.update(body=upcoming("invitee.created"))
    listed = aro("webhooks:list")[0] + aro("dlq:list")[0] + aro("dlq:show", DeadLetter.objects.get().id)[0]
    assert str(failed.id) in listed
    assert "malformed" in listed
    assert "Rosa" not in listed


def test_archiving_counts_and_can_be_taken_back(failed: Receipt) -> None:
    letter = DeadLetter.objects.get()
    assert "1 dead letters wait" in aro("dlq:stats")[0]
    assert answer("dlq:archive", letter.id)["again"] == 1
    assert answer("dlq:archive", letter.id)["unchanged"] == 1
    assert json.loads(aro("dlq:list", json=True)[0]) == []
    assert len(json.loads(aro("dlq:list", "--archived", json=True)[0])) == 1
    assert "0 dead letters wait" in aro("dlq:stats")[0]


def test_two_hundred_are_replayed_in_one_go_each_with_its_own_entry(client: Client, business: Business) -> None:
    made = [Receipt(source="calendly", delivery_key=str(n), body=MALFORMED, outcome="failed") for n in range(200)]
    Receipt.objects.bulk_create(made)
    assert answer("webhooks:replay", "--source", "calendly", yes=True)["again"] == 200
    assert AuditLog.objects.filter(action="receipt.replay").count() == 200
    assert Due.objects.filter(lane="receipts").count() == 200


# --- texts


@pytest.fixture
def carrier(loopback: Loopback) -> Iterator[Loopback]:
    urls = dict.fromkeys(ADAPTERS, "") | {"twilio": f"{loopback.url}/twilio"}
    with override_settings(PROVIDER_BASE_URLS=urls, PUBLIC_BASE_URL="https://clinic.example"):
        yield loopback


@pytest.fixture
def daytime() -> Iterator[None]:
    """Noon in New York: no quiet hours."""
    with time_machine.travel(datetime(2026, 11, 24, 17, tzinfo=UTC)):
        yield


def text(status: str, *, handed_over: bool = True, **values: Any) -> Execution:
    at = clock.now() - timedelta(hours=2)
    visit = rows.visit(7)
    message = rows.message(visit, status=Message.Status.FAILED, sent_at=at if handed_over else None)
    return Execution.objects.create(
        key=str(uuid4()), command_type="integration.messaging.send", correlation_id=uuid4(), message=message,
        appointment=visit, status=status, attempt=2 if handed_over else 0, handed_over_at=at if handed_over else None,
        created_at=at, **values,
    )  # fmt: skip


def test_what_is_done_is_refused_in_plain_words(business: Business) -> None:
    done = text(Ex.DONE, provider_id="SM1", finished_at=clock.now())
    printed, status = aro("executions:replay", done.id)
    assert status == 1
    assert "could send it twice" in printed
    assert not Due.objects.filter(lane="executions").exists()


def test_a_text_that_the_carrier_reported_later_is_refused(business: Business) -> None:
    """ARO gave up, then the callback came: only the text's row knows."""
    given_up = text(Ex.FAILED, error_code="outcome_unknown")
    Message.objects.update(provider_id="SM1", status=Message.Status.DELIVERED)
    with pytest.raises(ConflictError, match="taken it already"):
        bus.execute(
            command="execution.replay", payload={"execution_id": str(given_up.id)}, actor="admin", actor_id="op"
        )


def test_one_whose_outcome_is_unknown_is_looked_up_and_found(business: Business, carrier: Loopback) -> None:
    given_up = text(Ex.FAILED, error_code="outcome_unknown")
    at = given_up.handed_over_at.strftime("%a, %d %b %Y %H:%M:%S +0000")  # type: ignore[union-attr]
    found = carrier_message(body="See you soon?", to=given_up.message.address, date_created=at)  # type: ignore[union-attr]
    carrier.answers = [http(200, page(found))]
    assert answer("executions:replay", given_up.id)["rows"][0]["why"].startswith("The provider is asked first")
    tick.drain(["executions"])
    given_up.refresh_from_db()
    assert (given_up.status, given_up.provider_id) == (Ex.DONE, found["sid"])
    assert Message.objects.get().status == Message.Status.QUEUED
    assert [request.split()[0] for request in carrier.requests] == [b"GET"]


@pytest.mark.usefixtures("daytime")
def test_what_the_carrier_does_not_have_is_sent_only_after_two_readings(business: Business, carrier: Loopback) -> None:
    given_up = text(Ex.FAILED, error_code="30008")
    consent.give(given_up.message.address, "sms", "care", method="verbal")  # type: ignore[union-attr]
    carrier.answers = [http(200, page()), http(200, page()), http(201, carrier_message())]
    answer("executions:replay", given_up.id)
    tick.drain(["executions"])
    given_up.refresh_from_db()
    methods = [request.split()[0] for request in carrier.requests]
    assert methods.count(b"POST") == 1, given_up.error_code
    assert given_up.status == Ex.DONE


def test_one_that_waits_for_its_lookup_is_not_hurried(business: Business) -> None:
    unknown = text(Ex.UNKNOWN)
    later = clock.now() + timedelta(seconds=90)
    due.put("executions", unknown.id, later)
    assert answer("executions:replay", unknown.id)["unchanged"] == 1
    assert Due.objects.get(lane="executions").due_at == later


def test_one_never_handed_over_is_judged_anew(business: Business) -> None:
    ours = text(Ex.FAILED, handed_over=False, error_code="ZeroDivisionError")
    assert "judged anew" in answer("executions:replay", "--code", "ZeroDivisionError", yes=True)["rows"][0]["why"]
    ours.refresh_from_db()
    assert (ours.status, ours.message.status) == (Ex.INTENT, Message.Status.PLANNED)  # type: ignore[union-attr]
    assert Due.objects.filter(lane="executions", ref=ours.id).exists()


def test_a_dead_letter_about_a_text_goes_the_same_way(business: Business) -> None:
    ours = text(Ex.SENDING)
    due.put("executions", ours.id, clock.now())
    (claim,) = due.claim("executions", now=clock.now(), limit=1)
    work.bury(lane_registry.get("executions"), claim, ZeroDivisionError("x"))
    assert answer("dlq:replay", "--lane", "executions", yes=True)["again"] == 1
    ours.refresh_from_db()
    assert (ours.status, ours.attempt, ours.lookups) == (Ex.UNKNOWN, 0, 0)
    assert Due.objects.filter(lane="executions", ref=ours.id).exists()
