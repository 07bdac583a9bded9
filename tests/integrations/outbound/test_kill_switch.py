"""All sending off: every channel, answers too; nothing is lost, and what makes sense goes out when it is on again."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from appointments.models import Appointment, Customer, Message
from aro import clock
from aro.models import Due
from aro.queue import due
from compliance import kill_switch
from compliance.audit import chain
from compliance.models import AuditLog, Event, SendingStop
from integrations.outbound import executor
from tests.integrations.carriers.mail_server import MailServer
from tests.integrations.loopback import Loopback, http
from tests.integrations.messaging import ana, mail, sends, twilio, visit
from workflows.commands import bus
from workflows.models import Execution

__all__ = ["ana", "mail", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]


def switch(word: str, *more: str) -> dict[str, Any]:
    out = StringIO()
    call_command(f"kill_switch_{word}", *more, "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def works_on_what_is_due() -> None:
    now = clock.now()
    for claim in due.claim("executions", now=now, limit=50):
        executor.handle([claim], now)


def test_nothing_goes_out_on_any_channel_while_it_is_on(twilio: Loopback, mail: MailServer, visit: Appointment) -> None:
    switch("on", "--reason", "wrong texts")
    message = sends(visit)
    assert (message.status, message.reason, twilio.requests) == ("held", "kill_switch", [])
    answer = sends(visit, "thank_you", automatic=False)
    assert (answer.status, twilio.requests) == ("held", [])
    Customer.objects.update(preferred_channel="email")
    visit.customer.refresh_from_db()
    assert (sends(visit, "confirmation").status, mail.letters) == ("held", [])


def test_what_was_held_goes_out_at_once_and_once_when_it_is_off(twilio: Loopback, visit: Appointment) -> None:
    switch("on")
    message = sends(visit)
    assert Due.objects.get(lane="executions").due_at > clock.now() + timedelta(minutes=10)
    assert switch("off")["held"] == 1
    works_on_what_is_due()
    works_on_what_is_due()
    message.refresh_from_db()
    assert (message.status, message.reason, len(twilio.requests)) == ("queued", "", 1)


def test_what_makes_no_sense_any_more_is_left_out_with_the_reason(twilio: Loopback, visit: Appointment) -> None:
    switch("on")
    message = sends(visit)
    Appointment.objects.update(status="cancelled")
    switch("off")
    works_on_what_is_due()
    message.refresh_from_db()
    assert (message.status, message.reason, twilio.requests) == ("blocked", "cancelled", [])


def test_the_answer_to_an_emergency_does_not_come_hours_later(twilio: Loopback, visit: Appointment) -> None:
    switch("on")
    message = sends(visit, "emergency_answer", automatic=False)
    Message.objects.update(created_at=clock.now() - timedelta(hours=1), planned_for=clock.now() - timedelta(hours=1))
    switch("off")
    works_on_what_is_due()
    message.refresh_from_db()
    assert (message.status, message.reason, twilio.requests) == ("blocked", "stale", [])


def test_a_yes_while_it_is_on_is_thanked_for_afterwards(twilio: Loopback, visit: Appointment) -> None:
    switch("on")
    thanks = sends(visit, "thank_you", automatic=False)
    sends(visit, "reminder_first")
    Appointment.objects.update(status="confirmed")
    switch("off")
    works_on_what_is_due()
    thanks.refresh_from_db()
    assert thanks.status == "queued"


@pytest.mark.parametrize(("kind", "then"), [("reminder_first", "blocked"), ("reminder_last", "queued")])
def test_who_was_moved_meanwhile_is_told_that_it_changed(
    twilio: Loopback, visit: Appointment, kind: str, then: str
) -> None:
    switch("on")
    moved, reminder = sends(visit, "moved"), sends(visit, kind)
    switch("off")
    works_on_what_is_due()
    for message in (reminder, moved):
        message.refresh_from_db()
    assert (moved.status, reminder.status) == ("queued", then)


def test_a_confirmation_that_a_reminder_repeats_is_left_out(twilio: Loopback, visit: Appointment) -> None:
    switch("on")
    confirmation, reminder = sends(visit, "confirmation"), sends(visit, "reminder_first")
    switch("off")
    works_on_what_is_due()
    for message in (confirmation, reminder):
        message.refresh_from_db()
    assert (confirmation.reason, reminder.status) == ("merged", "queued")


def test_it_holds_what_is_tried_again_as_well(twilio: Loopback, visit: Appointment) -> None:
    """The carrier wanted a pause when the switch was thrown: the next try is a send like any other."""
    twilio.answers = [http(429, {"code": 20429, "message": "too many", "status": 429})]
    message = sends(visit)
    assert message.status == "held"
    tried = len(twilio.requests)
    switch("on")
    Due.objects.update(due_at=clock.now())
    works_on_what_is_due()
    message.refresh_from_db()
    assert (message.reason, len(twilio.requests)) == ("kill_switch", tried)


def test_a_long_stop_fills_no_ledger(twilio: Loopback, visit: Appointment) -> None:
    switch("on")
    sends(visit)
    for _ in range(5):
        Due.objects.update(due_at=clock.now())
        works_on_what_is_due()
    assert Event.objects.filter(type="message.held").count() == 1
    assert Execution.objects.get().status == "intent"


def test_both_are_audited_and_safe_to_repeat(visit: Appointment) -> None:
    assert switch("on", "--reason", "wrong texts")["changed"] is True
    assert switch("on")["changed"] is False
    assert SendingStop.objects.count() == 1
    assert switch("off")["changed"] is True
    assert switch("off")["changed"] is False
    entries = AuditLog.objects.filter(resource_type="sending").order_by("seq")
    assert [(entry.action, entry.reason) for entry in entries][:1] == [("kill_switch.on", "wrong texts")]
    assert [entry.action for entry in entries] == ["kill_switch.on"] * 2 + ["kill_switch.off"] * 2
    assert chain.verify() is None
    assert kill_switch.current() is None
    assert switch("on")["changed"] is True, "it can be thrown again"


def test_people_read_what_happened(visit: Appointment) -> None:
    out = StringIO()
    call_command("kill_switch_on", stdout=out)
    call_command("kill_switch_on", stdout=out)
    call_command("kill_switch_off", stdout=out)
    call_command("kill_switch_off", stdout=out)
    said = out.getvalue().splitlines()
    assert said[0].startswith("All sending is off.")
    assert said[1:] == [
        "All sending was off already. Nothing changed.",
        "Sending is on again. 0 held texts are looked at now.",
        "Sending was not off. Nothing changed.",
    ]


@pytest.mark.parametrize("reason", ["x" * 201, "x" * 100_000, "\ud800\udcff", "a\0b", "", " \n ", "%s{x}"])
def test_it_works_whatever_the_reason(reason: str) -> None:
    switch("on", "--reason", reason)
    stop = kill_switch.current()
    assert stop is not None
    assert len(stop.reason) <= 200
    assert "\0" not in stop.reason


def test_a_reason_that_is_too_long_is_cut_and_said_so() -> None:
    out = StringIO()
    call_command("kill_switch_on", "--reason", "wrong texts " * 50, stdout=out)
    assert "All sending is off" in out.getvalue()
    assert "first 200 letters are kept" in out.getvalue()


def test_it_waits_for_a_database_that_another_program_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = iter([OperationalError("database is locked")] * 3)

    def held(**given: Any) -> Any:
        for refusal in refusals:
            raise refusal
        return real(**given)

    real = bus.execute
    monkeypatch.setattr("integrations.management.commands.kill_switch_on.bus.execute", held)
    err = StringIO()
    call_command("kill_switch_on", stdout=StringIO(), stderr=err)
    assert kill_switch.current() is not None
    assert err.getvalue().count("SENDING IS STILL ON") == 1
