"""An emergency reaches a person away from the screen, until somebody opens the case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.case_reasons.words import to_do
from appointments.models import Appointment, Business, Escalation
from appointments.services import escalations
from aro import clock
from aro.models import Due
from tests.factories import AppointmentFactory, BusinessFactory
from tests.workflows.replies.test_act import writes
from workflows import emergency_alerts
from workflows.models import Execution

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "+12025550177", "duty@clinic.example"
DANGER = "my chest hurts and my arm is numb"


def clinic(**who: str) -> Appointment:
    BusinessFactory.create(**who)
    return AppointmentFactory.create()


def case_of(visit: Appointment) -> Escalation:
    return Escalation.objects.get(reason="emergency", appointment=visit)


def planned() -> list[tuple[str, int]]:
    found = Execution.objects.filter(command_type=emergency_alerts.ALERT, status="intent").order_by("created_at", "key")
    return sorted((one.payload["way"], one.payload["number"]) for one in found)


def ends(way: str, number: int) -> Execution:
    """As the executor ends one that was handed over."""
    one = Execution.objects.get(payload__way=way, payload__number=number, status="intent")
    one.status, one.handed_over_at = "done", clock.now()
    one.save()
    emergency_alerts.go_on(Escalation.objects.get(pk=one.payload["case"]), one, now=clock.now())
    return one


def test_both_ways_are_told_at_once() -> None:
    visit = clinic(emergency_phone=PHONE, emergency_email=EMAIL)
    writes(visit, DANGER)
    assert planned() == [("email", 0), ("sms", 0)]
    refs = Execution.objects.filter(command_type=emergency_alerts.ALERT).values_list("id", flat=True)
    assert Due.objects.filter(lane="executions", ref__in=list(refs)).count() == 2


def test_the_text_holds_neither_name_nor_words() -> None:
    visit = clinic(emergency_phone=PHONE)
    writes(visit, DANGER)
    said = emergency_alerts.text(case_of(visit))
    assert said.startswith("ARO: a patient's message may be about an emergency. Open http")
    assert str(case_of(visit).pk) in said
    assert visit.customer.name not in said
    assert "chest" not in said


def test_it_comes_again_until_somebody_opens_the_case() -> None:
    visit = clinic(emergency_phone=PHONE)
    writes(visit, DANGER)
    before = clock.now()
    ends("sms", 0)
    assert planned() == [("sms", 1)]
    again = Due.objects.get(
        lane="executions", ref=Execution.objects.get(status="intent", command_type=emergency_alerts.ALERT).id
    )
    assert again.due_at >= before + emergency_alerts.EVERY
    escalations.opened(case_of(visit), by="ana")
    ends("sms", 1)
    assert planned() == []


def test_it_ends_and_the_case_says_so() -> None:
    visit = clinic(emergency_phone=PHONE)
    writes(visit, DANGER)
    for number in range(emergency_alerts.MOST):
        ends("sms", number)
    assert planned() == []
    assert case_of(visit).next_step == to_do(emergency_alerts.NOBODY_OPENED)


def test_a_closed_case_tells_nobody_any_more() -> None:
    visit = clinic(emergency_phone=PHONE)
    writes(visit, DANGER)
    escalations.resolve(case_of(visit), by="ana")
    ends("sms", 0)
    assert planned() == []


def test_who_has_looked_is_told_again_when_the_patient_writes_again() -> None:
    visit = clinic(emergency_phone=PHONE)
    writes(visit, DANGER)
    ends("sms", 0)
    Execution.objects.filter(status="intent").update(status="done")
    escalations.opened(case_of(visit), by="ana")
    writes(visit, "he is not breathing")
    assert case_of(visit).opened_at is None
    assert planned() == [("sms", 0)]


def test_a_second_message_does_not_double_what_is_on_its_way() -> None:
    visit = clinic(emergency_phone=PHONE)
    writes(visit, DANGER)
    writes(visit, "please hurry, my chest hurts")
    assert planned() == [("sms", 0)]


def test_nobody_to_tell_is_said_in_plain_words() -> None:
    visit = clinic()
    writes(visit, DANGER)
    assert planned() == []
    assert emergency_alerts.told(case_of(visit)).startswith(str(emergency_alerts.NOT_SET_UP))
    assert not emergency_alerts.is_set_up(Business.objects.get())


def test_the_case_says_who_was_told_and_who_opened_it() -> None:
    visit = clinic(emergency_phone=PHONE, emergency_email=EMAIL)
    writes(visit, DANGER)
    ends("sms", 0)
    ends("sms", 1)
    ends("email", 0)
    assert (
        emergency_alerts.told(case_of(visit))
        == "Told: the emergency phone 2 times, the emergency e-mail 1 time. Not opened yet."
    )
    escalations.opened(case_of(visit), by="ana")
    escalations.opened(case_of(visit), by="ben")
    assert emergency_alerts.told(case_of(visit)).endswith("Opened by ana.")


def test_a_patient_who_is_the_emergency_contact_is_not_told_about_themselves() -> None:
    visit = clinic(emergency_phone=PHONE)
    writes(visit, DANGER)
    assert emergency_alerts.is_patients_own(case_of(visit), visit.customer.phone)
    assert not emergency_alerts.is_patients_own(case_of(visit), PHONE)


def test_three_hours_of_texts_and_no_more() -> None:
    assert timedelta(hours=3) == emergency_alerts.MOST * emergency_alerts.EVERY
