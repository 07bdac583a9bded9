""" "Stop texting me about Tom, Amy still comes": the stop holds for the phone, and a person hears of both."""

from __future__ import annotations

import pytest

from appointments.case_reasons import GONE, SAID_STOP, Reminders
from appointments.models import Appointment, Escalation
from appointments.services.visit import doubts
from compliance import consent
from tests.workflows.family import PHONE, family, told_together
from tests.workflows.phone import cases, status_of, writes
from workflows.replies.stops.one_of_family import read

NAMES = frozenset({"tom", "amy", "zoe", "ray"})
ONE = (
    "Stop texting me about Tom, Amy still comes", "take Tom off, keep Amy", "unsubscribe Tom, not Amy",
    "stop the texts for Tom, but keep Amy's", "no more texts about Tom please, only Amy", "opt Tom out, leave Amy",
    "don't text me about Tom anymore. Amy yes", "stop reminders for Tom. Amy's are fine", "keep Amy, take Tom off",
    "stop texting about my son Tom, Amy will be there thursday", "Amy still comes, stop texting me about Tom",
    "you can stop texting me for Tom but please keep sending Amy's reminders", "only text me about Amy, no more Tom",
    "stop texting about my husband, I'm still coming", "Remove my mom from your texts but not me",
    "Quiten a Tom de la lista, Amy sí va", "no me escriban más sobre Tom, Amy sigue", "borren a Tom pero dejen a Amy",
    "dejen de mandar mensajes de Tom, los de Amy sí",
    "Tom moved away, Amy still comes", "Tom se mudó, Amy sigue", "den de baja a Tom, Amy sigue yendo",
    "ya no me manden mensajes de mi hijo Tom, mi hija Amy sí va", "no me avisen de Tom, de Amy sí",
)  # fmt: skip
ALL = (
    "stop", "stop texting me about Tom and Amy", "stop texting me, Amy", "take Tom off and Amy too",
    "STOP Tom STOP Amy",
    "stop texting me. Tom and Amy are coming", "stop texting about Tom", "unsubscribe us, Tom and Amy",
    "Amy here, stop texting me about everything", "take Tom off, and don't text about Amy either",
    "stop texting me about Tom, Amy isn't coming either", "No me escriban más. Amy sí va",
    "I take Tom to school and Amy will come", "Tom can't come, Amy will", "drop Tom at school then Amy comes",
    "stop texting me, Tom is at school and Amy is coming", "ya no viene Tom, Amy sí",
)  # fmt: skip


@pytest.mark.parametrize("text", ONE)
def test_an_end_for_one_of_them_is_known_from_whom_it_keeps(text: str) -> None:
    named = read(text, NAMES)
    assert named is not None
    assert named.off & {"tom", "husband", "mom"}
    assert named.on & {"amy", "i", "me"}


@pytest.mark.parametrize("text", ALL)
def test_an_end_for_all_or_for_none_is_not(text: str) -> None:
    assert read(text, NAMES) is None


def reasons(visit: Appointment) -> list[str]:
    return sorted(Escalation.objects.filter(appointment=visit).values_list("reason", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "Stop texting me about Tom, Amy still comes",
        "remove Tom from your list, Amy stays",
        "no me escriban más sobre Tom, Amy sigue",
        "Please stop messaging about Tom, he goes somewhere else now. Amy still goes to you",
    ],
)
def test_the_stop_is_honoured_and_staff_hear_who_is_given_up_and_who_cannot_be_reminded(text: str) -> None:
    tom, amy = family("Tom", "Amy")
    told_together([tom, amy])
    writes(tom, text)
    assert consent.is_suppressed(PHONE)
    assert (reasons(tom), reasons(amy)) == ([GONE], [SAID_STOP])
    assert [status_of(one) for one in (tom, amy)] == ["booked", "booked"]
    for case in Escalation.objects.all():
        assert case.priority == Escalation.Priority.HIGH
    assert "START" in Escalation.objects.get(appointment=amy).next_step


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["take Tom off, keep Amy", "borren a Tom pero dejen a Amy", "quite a Tom, deje a Amy",
                                  "Tom changed dentists, Amy still comes"])  # fmt: skip
def test_without_a_stop_only_the_one_waits_for_staff(text: str) -> None:
    tom, amy = family("Tom", "Amy")
    told_together([tom, amy])
    writes(tom, text)
    assert not consent.is_suppressed(PHONE)
    assert (cases(), reasons(tom)) == ([GONE], [GONE])
    assert doubts.reminders_about(tom) == Reminders.NONE
    assert doubts.reminders_about(amy) == Reminders.AS_PLANNED


@pytest.mark.django_db
def test_a_stop_for_all_of_them_opens_no_such_case() -> None:
    tom, amy = family("Tom", "Amy")
    told_together([tom, amy])
    writes(tom, "stop texting me about Tom and Amy")
    assert consent.is_suppressed(PHONE)
    assert cases() == []


@pytest.mark.django_db
def test_who_is_kept_has_a_case_though_nothing_of_the_other_is_booked() -> None:
    tom, amy = family("Tom", "Amy")
    Appointment.objects.filter(pk=tom.pk).update(status="cancelled")
    writes(amy, "stop texting me about Tom, Amy still comes")
    assert (cases(), reasons(amy)) == ([SAID_STOP], [SAID_STOP])


@pytest.mark.django_db
def test_texts_that_are_wanted_again_end_the_case_of_whoever_comes() -> None:
    tom, amy = family("Tom", "Amy")
    told_together([tom, amy])
    writes(tom, "stop texting me about Tom, Amy still comes")
    writes(tom, "START")
    assert cases() == [GONE]
