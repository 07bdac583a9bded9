"""Who says that they have left the clinic, and asks for no silence: nothing is cancelled, and no reminder goes out."""

from __future__ import annotations

import pytest

from appointments.case_reasons import GONE, Reminders
from appointments.models import Appointment, Escalation
from appointments.services import escalations
from appointments.services.visit import doubts
from compliance import consent
from tests.factories import AppointmentFactory, BusinessFactory
from tests.workflows.family import family, told_together
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes
from workflows.replies.stops.leaving import has_left

LEFT = (
    "I'm no longer a patient", "I'm no longer a patient there", "I changed dentists", "we moved away",
    "found another doctor", "I've switched to another dentist", "I'm going to a different clinic now",
    "we don't go there anymore", "I left your practice last year", "we've moved to Texas",
    "We relocated to Ohio in June",
    "I see another doctor now", "I transferred to Dr. Lee's office", "my son isn't a patient there any more",
    "please close my file, I changed doctors", "I don't live in the city anymore", "I have found someone else",
    "my insurance changed so I go elsewhere now", "please transfer my records to my new dentist",
    "I haven't been your patient since 2023", "I got a dentist closer to home", "we moved, so we won't be coming back",
    "ya no soy paciente de ustedes", "cambié de dentista", "nos mudamos a otra ciudad", "encontré otro doctor",
    "ya no voy ahí", "ahora voy a otra clínica", "me atiendo en otro lado", "me fui a vivir a Texas",
    "dejé de ser paciente", "mi hijo ya no es paciente de ahí", "estoy con otro médico ahora",
)  # fmt: skip
STILL_THERE = (
    "we moved last month but I'm still coming", "moved here last week, first visit", "I just moved, where do I park",
    "I changed dentists to come to you", "I'm not a patient person lol", "am I no longer a patient?",
    "new address: we moved to 12 Oak St", "I live in another town now but I'll be there", "I have a new doctor's note",
    "I have another doctor's appointment at 3", "seeing another doctor that day", "can I see another dentist there?",
    "I moved to the front of the line", "not a patient of Dr Lee, I see Dr Kim there", "my husband changed jobs",
    "I changed my mind, I'm coming", "nos mudamos pero sí voy", "me mudé, cuál es la dirección", "quiero otro doctor",
    "¿puede verme otro doctor?", "tengo otra cita médica ese día",
)  # fmt: skip


@pytest.mark.parametrize("text", LEFT)
def test_leaving_is_understood_in_any_words(text: str) -> None:
    assert has_left(text)


@pytest.mark.parametrize("text", STILL_THERE)
def test_who_comes_all_the_same_or_asks_has_not_left(text: str) -> None:
    assert not has_left(text)


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["I'm no longer a patient there", "I changed dentists", "found another doctor", "we moved to Texas last Monday",
     "I'm not a patient of yours anymore", "cambié de dentista", "encontré otro doctor"],
)  # fmt: skip
def test_it_is_one_case_and_the_visit_waits_for_staff(visit: Appointment, text: str) -> None:
    asked_about(visit)
    message = writes(visit, text)
    assert (cases(), status_of(visit), answers_to(message)) == ([GONE], "booked", ["handed_over"])
    assert Escalation.objects.get().appointment == visit
    assert not consent.is_suppressed(visit.customer.phone)
    assert doubts.reminders_about(visit) == Reminders.NONE


@pytest.mark.django_db
def test_each_visit_of_theirs_waits(visit: Appointment) -> None:
    later = AppointmentFactory.create(customer=visit.customer)
    writes(visit, "I switched practices")
    assert set(Escalation.objects.values_list("reason", "appointment")) == {(GONE, visit.pk), (GONE, later.pk)}
    assert doubts.reminders_about(later) == Reminders.NONE


@pytest.mark.django_db
def test_staff_who_know_better_close_it_and_the_reminders_go_on(visit: Appointment) -> None:
    writes(visit, "I moved away")
    escalations.resolve(Escalation.objects.get(), by="ana")
    assert doubts.reminders_about(visit) == Reminders.AS_PLANNED


@pytest.mark.django_db
def test_of_a_family_only_who_was_named_has_gone() -> None:
    tom, amy = family("Tom", "Amy")
    told_together([tom, amy])
    writes(tom, "Tom goes somewhere else now")
    assert [case.appointment for case in Escalation.objects.filter(reason=GONE)] == [tom]
    assert doubts.reminders_about(tom) == Reminders.NONE
    assert doubts.reminders_about(amy) == Reminders.AS_PLANNED


@pytest.mark.django_db
def test_we_are_all_of_a_family() -> None:
    visits = family("Tom", "Amy")
    told_together(visits)
    writes(visits[0], "we moved away")
    assert {case.appointment for case in Escalation.objects.filter(reason=GONE)} == set(visits)


@pytest.mark.django_db
def test_where_nobody_can_tell_whose_one_case_names_both_visits() -> None:
    visits = family("Tom", "Amy")
    told_together(visits)
    writes(visits[0], "no longer a patient there")
    case = Escalation.objects.get()
    assert (case.reason, case.appointment, set(case.visits.all())) == (GONE, None, set(visits))


@pytest.mark.django_db
def test_a_yes_beside_it_is_no_leaving(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "nos mudamos pero sí voy")
    assert GONE not in cases()
