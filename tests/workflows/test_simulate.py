"""What is foretold of a booking: as much of it as really comes, and what the page of it shows."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from appointments.models import Business
from tests.docs import pages
from workflows import simulate
from workflows.definitions import deposit_v2, reminders
from workflows.engine.definition import Definition
from workflows.engine.facts import Facts

NOW = datetime(2026, 12, 15, 15, 35, tzinfo=UTC)
PAGE = Path("docs", "how-to", "simulate.md")


def foretold(definition: Definition, hours: float) -> list[simulate.Entry]:
    """Of a visit so many hours ahead that takes place, of 30 minutes, with a deposit that nobody pays."""
    booking = {"starts_at": (NOW + timedelta(hours=hours)).isoformat(), "deposit_required": True}
    visit = simulate.imagined(booking, Business(name="x"), now=NOW)
    known = Facts(business=Business(name="x"), appointment=visit, customer=visit.customer, deposit="open")
    completed = NOW + timedelta(hours=hours + 2.5)
    return list(simulate.play(definition, known, start=NOW, happens=("appointment.completed", completed)))


def test_what_ends_a_run_ends_it_on_the_virtual_clock_too() -> None:
    """As it was in the former version: a day and a half for the patient, though the visit is sooner."""
    entries = foretold(deposit_v2.DEPOSIT_REQUEST_V2, 30)
    assert [text for entry in entries for text in entry.texts] == ["deposit_request", "deposit_reminder"]
    assert not [entry for entry in entries if "escalate" in entry.outcome]
    assert (entries[-1].outcome, entries[-1].at) == ("ended by appointment.completed", NOW + timedelta(hours=32.5))


def test_nothing_follows_what_has_ended_by_itself_before() -> None:
    assert foretold(reminders.REMINDERS, 30)[-1].outcome == "done: nothing left to ask"


def test_the_timeline_of_a_visit_knows_of_its_completion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "SHIPPED", (deposit_v2.DEPOSIT_REQUEST_V2,))
    booking = {"starts_at": (NOW + timedelta(hours=30)).isoformat(), "deposit_required": True}
    visit = simulate.imagined(booking, Business(name="x"), now=NOW)
    assert simulate.timeline(visit, Business(name="x"), now=NOW)[-1].outcome == "ended by appointment.completed"


@pytest.mark.django_db
def test_the_pages_sample_is_all_that_the_command_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command, sample = pages.blocks(PAGE)[:2]
    booking = command.text[command.text.index("{") : command.text.rindex("}") + 1]
    assert json.loads(booking)
    monkeypatch.setattr(sys, "stdin", io.StringIO(booking))
    call_command("workflows_simulate")
    assert capsys.readouterr().out.strip() == sample.text.strip()
