"""The visit is probably off, though nobody said X: no further reminder of it before a person has looked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.case_reasons import Reminders
from appointments.models import Appointment, Escalation
from appointments.services.visit import doubts
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes
from workflows.replies.meanings.perhaps_off import says_so

OFF = (
    "I called and cancelled yesterday", "I already called to cancel", "we cancelled by phone last week",
    "I cancelled online",
    "this was cancelled already", "I thought this was cancelled", "my appointment was cancelled by your office",
    "I got a call that it's cancelled", "somebody called and said it was cancelled",
    "they told me the visit was called off",
    "she's in the ICU", "she is in the hospital", "I'm in the hospital with my son", "he was admitted last night",
    "mom had a stroke and is in intensive care", "still in the hospital", "he is in surgery", "she is in hospice now",
    "he's in jail", "my son got arrested", "he is in rehab until january", "he was deported", "ICE took him",
    "ICE detained her this morning",
    "had the baby last night", "she gave birth this morning", "baby came early", "in labor", "my water broke",
    "we evacuated", "we are evacuating for the hurricane", "under evacuation order", "our house burned down",
    "we are snowed in",
    "our flight is cancelled", "flight got cancelled, stuck in Denver", "stranded at the airport in Miami",
    "he got deployed",
    "I'm in quarantine", "tested positive for covid", "my car was totaled last night", "we are stuck out of state",
    "ya cancelé por teléfono", "llamé ayer y cancelé", "me llamaron que está cancelada", "me dijeron que se canceló",
    "está en el hospital", "está internada", "la hospitalizaron anoche", "está en terapia intensiva",
    "está en la cárcel",
    "lo detuvo la migra", "lo arrestaron", "lo deportaron", "ya nació el bebé", "di a luz anoche", "nos evacuaron",
    "estamos evacuando",
    "cancelaron nuestro vuelo", "se canceló el vuelo", "está en rehabilitación", "di positivo a covid",
)  # fmt: skip
ON = (
    "yes", "I'll be there", "C", "I called to confirm", "is the clinic in the hospital building?",
    "are you at the hospital",
    "is it in the ICU wing", "he works in the hospital, we can come",
    "she works in the icu, she'll be there after her shift",
    "I was in the hospital last month but I'm fine", "was in the hospital in march", "is it cancelled?",
    "don't cancel it, I never cancelled",
    "I did not cancel", "not cancelled right?", "my other appointment was cancelled so I can come",
    "game was cancelled so we can make it",
    "ice on the road but coming", "had the baby in june, he is coming too", "baby is teething",
    "what floor of the hospital",
    "the flight is on time", "jail time lol", "flight lands at 9 so we will be there",
    "we got out of the hospital, will be there",
    "no cancelé nada", "está cancelada?", "en qué hospital es", "trabajo en el hospital, sí llego",
    "ya salió del hospital, ahí estaremos",
    "el bebé viene conmigo", "mi vuelo llega a las 8, sí llego",
)  # fmt: skip


@pytest.mark.parametrize("text", OFF)
def test_a_visit_that_is_probably_off_is_known_in_any_words(text: str) -> None:
    assert says_so(text)


@pytest.mark.parametrize("text", ON)
def test_hospitals_and_flights_alone_put_no_visit_off(text: str) -> None:
    assert not says_so(text)


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["she's in the ICU", "ICE took him",
     "had the baby last night", "we evacuated", "our flight is cancelled", "lo deportaron",
     "I got a call that it's cancelled", "me llamaron que está cancelada", "he's in jail"],
)  # fmt: skip
def test_no_reminder_of_it_goes_out_and_nothing_is_cancelled(visit: Appointment, text: str) -> None:
    asked_about(visit)
    assert answers_to(writes(visit, text)) == []
    assert (cases(), status_of(visit)) == (["perhaps_off"], "booked")
    assert doubts.reminders_about(visit) is Reminders.NONE
    assert doubts.about(visit)


@pytest.mark.django_db
def test_a_later_yes_confirms_it_and_ends_the_case(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "our flight is cancelled")
    Escalation.objects.update(created_at=visit.created_at - timedelta(minutes=1))
    assert answers_to(writes(visit, "C")) == ["thank_you"]
    assert (cases(), status_of(visit)) == ([], "confirmed")


@pytest.mark.django_db
def test_another_visit_of_the_phone_is_still_told(visit: Appointment) -> None:
    later = AppointmentFactory.create(customer=visit.customer, starts_at=visit.starts_at + timedelta(days=20))
    asked_about(visit)
    writes(visit, "we are evacuating for the hurricane")
    assert doubts.reminders_about(later) is not Reminders.NONE


@pytest.mark.django_db
def test_where_it_may_be_about_several_visits_none_of_them_is_reminded(visit: Appointment) -> None:
    amy = AppointmentFactory.create(
        customer=CustomerFactory.create(name="Amy Diaz", phone=visit.customer.phone), starts_at=visit.starts_at
    )
    for one in (visit, amy):
        asked_about(one)
    writes(visit, "we are evacuating for the hurricane")
    assert cases() == ["perhaps_off"]
    assert [doubts.reminders_about(one) for one in (visit, amy)] == [Reminders.NONE] * 2


@pytest.mark.django_db
def test_a_yes_among_such_words_confirms_nothing(visit: Appointment) -> None:
    asked_about(visit)
    assert answers_to(writes(visit, "yes she is in the icu")) == []
    assert (cases(), status_of(visit)) == (["perhaps_off"], "booked")
