"""Texts whose fate nobody knows at a carrier that keeps no list: it can report, or tell a repetition by its key, or
neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import ClassVar

import pytest
from django.test import override_settings

from appointments.models import Appointment, Escalation, Message
from aro import clock
from aro.models import Due
from aro.queue import due
from compliance import consent, kill_switch
from integrations.outbound import executor
from integrations.providers import CARRIERS, POLICIES
from integrations.providers.shared.base import Accepted, Effect, OutcomeUnknownError, RefusedError
from integrations.providers.shared.carrier import Carrier
from integrations.providers.shared.outgoing import Outgoing
from tests.integrations.messaging import PHONE, ana, sends, told, visit
from workflows.models import Execution

__all__ = ["ana", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]
TAKEN = Accepted(provider_id="pigeon-1", status="queued", segments=1)


class Pigeon(Carrier):
    """The tests' own carrier. What it does with each text is told beforehand."""

    name: ClassVar[str] = "pigeon"
    label: ClassVar[str] = "Pigeon"

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.answers: list[Callable[[], Accepted]] = []

    def is_set_up(self, channel: str) -> bool:
        return channel == "sms"

    def send(self, message: Outgoing) -> Accepted:
        self.sent.append(message)
        return self.answers.pop(0)()

    def refusal(self, code: str) -> RefusedError:
        effect = Effect.SUPPRESS if code == "stop" else Effect.RETRY_ONCE
        return RefusedError(
            code=code, staff_message="The phone was off.", next_step="Call.", permanent=False, effect=effect
        )


class Reporting(Pigeon):
    reports: ClassVar[bool] = True


class Keyed(Reporting):
    same_key_once_for: ClassVar[timedelta] = timedelta(hours=24)


def lost() -> Accepted:
    raise OutcomeUnknownError("no answer")


def taken() -> Accepted:
    return TAKEN


@pytest.fixture
def pigeon(request: pytest.FixtureRequest) -> Iterator[Pigeon]:
    one: Pigeon = request.param()
    CARRIERS["pigeon"], POLICIES["pigeon"] = one, POLICIES["twilio"]
    one.answers = [lost]
    with override_settings(TEXT_CARRIER="pigeon", PROVIDER_RATE_LIMITS=False):
        yield one
    del CARRIERS["pigeon"], POLICIES["pigeon"]


plain = pytest.mark.parametrize("pigeon", [Pigeon], indirect=True)
reporting = pytest.mark.parametrize("pigeon", [Reporting], indirect=True)
keyed = pytest.mark.parametrize("pigeon", [Keyed], indirect=True)


def after(message: Message, **passed: int) -> Message:
    """What was to be looked at by then has been."""
    now = clock.now() + timedelta(**passed)
    for _ in range(3):
        for claim in due.claim("executions", now=now, limit=5):
            executor.handle([claim], now)
    message.refresh_from_db()
    return message


def case() -> Escalation:
    return Escalation.objects.get(reason="not_delivered")


@reporting
def test_the_report_is_waited_for_ten_minutes_and_then_a_person_is_told(pigeon: Pigeon, visit: Appointment) -> None:
    message = sends(visit)
    assert (message.status, message.reason) == ("unknown", "outcome_unknown")
    assert after(message, minutes=9).status == "unknown"
    assert not Escalation.objects.filter(reason="not_delivered").exists()
    assert after(message, minutes=11).status == "failed"
    assert "never said whether it took it" in case().title
    assert "does not send it again" in case().next_step
    assert len(pigeon.sent) == 1
    assert not Due.objects.filter(lane="executions").exists()


@reporting
@pytest.mark.parametrize("status", ["queued", "sent", "delivered"])
def test_a_report_within_that_time_settles_it(pigeon: Pigeon, visit: Appointment, status: str) -> None:
    message = sends(visit)
    assert told(message, status, sid="pigeon-1") == ("stale" if status == "queued" else "applied")
    assert (message.status, message.provider_id, message.execution.status) == (status, "pigeon-1", "done")
    after(message, minutes=20)
    assert (message.status, len(pigeon.sent)) == (status, 1)
    assert not Escalation.objects.filter(reason="not_delivered").exists()


@reporting
@pytest.mark.parametrize("status", ["queued", "sent", "delivered"])
def test_a_report_after_that_settles_the_case(pigeon: Pigeon, visit: Appointment, status: str) -> None:
    message = after(sends(visit), minutes=11)
    assert case().status == "open"
    told(message, status, sid="pigeon-1")
    assert (message.status, message.error_code, message.provider_id) == (status, "", "pigeon-1")
    assert (case().status, case().resolved_by) == ("resolved", "system")
    assert Execution.objects.get(message=message).status == "done"
    assert len(pigeon.sent) == 1


@reporting
def test_a_failure_that_is_reported_after_that_is_said_in_the_case_and_nothing_is_sent_again(
    pigeon: Pigeon, visit: Appointment
) -> None:
    message = after(sends(visit), minutes=11)
    told(message, "undelivered", "off", sid="pigeon-1")
    assert (message.status, message.error_code) == ("undelivered", "off")
    assert (case().status, case().title) == ("open", "Text not delivered: the phone was off.")
    assert (len(pigeon.sent), Due.objects.filter(lane="executions").count()) == (1, 0)


@reporting
def test_a_stop_that_is_reported_after_that_holds(pigeon: Pigeon, visit: Appointment) -> None:
    message = after(sends(visit), minutes=11)
    told(message, "undelivered", "stop", sid="pigeon-1")
    assert consent.is_suppressed(PHONE)


@reporting
def test_another_report_of_the_same_changes_nothing(pigeon: Pigeon, visit: Appointment) -> None:
    message = after(sends(visit), minutes=11)
    told(message, "sent", sid="pigeon-1")
    assert told(message, "sent", sid="pigeon-1") == "stale"
    assert told(message, "delivered", sid="pigeon-1") == "applied"
    assert case().status == "resolved"


@plain
def test_a_carrier_that_can_nothing_leaves_it_to_a_person(pigeon: Pigeon, visit: Appointment) -> None:
    message = after(sends(visit), minutes=1)
    assert (message.status, message.error_code, len(pigeon.sent)) == ("failed", "outcome_unknown", 1)


@keyed
def test_by_its_key_it_is_handed_over_once_more_and_that_settles_it(pigeon: Pigeon, visit: Appointment) -> None:
    pigeon.answers = [lost, taken]
    message = after(sends(visit), minutes=1)
    assert (message.status, message.provider_id) == ("queued", "pigeon-1")
    assert len({one.key for one in pigeon.sent}) == 1
    assert [one.body for one in pigeon.sent] == [pigeon.sent[0].body] * 2


@keyed
def test_a_repetition_that_is_lost_too_waits_for_its_report(pigeon: Pigeon, visit: Appointment) -> None:
    pigeon.answers = [lost, lost]
    message = after(sends(visit), minutes=1)
    assert (message.status, len(pigeon.sent)) == ("unknown", 2)
    assert after(message, minutes=9).status == "unknown"
    assert after(message, minutes=12).status == "failed"
    assert len(pigeon.sent) == 2


@keyed
def test_a_try_after_a_reported_failure_has_a_key_of_its_own(pigeon: Pigeon, visit: Appointment) -> None:
    """Else the carrier would take it for the one that failed, and send nothing."""
    pigeon.answers = [taken, taken]
    message = sends(visit)
    told(message, "undelivered", "off", sid="pigeon-1")
    after(message, minutes=20)
    assert len({one.key for one in pigeon.sent}) == 2


@keyed
def test_a_repetition_that_waits_until_the_key_is_forgotten_is_left_to_a_person(
    pigeon: Pigeon, visit: Appointment
) -> None:
    message = sends(visit)
    kill_switch.stop(by="test")
    assert after(message, minutes=1).reason == "kill_switch"
    Due.objects.filter(lane="executions").update(due_at=clock.now(), lease=None)
    assert after(message, hours=25).error_code == "outcome_unknown"
    assert len(pigeon.sent) == 1


@keyed
def test_who_said_stop_meanwhile_is_not_handed_over_again(pigeon: Pigeon, visit: Appointment) -> None:
    message = sends(visit)
    consent.suppress(PHONE, source="keyword")
    assert after(message, minutes=1).reason == "opted_out"
    assert len(pigeon.sent) == 1


@keyed
def test_a_carrier_that_was_chosen_since_is_not_asked_about_what_another_one_was_given(
    pigeon: Pigeon, visit: Appointment
) -> None:
    message = sends(visit)
    with override_settings(TEXT_CARRIER="twilio", PROVIDER_BASE_URLS={"twilio": "http://127.0.0.1:9"}):
        assert after(message, minutes=1).error_code == "outcome_unknown"
