"""What people wrote while nobody answered the carrier's call: found in its list, applied once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import override_settings

from appointments.models import Business, Escalation
from aro import clock
from compliance import consent
from integrations.models import ProviderState, Receipt, SyncState
from integrations.sync import replies, schedule, state
from tests.integrations.carriers.test_with_sandbox import PHONE, ask, fault, received, sandbox, wait_until

__all__ = ["sandbox"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
EVERY, LATER = timedelta(minutes=15), timedelta(minutes=3)


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    with override_settings(PROVIDER_RATE_LIMITS=False):
        yield


@pytest.fixture
def known(sandbox: str, business: Business) -> SyncState:
    """Asked before, so that what comes now is ARO's to hear."""
    row = state.row("twilio_sms")
    replies.turn(row, EVERY, clock.now())
    row.refresh_from_db()
    return row


def look(row: SyncState) -> SyncState:
    assert replies.turn(row, EVERY, clock.now() + LATER) == EVERY
    row.refresh_from_db()
    return row


def writes(sandbox: str, text: str, **more: object) -> None:
    ask("POST", f"{sandbox}/reply", {"from": PHONE, "body": text, **more})


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_a_stop_that_no_webhook_told_of_holds_after_the_next_look(sandbox: str, known: SyncState, channel: str) -> None:
    fault(sandbox, kind="no_reply")
    writes(sandbox, "please stop texting me", channel=channel)
    assert not received("twilio_sms")
    assert look(known).missed == 1
    assert consent.is_suppressed(PHONE, tenant_id=known.tenant_id)
    assert received("twilio_sms")[0].outcome == Receipt.Outcome.APPLIED
    assert look(known).missed_in_all == 1


def test_what_its_webhook_told_of_is_not_taken_twice(sandbox: str, known: SyncState) -> None:
    writes(sandbox, "C")
    wait_until(lambda: len(received("twilio_sms")) == 1)
    assert (look(known).listed, known.missed) == (1, 0)
    assert len(received("twilio_sms")) == 1


def test_what_was_written_before_aro_was_there_is_left_alone(sandbox: str, business: Business) -> None:
    fault(sandbox, kind="no_reply")
    writes(sandbox, "C")
    assert (look(state.row("twilio_sms")).listed, len(received("twilio_sms"))) == (0, 0)


def test_a_carrier_that_fails_is_asked_again_soon_and_its_breaker_hears_of_it(sandbox: str, known: SyncState) -> None:
    fault(sandbox, kind="http_500")
    assert replies.turn(known, EVERY, clock.now()) == replies.AFTER_A_FAILURE
    known.refresh_from_db()
    assert (known.failures, bool(known.last_error)) == (1, True)
    assert ProviderState.objects.get(name="twilio").last_error


def test_staff_are_told_when_asking_finds_out_that_the_carrier_is_away(sandbox: str, known: SyncState) -> None:
    fault(sandbox, kind="http_500")
    for minute in range(6):
        replies.turn(known, EVERY, clock.now() + timedelta(seconds=20 * minute))
    (case,) = Escalation.objects.filter(key="provider_paused:twilio")
    assert "Texts are paused" in case.title


def test_it_is_planned_where_people_can_write_and_only_there(sandbox: str, business: Business) -> None:
    with override_settings(SYNC_EVERY_MINUTES=15):
        assert "twilio_sms" in schedule.asked()
        for missing in ({"TWILIO_PHONE_NUMBER": "", "TWILIO_WHATSAPP_NUMBER": ""}, {"TWILIO_AUTH_TOKEN": ""}):
            with override_settings(**missing):
                assert "twilio_sms" not in schedule.asked()
