"""A reply about several people on one phone is carried out for each by name, or handed over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, Customer, Escalation, Message
from tests.workflows.family import MAIL, MAILED, PHONE, family, told_together
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes
from workflows.inspect import full
from workflows.replies.labels import Source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("words", ["C", "Yes", "yes to all", "Yes for all three", "C, thanks", "Sí", "all confirmed"])
def test_a_yes_to_the_text_to_all_confirms_all_whom_it_named(words: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits)
    message = writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["confirmed"] * 3
    assert (answers_to(message), cases()) == (["thank_you"], [])


@pytest.mark.parametrize(
    "words",
    [
        "C for Tom and Amy, Zoe can't make it",
        "Tom and Amy yes, Zoe no",
        "yes for Tom and Amy but Zoe is sick",
        "Tom can, Amy can, Zoe can't",
        "Zoe can't come. Tom and Amy will be there",
        "Zoe is sick and can't come, the others will",
        "Zoe can't come, but the other two can",
        "Zoe Ray can't make it at all, the rest will be there",
        "Zoe no puede, los demás sí",
        "Tom and Amy yes, not the 3pm one",
        "Tom y Amy sí, Zoe no puede",
    ],
)
def test_each_is_taken_at_what_was_said_of_them(words: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits)
    message = writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["confirmed", "confirmed", "booked"]
    assert answers_to(message) == ["thank_you"]
    case = Escalation.objects.get()
    assert (case.reason, case.appointment, case.message) == ("cancel_request", visits[2], message)


# Nobody can answer an e-mail to ARO: it asks to call, and some write from the phone instead.
EVERY_WAY = [("sms", "sms"), ("whatsapp", "whatsapp"), ("sms", "whatsapp"), ("email", "sms"), ("email", "whatsapp")]


@pytest.mark.parametrize(("told_by", "by"), EVERY_WAY)
def test_each_is_taken_at_what_was_said_of_them_on_every_channel(told_by: str, by: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits, told_by)
    message = writes(visits[0], "C for Tom and Amy, Zoe can't make it", channel=by)
    assert [status_of(one) for one in visits] == ["confirmed", "confirmed", "booked"]
    answered = Message.objects.get(key=f"answer:{message.id}")
    assert (answered.kind, answered.channel, answered.address) == ("thank_you", by, PHONE)
    case = Escalation.objects.get()
    assert (case.reason, case.appointment, case.message) == ("cancel_request", visits[2], message)


@pytest.mark.parametrize(("told_by", "by"), EVERY_WAY)
def test_a_plain_yes_confirms_all_whom_the_last_question_named_on_every_channel(told_by: str, by: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits, told_by)
    writes(visits[0], "C", channel=by)
    assert ([status_of(one) for one in visits], cases()) == (["confirmed"] * 3, [])


@pytest.mark.parametrize("words", ["C for Tom and Amy, Zoe can't make it", "Tom and Amy yes, Zoe no"])
def test_an_email_to_all_counts_beside_an_earlier_text_to_one(words: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    asked_about(visits[0], kind="reminder_first", ago=timedelta(hours=24))
    told_together(visits, "email")
    writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["confirmed", "confirmed", "booked"]
    assert cases() == ["cancel_request"]


@pytest.mark.parametrize(
    ("words", "status", "opened"),
    [("C", "confirmed", []), ("yes", "confirmed", []), ("X", "booked", ["cancel_request"]),
     ("yes, or another time", "booked", ["reschedule_request"])],
)  # fmt: skip
def test_who_was_asked_by_email_alone_answers_it_from_the_phone(words: str, status: str, opened: list[str]) -> None:
    visits = family("Tom")
    sent = asked_about(visits[0], MAILED, kind="reminder_last")
    Message.objects.filter(pk=sent.pk).update(channel="email", address=MAIL)
    writes(visits[0], words)
    assert (status_of(visits[0]), cases()) == (status, opened)


def test_who_shares_the_mailbox_and_has_another_phone_speaks_for_themselves() -> None:
    visits = family("Tom", "Amy", "Zoe")
    Customer.objects.filter(pk=visits[2].customer_id).update(phone="+12025550178")
    told_together(visits, "email")
    writes(visits[0], "C")
    assert [status_of(one) for one in visits] == ["confirmed", "confirmed", "booked"]
    Appointment.objects.filter(pk=visits[2].pk).update(status="cancelled")
    writes(visits[0], "C", sender="+12025550178")
    assert not Escalation.objects.filter(appointment__in=visits[:2]).exists()


@pytest.mark.parametrize("words", ["10:30 works like a charm", "tuesday works like a charm for us"])
def test_a_yes_that_only_the_learned_reader_knows_confirms_nobody_of_a_family(words: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits)
    message = writes(visits[0], words)
    assert message.classification.source == Source.LEARNED
    assert [status_of(one) for one in visits] == ["booked"] * 3
    assert cases() == ["which_visit"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("tuesday works like a charm for us", "which_visit"),
        ("what should they bring?", "question"),
        ("Tom maybe", "unclear_reply"),
        ("we need another day", "reschedule_request"),
        ("someone cannot breathe", "emergency"),
    ],
)
def test_what_a_family_wrote_is_one_case_that_knows_each_visit_it_may_be_about(words: str, reason: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits)
    writes(visits[0], words)
    case = Escalation.objects.get()
    assert (case.reason, set(case.visits.all())) == (reason, set(visits))


def test_a_case_about_one_person_alone_names_no_others() -> None:
    visits = family("Tom", "Amy")
    told_together(visits)
    writes(visits[0], "Tom yes, Amy can't come")
    case = Escalation.objects.get()
    assert (case.appointment, case.visits.count()) == (visits[1], 0)


@pytest.mark.parametrize(
    "words",
    [
        "can both come",
        "both?",
        "not both",
        "both are sick",
        "only both",
        "neither",
        "which both",
        "both but Leo will be late",
        "both can come tuesday",
        "both at 5 pm",
        "maybe both",
        "yes my appointment",
        "yes for the kids",
        "thanks all",
        "thank you both",
        "gracias a todos",
        "los dos no",
        "ninguno de los dos",
        "uno de los dos",
        "los dos están enfermos",
        "pueden ir los dos",
        "quizás los dos",
        "las dos",
        "is this for Leo or me",
        "yes, is this for Leo or me?",
        "can Leo come",
        "Is Tom coming",
        "can they come",
        "will they be there",
        "only Tom can",
        "yes she will be there",
        "yes for me",
        "all but Leo",
        "if Tom can come",
        "Tom maybe",
        "ok who is this",
        "Tom can if Leo can't",
        "Tom can come next month",
    ],
)
def test_what_is_not_sure_confirms_nobody_and_reaches_a_person(words: str) -> None:
    visits = family("Tom", "Leo")
    told_together(visits)
    writes(visits[0], words)
    assert [status_of(one) for one in visits] == ["booked"] * 2
    assert cases()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Tom can't come after all", "cancel_request"),
        ("Unfortunately Tom can't make it tomorrow, he has a fever. So sorry!", "cancel_request"),
        ("please cancel Tom's appointment", "cancel_request"),
        ("Tom is sick and isn't coming at all", "cancel_request"),
        ("Lo siento, Tom está enfermo y no puede venir", "cancel_request"),
        ("Tom needs another time", "reschedule_request"),
        ("Tom will be 10 minutes late", "running_late"),
    ],
)
def test_what_is_said_of_one_is_a_case_of_that_one_and_the_others_stay_confirmed(words: str, reason: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits)
    writes(visits[0], "C")
    writes(visits[0], words)
    case = Escalation.objects.get()
    assert (case.reason, case.appointment, case.customer) == (reason, visits[0], visits[0].customer)
    assert [status_of(one) for one in visits] == ["confirmed"] * 3
    assert [len(full(one)["escalations"]) for one in visits] == [1, 0, 0]


def test_the_one_who_is_sick_after_all_were_confirmed_is_a_case_and_the_others_stay() -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits)
    writes(visits[0], "C")
    writes(visits[0], "Zoe is sick and can't come, the others will")
    assert Escalation.objects.get().appointment == visits[2]
    assert [status_of(one) for one in visits] == ["confirmed"] * 3


@pytest.mark.parametrize(
    "words",
    [
        "X",
        "can't come after all",
        "Tom is sick, we can't come",
        "I can't come, Tom has a fever",
        "Tom can't come, no one can",
    ],
)
def test_a_no_that_may_be_of_any_of_them_is_shown_with_each(words: str) -> None:
    visits = family("Tom", "Amy", "Zoe")
    told_together(visits)
    writes(visits[0], "C")
    writes(visits[0], words)
    assert Escalation.objects.get().appointment is None
    assert [[one["reason"] for one in full(visit)["escalations"]] for visit in visits] == [["cancel_request"]] * 3


def test_one_who_was_moved_after_the_text_is_not_confirmed_by_it() -> None:
    visits = family("Tom", "Leo")
    told_together(visits)
    Appointment.objects.filter(pk=visits[1].pk).update(starts_at=visits[1].starts_at + timedelta(hours=3))
    writes(visits[0], "C")
    assert status_of(visits[1]) == "booked"
