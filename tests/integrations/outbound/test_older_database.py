"""An older backup is put back: nothing automatic goes out a second time before a person has looked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from appointments.models import Appointment, Business, Escalation, Message
from appointments.services import escalations
from integrations.outbound.health import sending_health
from integrations.outbound.waiting import older_database
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import ana, sends, twilio, visit
from tests.integrations.outbound.test_catching_up import again
from workflows.models import Execution

__all__ = ["ana", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def host(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.ARO_HOME = tmp_path
    older_database.begin()
    yield
    older_database._Process.begun = older_database._Process.looked = False
    older_database._Process.held_by = ""


def backup_is_put_back(visit: Appointment) -> None:
    """As it was before the second of two texts; then ARO starts."""
    assert sends(visit).status == "queued"
    last = sends(visit, "reminder_first")
    assert last.status == "queued"
    Execution.objects.filter(message=last).delete()
    Message.objects.filter(pk=last.pk).delete()
    older_database.begin()


def test_the_text_that_went_out_waits_for_a_person_and_goes_on_after_done(twilio: Loopback, visit: Appointment) -> None:
    backup_is_put_back(visit)
    message = sends(visit, "reminder_first")
    assert (message.status, message.reason, len(twilio.requests)) == ("held", "older_database", 2)
    case = Escalation.objects.get()
    assert "press Done" in case.next_step
    escalations.resolve(case, by="ada", resolution="compared")
    assert again(message).status == "queued"


def test_a_restart_does_not_forget_it_and_asks_no_second_time(twilio: Loopback, visit: Appointment) -> None:
    backup_is_put_back(visit)
    assert sends(visit, "reminder_first").reason == "older_database"
    assert sends(visit, "thank_you", automatic=False).status == "queued"
    older_database.begin()
    assert sends(visit, "reminder_first").reason == "older_database"
    escalations.resolve(Escalation.objects.get(), by="ada", resolution="compared")
    older_database.begin()
    assert sends(visit, "reminder_last").status == "queued"
    assert Escalation.objects.count() == 1


def test_a_restart_alone_keeps_nothing_waiting(twilio: Loopback, visit: Appointment) -> None:
    assert sends(visit).status == "queued"
    older_database.begin()
    assert sends(visit, "reminder_first").status == "queued"


@pytest.mark.parametrize("written", ["", "no id", "0192f0c1-7a3b-7c4d-8e5f-60718293a4b5"])
def test_a_new_database_or_a_damaged_note_keeps_nothing_waiting(
    twilio: Loopback, visit: Appointment, tmp_path: Path, written: str
) -> None:
    (tmp_path / older_database.FILE).write_text(written)
    assert sends(visit).status == "queued"


def test_a_full_disk_stops_no_text(twilio: Loopback, visit: Appointment, tmp_path: Path) -> None:
    (tmp_path / f"{older_database.FILE}.{Business.objects.get().pk}").mkdir()
    assert sends(visit).status == "queued"


def test_a_case_that_was_not_written_after_all_is_opened_again(twilio: Loopback, visit: Appointment) -> None:
    backup_is_put_back(visit)
    with transaction.atomic():
        assert older_database.waits()
        transaction.set_rollback(True)
    assert not Escalation.objects.exists()
    assert sends(visit, "reminder_first").reason == "older_database"
    assert Escalation.objects.count() == 1


def test_a_database_beside_the_one_that_is_used_is_no_older_backup(
    twilio: Loopback, visit: Appointment, tmp_path: Path
) -> None:
    """Two databases were used on one host by turns: each knows its own last text."""
    assert sends(visit).status == "queued"
    other = f"{older_database.FILE}.0192f0c1-7a3b-7c4d-8e5f-60718293a4b5"
    (tmp_path / other).write_text("0192f0c1-7a3b-7c4d-8e5f-60718293a4b6")
    older_database.begin()
    assert sends(visit, "reminder_first").status == "queued"


def test_the_note_of_a_host_that_named_no_database_counts_until_the_next_text(
    twilio: Loopback, visit: Appointment, tmp_path: Path
) -> None:
    backup_is_put_back(visit)
    (own,) = tmp_path.glob(f"{older_database.FILE}.*")
    own.rename(tmp_path / older_database.FILE)
    assert sends(visit, "reminder_first").reason == "older_database"
    escalations.resolve(Escalation.objects.get(), by="ada", resolution="compared")
    assert sends(visit, "reminder_last").status == "queued"
    assert [note.name for note in tmp_path.iterdir()] == [own.name]


def test_health_says_that_automatic_texts_wait_and_why(twilio: Loopback, visit: Appointment) -> None:
    backup_is_put_back(visit)
    sends(visit, "reminder_first")
    said = sending_health.check()
    assert said.status == "degraded"
    assert "an older backup was put back" in said.detail
    escalations.resolve(Escalation.objects.get(), by="ada", resolution="compared")
    assert sending_health.check().status == "up"
