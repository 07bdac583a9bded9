"""A death, or a patient who has gone for good: a person hears of it, and nothing cheerful reaches the family."""

from __future__ import annotations

import pytest

from appointments.models import Appointment, Escalation
from appointments.services import escalations
from compliance import consent
from tests.workflows.replies.test_act import asked_about, visit, writes  # noqa: F401 - a fixture
from workflows.replies.departed import reason_in

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
    escalations.resolve(Escalation.objects.get(), by="ana")
    assert not escalations.is_told_of_death(phone, visit, tenant_id=visit.tenant_id)
