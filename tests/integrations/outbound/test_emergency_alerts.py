"""The clinic's own phone and mailbox in an emergency: at night, past every cap, once each, never to the patient."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from appointments.case_reasons.words import to_do
from appointments.models import Appointment, Business, Customer, Escalation
from appointments.services import escalations
from aro import clock
from aro.models import Due
from aro.queue import due
from compliance import kill_switch
from integrations.outbound import executor
from tests.integrations.carriers.mail_server import MailServer
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import PHONE, ana, form, mail, refused, twilio, visit, work
from workflows import emergency_alerts
from workflows.models import Execution

__all__ = ["ana", "mail", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]
DUTY, BOX = "+12025550188", "duty@clinic.example"


def alarm(visit: Appointment, **who: str) -> Escalation:
    Business.objects.update(**who)
    case = escalations.escalate(key="emergency:1", reason="emergency", appointment=visit, customer=visit.customer)
    emergency_alerts.begin(case, now=clock.now())
    return case


def all_alerts() -> list[tuple[str, str]]:
    found = Execution.objects.filter(command_type=emergency_alerts.ALERT).order_by("created_at")
    return [(one.status, one.error_code) for one in found]


def is_next_due_in_ten_minutes() -> bool:
    row = Due.objects.get(lane="executions")
    return (
        emergency_alerts.EVERY.total_seconds() - 60
        < (row.due_at - clock.now()).total_seconds()
        <= emergency_alerts.EVERY.total_seconds()
    )


def test_a_text_goes_to_the_clinics_phone_at_any_hour_and_the_next_is_planned(
    twilio: Loopback, visit: Appointment
) -> None:
    Business.objects.update(quiet_from="00:00", quiet_until="23:59")
    case = alarm(visit, emergency_phone=DUTY)
    work()
    assert form(twilio)["To"] == DUTY
    assert form(twilio)["Body"] == emergency_alerts.text(case)
    assert len(twilio.requests) == 1
    assert all_alerts() == [("done", ""), ("intent", "")]
    assert is_next_due_in_ten_minutes()


def test_an_e_mail_goes_to_the_clinics_mailbox(mail: MailServer, visit: Appointment) -> None:
    case = alarm(visit, emergency_email=BOX)
    work()
    assert len(mail.letters) == 1
    assert str(case.pk) in str(mail.letters[0])
    assert visit.customer.name not in str(mail.letters[0])


def test_who_opened_the_case_stops_it(twilio: Loopback, visit: Appointment) -> None:
    case = alarm(visit, emergency_phone=DUTY)
    escalations.opened(case, by="ana")
    work()
    assert twilio.requests == []
    assert all_alerts() == [("done", "not_needed")]


def test_the_patients_own_number_is_never_told(twilio: Loopback, visit: Appointment) -> None:
    alarm(visit, emergency_phone=PHONE)
    work()
    assert twilio.requests == []
    assert ("failed", "no_address") in all_alerts()


def test_a_refused_text_does_not_end_the_alarm(twilio: Loopback, visit: Appointment) -> None:
    twilio.answers = [refused(21211)]
    alarm(visit, emergency_phone=DUTY)
    work()
    assert all_alerts() == [("failed", "21211"), ("intent", "")]


def test_what_a_dead_worker_left_is_not_repeated_and_the_next_follows(twilio: Loopback, visit: Appointment) -> None:
    alarm(visit, emergency_phone=DUTY)
    Execution.objects.filter(command_type=emergency_alerts.ALERT).update(status="sending", handed_over_at=clock.now())
    work()
    assert twilio.requests == []
    assert all_alerts() == [("failed", "outcome_unknown"), ("intent", "")]


def test_the_kill_switch_holds_it_too(twilio: Loopback, visit: Appointment) -> None:
    kill_switch.stop(by="ana")
    alarm(visit, emergency_phone=DUTY)
    for claim in due.claim("executions", now=clock.now(), limit=5):
        executor.handle([claim], clock.now())
    assert twilio.requests == []
    assert all_alerts() == [("intent", "")]


def test_no_alarm_comes_days_later(twilio: Loopback, visit: Appointment) -> None:
    """The carrier, or ARO, was away."""
    case = alarm(visit, emergency_phone=DUTY)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=True):
        for claim in due.claim("executions", now=clock.now(), limit=5):
            executor.handle([claim], clock.now())
    assert twilio.requests == []
    assert all_alerts() == [("failed", "too_late")]
    case.refresh_from_db()
    assert case.next_step == to_do(emergency_alerts.NOBODY_OPENED)


def test_the_case_stands_when_the_patient_is_gone(twilio: Loopback, ana: Customer) -> None:
    Business.objects.update(emergency_phone=DUTY)
    case = escalations.escalate(key="emergency:2", reason="emergency")
    emergency_alerts.begin(case, now=clock.now())
    work()
    assert form(twilio)["To"] == DUTY
