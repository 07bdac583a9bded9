"""Who asks to be called, or says that it is urgent, waits for a person: a later C does not end that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from appointments.models import Appointment, Escalation
from appointments.services import escalations
from appointments.services.visit import visits
from compliance import consent
from compliance.models import Actor
from tests.factories import AppointmentFactory, BusinessFactory
from tests.times import begun
from tests.workflows.phone import asked_about, cases, status_of, writes
from workflows.replies.meanings.calls import wanted

ASKS = (
    "please call me, it's urgent but not an emergency", "Can someone give me a call", "I need to speak with someone",
    "call me back asap", "C, please call me", "this is urgent", "need to talk to the doctor", "have the nurse call me",
    "llámeme por favor", "necesito hablar con alguien", "es urgente", "¿me pueden llamar?", "rappelez-moi",
)  # fmt: skip
DOES_NOT = (
    "C", "yes see you then", "don't call me", "no need to call me", "sorry I missed your call", "I will call you",
    "it's not urgent", "my friends call me Bo", "I need to talk to my boss first", "no me llamen",
    "can't wait to see you", "going to urgent care instead",
)  # fmt: skip


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    made = AppointmentFactory.create()
    asked_about(made)
    return made


@pytest.mark.parametrize("text", ASKS)
def test_a_call_is_asked_for_in_many_words(text: str) -> None:
    assert wanted(text)


@pytest.mark.parametrize("text", DOES_NOT)
def test_what_names_a_call_and_asks_for_none(text: str) -> None:
    assert not wanted(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("please call me, it's urgent but not an emergency", ["call_wanted"]),
        ("R please call me", ["call_wanted", "reschedule_request"]),
        ("I can't make it, please call me", ["call_wanted", "cancel_request"]),
    ],
)
def test_a_c_confirms_and_the_call_is_still_to_be_made(visit: Appointment, text: str, reasons: list[str]) -> None:
    writes(visit, text)
    assert cases() == reasons
    assert Escalation.objects.get(reason="call_wanted").priority == Escalation.Priority.HIGH
    writes(visit, "C")
    assert (status_of(visit), cases()) == ("confirmed", ["call_wanted"])


@pytest.mark.django_db
def test_who_wants_a_call_instead_of_texts_is_opted_out_and_called(visit: Appointment) -> None:
    writes(visit, "Stop texting me, call me instead")
    assert consent.is_suppressed(visit.customer.phone)
    assert cases() == ["call_wanted"]


@pytest.mark.django_db
@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("end", ["no_show", "cancelled"])
@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"text": "Do you take Aetna?"}, "question"),
        ({"text": "", "media": ("picture",)}, "media"),
        ({"text": "please call me"}, "call_wanted"),
    ],
)
def test_what_nobody_has_opened_is_not_closed_by_a_no_show_or_a_cancellation(
    visit: Appointment,
    sent: dict[str, object],
    reason: str,
    end: str,
    opened: bool,  # noqa: FBT001
) -> None:
    writes(visit, **sent)  # type: ignore[arg-type]
    if opened:
        escalations.opened(Escalation.objects.get(reason=reason), by="ana")
    with begun(timedelta(hours=2)), transaction.atomic():
        ends = visits.mark_no_show if end == "no_show" else visits.cancel
        ends(Appointment.objects.get(), actor=Actor.ADMIN, actor_id="ada")
    assert cases() == ([] if opened else [reason])
