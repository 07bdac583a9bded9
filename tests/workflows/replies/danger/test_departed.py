"""A death, or a patient who has gone for good: a person hears of it, and nothing cheerful reaches the family."""

from __future__ import annotations

import pytest

from appointments.models import Appointment, Escalation
from appointments.services import escalations
from aro.errors import ConflictError
from compliance import consent
from compliance.models import Actor
from tests.factories import AppointmentFactory, CustomerFactory
from tests.workflows.replies.test_act import asked_about, visit, writes  # noqa: F401 - a fixture
from workflows.commands.bus import execute
from workflows.replies.stops.departed import reason_in

TELLS_OF_DEATH = (
    "He died in March. Please take him off your list", "Please remove her from your list, she passed away",
    "My husband is deceased, take his name off your list please",
    "Please delete this number from your system, my mom died", "My mother passed away last week. Please stop",
    "she passed away", "he died", "Mr Ortiz is deceased", "we lost him in june", "this is his widow",
    "mi mama fallecio", "mi papá murió en marzo, quítenlo de la lista", "ya no está con nosotros",
    "que en paz descanse", "meu pai faleceu", "il est décédé", "this was my late husband",
)  # fmt: skip
DOES_NOT = (
    "my phone died sorry", "battery is dead", "my dog died, can't come", "se me murio el celular", "died laughing",
    "i am dead", "se murio la bateria", "the fever has passed", "yes", "i nearly died of embarrassment",
    "muerta de hambre", "rip off prices",
)  # fmt: skip
LEFT = ("not a patient anymore, stop", "I moved away, take me off the list", "ya no soy paciente, no me escriban más")


@pytest.mark.parametrize("text", TELLS_OF_DEATH)
def test_a_death_is_understood_in_any_words(text: str) -> None:
    assert reason_in(text) == "deceased"


@pytest.mark.parametrize("text", DOES_NOT)
def test_what_else_dies_is_no_death(text: str) -> None:
    assert reason_in(text) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["My mother passed away last week. Please stop", "He died. Take him off your list"])
def test_a_death_beside_a_stop_opts_out_and_a_person_is_told(visit: Appointment, text: str) -> None:  # noqa: F811
    asked_about(visit)
    assert writes(visit, text) == ["opt_out_answer"]
    assert consent.is_suppressed(visit.customer.phone)
    case = Escalation.objects.get(reason="deceased")
    assert (case.appointment_id, case.status) == (visit.id, "open")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["he died on sunday", "She passed away so she won't be coming", "mi mamá falleció"])
def test_a_death_alone_is_one_case_and_no_answer(visit: Appointment, text: str) -> None:  # noqa: F811
    asked_about(visit)
    assert writes(visit, text) == []
    assert [case.reason for case in Escalation.objects.all()] == ["deceased"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", LEFT)
def test_who_has_gone_for_good_is_opted_out_and_a_person_is_told(visit: Appointment, text: str) -> None:  # noqa: F811
    asked_about(visit)
    writes(visit, text)
    assert consent.is_suppressed(visit.customer.phone)
    assert Escalation.objects.filter(reason="no_longer_patient", appointment=visit).exists()


@pytest.mark.django_db
def test_the_family_is_left_alone_until_a_person_has_settled_it(visit: Appointment) -> None:  # noqa: F811
    asked_about(visit)
    writes(visit, "he died on sunday")
    phone = visit.customer.phone
    assert escalations.is_told_of_death(phone, None, tenant_id=visit.tenant_id)
    assert escalations.is_told_of_death("+12025550199", visit, tenant_id=visit.tenant_id)
    another = AppointmentFactory.create(customer=visit.customer)
    assert escalations.is_told_of_death("ana@example.com", another, tenant_id=visit.tenant_id)
    escalations.resolve(Escalation.objects.get(), by="ana")
    assert not escalations.is_told_of_death(phone, visit, tenant_id=visit.tenant_id)


def presses(command: str, target: str, row: Appointment | Escalation) -> None:
    execute(command=command, payload={target: str(row.pk)}, actor=Actor.ADMIN, actor_id="front desk")


def is_held(visit: Appointment) -> bool:  # noqa: F811
    return escalations.is_told_of_death(visit.customer.phone, visit, tenant_id=visit.tenant_id)


@pytest.mark.django_db
def test_it_is_not_done_while_a_visit_is_booked_there(visit: Appointment) -> None:  # noqa: F811
    asked_about(visit)
    writes(visit, "Ana died on Sunday")
    next_week = AppointmentFactory.create(customer=visit.customer)
    for standing in (visit, next_week):
        with pytest.raises(ConflictError, match="Cancel the visits"):
            presses("escalation.resolve", "escalation_id", Escalation.objects.get(reason="deceased"))
        assert is_held(standing)
        presses("appointment.cancel", "appointment_id", standing)
    presses("escalation.resolve", "escalation_id", Escalation.objects.get(reason="deceased"))
    assert not is_held(visit)


@pytest.mark.django_db
def test_of_a_family_only_who_died_is_cancelled(visit: Appointment) -> None:  # noqa: F811
    tom = AppointmentFactory.create(customer=CustomerFactory.create(name="Tom Diaz", phone=visit.customer.phone))
    asked_about(visit)
    writes(visit, "my husband died")
    with pytest.raises(ConflictError):
        presses("escalation.resolve", "escalation_id", Escalation.objects.get(reason="deceased"))
    presses("appointment.cancel", "appointment_id", tom)
    presses("escalation.resolve", "escalation_id", Escalation.objects.get(reason="deceased"))
    assert not is_held(visit)


@pytest.mark.django_db
def test_staff_who_know_better_say_so_and_the_visit_stands(visit: Appointment) -> None:  # noqa: F811
    asked_about(visit)
    writes(visit, "he died on sunday")
    presses("escalation.not_the_patient", "escalation_id", Escalation.objects.get())
    case = Escalation.objects.get()
    assert (case.status, case.resolution, is_held(visit)) == ("resolved", "It is not the patient.", False)


@pytest.mark.django_db
def test_that_is_said_of_no_other_case(visit: Appointment) -> None:  # noqa: F811
    case = escalations.escalate(key="question:1", reason="question", appointment=visit)
    with pytest.raises(ConflictError):
        presses("escalation.not_the_patient", "escalation_id", case)
