"""What is due for one phone about visits of one day is one text, and a family's confirmations cost it no reminder."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from appointments.models import Appointment, Business, Customer, Message, ReplyClassification
from appointments.reminders import of_hours, stored
from appointments.services import escalations, messages, talks
from appointments.services.person import family as services_family
from appointments.services.visit import visits
from aro import clock
from aro.queue import due
from compliance.kinds import Kind
from compliance.models import Actor
from integrations.models import ProviderState
from integrations.outbound.resilience import gate
from integrations.providers.chosen import carrier_name
from tests.factories import AppointmentFactory, CustomerFactory
from tests.integrations.carriers.mail_server import MailServer
from tests.integrations.loopback import Loopback, http
from tests.integrations.messaging import MAIL, PHONE, ana, cases, form, mail, refused, taken, told, twilio, work
from workflows.engine import effects

__all__ = ["ana", "mail", "twilio"]
pytestmark = [pytest.mark.django_db(transaction=True)]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NAMES = ("Tom Ray", "Amy Ray", "Zoe Ray")


@pytest.fixture(autouse=True)
def within_an_hour() -> Iterator[None]:
    """No test runs from one hour into the next: whole hours are counted from now to the visit."""
    with time_machine.travel(datetime(2026, 12, 1, 17, 20, tzinfo=UTC), tick=True):
        yield


def noon() -> datetime:
    """A noon in New York, one to two days ahead."""
    there = (clock.now() + timedelta(days=2)).astimezone(ZoneInfo("America/New_York"))
    return there.replace(hour=12, minute=0, second=0, microsecond=0)


def ahead() -> timedelta:
    """So long before that noon the clinic reminds: it is due now."""
    return timedelta(hours=math.ceil((noon() - clock.now()) / HOUR))


def family(*names: str, apart: timedelta = 30 * MINUTE, booked: timedelta = timedelta(days=3)) -> list[Appointment]:
    Business.objects.update(reminders=stored(of_hours([int(ahead() / HOUR)])))
    people = [CustomerFactory.create(name=name, phone=PHONE) for name in names]
    times = {"time_set_at": clock.now() - booked}
    return [
        AppointmentFactory.create(customer=one, starts_at=noon() + place * apart, **times)
        for place, one in enumerate(people)
    ]


def plans(visit: Appointment, kind: str = "reminder_last", at: datetime | None = None) -> Message:
    when = at or visit.starts_at - ahead()
    planned = messages.plan(key=str(uuid4()), kind=kind, appointment=visit, customer=visit.customer, planned_for=when)
    assert planned is not None
    effects.send(planned, now=clock.now())
    return planned


def fate(sent: Message) -> tuple[str, str]:
    sent.refresh_from_db()
    return sent.status, sent.reason


def let_wait_pass() -> None:
    """As if the minutes in which a family's bookings are gathered were over."""
    Message.objects.update(created_at=clock.now() - HOUR)
    for held in Message.objects.filter(status="held"):
        due.put("executions", held.execution.id, clock.now())
    work()


def carrier_is_back() -> None:
    ProviderState.objects.all().delete()
    for held in Message.objects.filter(status="held"):
        due.put("executions", held.execution.id, clock.now())
    work()


def all_that_went_out() -> str:
    return " ".join(Message.objects.filter(status="queued").values_list("body", flat=True))


def asked(visit: Appointment, words: str) -> None:
    """A question from the family's phone that is about none of them in particular."""
    message = Message.objects.create(
        direction="in", kind="reply", address=visit.customer.phone, status="received", body=words
    )
    ReplyClassification.objects.create(message=message, label="QUESTION", confidence=1, source="rules")
    escalations.escalate(key=f"question:{message.id}", reason="question", message=message)


def test_one_reminder_names_the_whole_family(twilio: Loopback, ana: Customer) -> None:
    tom, amy, zoe = family(*NAMES)
    sent = plans(tom)
    work()
    assert fate(sent) == ("queued", "")
    said = form(twilio)["Body"]
    assert "Tom 12:00 PM, Amy 12:30 PM, Zoe 1:00 PM" in said
    assert "Reply C to confirm all" in said
    assert {one.appointment_id for one in sent.named.all()} == {tom.id, amy.id, zoe.id}


def test_the_others_own_reminders_find_that_it_has_been_said(twilio: Loopback, ana: Customer) -> None:
    tom, *others = family(*NAMES)
    plans(tom)
    work()
    later = [plans(one) for one in others]
    work()
    assert [fate(one) for one in later] == [("blocked", "told_together")] * 2
    assert len(twilio.requests) == 1
    assert {id_: talk.reminded for id_, talk in talks.about([tom, *others]).items()} == dict.fromkeys(
        [tom.id, *(one.id for one in others)], 1
    )


def test_reminders_due_at_one_moment_are_one_text(twilio: Loopback, ana: Customer) -> None:
    sent = [plans(one) for one in family(*NAMES, apart=timedelta(0))]
    work()
    assert sorted(fate(one) for one in sent) == [("blocked", "told_together")] * 2 + [("queued", "")]


def test_who_is_due_hours_later_or_another_day_has_a_reminder_of_their_own(twilio: Loopback, ana: Customer) -> None:
    tom, _amy = family("Tom Ray", "Amy Ray", apart=3 * HOUR)
    sent = plans(tom)
    work()
    assert not sent.named.exists()
    assert "Amy" not in form(twilio)["Body"]


def test_one_who_is_cancelled_moved_or_in_a_case_is_not_named(twilio: Loopback, ana: Customer) -> None:
    tom, amy, zoe, leo, eva = family(*NAMES, "Leo Ray", "Eva Ray", apart=20 * MINUTE)
    with transaction.atomic():
        visits.cancel(amy, actor=Actor.USER)
    with transaction.atomic():
        visits.confirm(leo, actor=Actor.USER)
    escalations.escalate(key="c", reason="cancel_request", appointment=eva)
    plans(tom)
    work()
    said = form(twilio)["Body"]
    assert "Tom 12:00 PM, Zoe 12:40 PM" in said
    assert not any(name in said for name in ("Amy", "Leo", "Eva"))
    assert zoe.named_in.exists()


def test_a_text_to_the_family_that_never_arrived_leaves_each_their_own(twilio: Loopback, ana: Customer) -> None:
    twilio.answers = [refused(30005)]
    tom, amy = family("Tom Ray", "Amy Ray")
    first = plans(tom)
    work()
    assert fate(first)[0] == "failed"
    Customer.objects.update(phone_usable=True)
    twilio.answers = [taken("SM" + "2" * 32)]
    second = plans(amy)
    work()
    assert fate(second) == ("queued", "")


@pytest.mark.parametrize(("code", "fates"), [("", [("queued", ""), ("blocked", "told_together")]), ("30003", [])])
def test_what_was_left_out_for_a_text_that_never_arrived_is_said_after_all(
    twilio: Loopback, ana: Customer, code: str, fates: list[tuple[str, str]]
) -> None:
    """At once about each alone; or, when the text itself is tried again later, together with it."""
    tom, *others = family(*NAMES)
    first = plans(tom)
    work()
    later = [plans(one) for one in others]
    work()
    assert [fate(one) for one in later] == [("blocked", "told_together")] * 2
    twilio.answers = [taken("SM" + "2" * 32)]
    told(first, "undelivered", code)
    assert sorted(fate(one) for one in later) == (sorted(fates) or [("planned", "")] * 2)
    carrier_is_back()
    assert all(name in all_that_went_out() for name in ("Amy", "Zoe"))


def test_while_nobody_knows_whether_it_went_the_others_wait(twilio: Loopback, ana: Customer) -> None:
    tom, amy = family("Tom Ray", "Amy Ray")
    twilio.answers = [http(500, {})]
    first = plans(tom)
    work()
    second = plans(amy)
    work()
    Message.objects.filter(pk=first.pk).update(status="unknown")
    due.put("executions", second.execution.id, clock.now())
    work()
    assert fate(second) == ("held", "outcome_unknown")


def test_a_reminder_that_had_to_wait_says_of_the_others_only_what_it_says_when_it_goes(
    twilio: Loopback, ana: Customer
) -> None:
    """The carrier was away when it named all three; when it goes, a question about Tom makes it one about him alone."""
    tom, *others = family(*NAMES)
    gate.failed(carrier_name("sms"), error="unavailable", now=clock.now(), at_once=True)
    sent = plans(tom)
    work()
    assert fate(sent) == ("held", "provider_paused")
    escalations.escalate(key="q", reason="question", appointment=tom)
    later = [plans(one) for one in others]
    carrier_is_back()
    assert fate(sent) == ("queued", "")
    assert not sent.named.exists()
    assert sorted(fate(one) for one in later) == [("blocked", "told_together"), ("queued", "")]
    assert all(name in all_that_went_out() for name in ("Tom", "Amy", "Zoe"))


def test_what_failed_by_text_and_goes_on_by_email_names_only_whom_it_names_there(
    twilio: Loopback, mail: MailServer, ana: Customer
) -> None:
    tom, amy = family("Tom Ray", "Amy Ray")
    Customer.objects.filter(pk=tom.customer_id).update(email=MAIL)
    sent = plans(tom)
    work()
    assert sent.named.count() == 2
    told(sent, "undelivered", "30005")
    assert (sent.channel, sent.status, sent.named.count()) == ("email", "sent", 0)
    assert not services_family.is_said(amy.id, amy.starts_at, amy.starts_at - ahead(), Kind.REMINDER_LAST)


def test_a_family_that_waits_for_an_answer_is_reminded_in_one_text(twilio: Loopback, ana: Customer) -> None:
    tom, amy, zoe = family(*NAMES)
    asked(tom, "Do you take Aetna?")
    sent = plans(tom)
    work()
    assert fate(sent) == ("queued", "")
    said = form(twilio)["Body"]
    assert "Tom 12:00 PM, Amy 12:30 PM, Zoe 1:00 PM. Our team has your message" in said
    assert "Reply C" not in said
    later = [plans(one) for one in (amy, zoe)]
    work()
    assert [fate(one) for one in later] == [("blocked", "told_together")] * 2


def test_whose_request_somebody_has_is_not_named_beside_the_others_who_wait(twilio: Loopback, ana: Customer) -> None:
    tom, amy, zoe = family(*NAMES)
    asked(tom, "Do you take Aetna?")
    escalations.escalate(key="c", reason="cancel_request", appointment=amy)
    plans(tom)
    work()
    assert "Tom 12:00 PM, Zoe 1:00 PM" in form(twilio)["Body"]
    assert not amy.named_in.exists()
    assert zoe.named_in.exists()


def test_who_books_alone_is_confirmed_at_once(twilio: Loopback, ana: Customer) -> None:
    (tom,) = family("Tom Ray")
    sent = plans(tom, "confirmation", clock.now())
    work()
    assert fate(sent) == ("queued", "")


def test_three_siblings_booked_one_after_the_other_are_two_texts(twilio: Loopback, ana: Customer) -> None:
    first, *others = family(*NAMES, booked=timedelta(0))
    Appointment.objects.exclude(pk=first.pk).update(status="cancelled")
    one = plans(first, "confirmation", clock.now())
    work()
    Appointment.objects.update(status="booked")
    later = [plans(visit, "confirmation", clock.now()) for visit in others]
    work()
    assert fate(one) == ("queued", "")
    assert [fate(sent) for sent in later] == [("held", "gathering")] * 2
    let_wait_pass()
    assert sorted(fate(sent) for sent in later) == [("blocked", "told_together"), ("queued", "")]
    assert "Amy 12:30 PM, Zoe 1:00 PM" in form(twilio)["Body"]


def test_confirmations_give_way_to_the_reminders_of_the_day(twilio: Loopback, ana: Customer) -> None:
    """Three texts a day: two confirmations have gone, and a reminder comes within 24 hours."""
    Business.objects.update(reminders=stored(of_hours([1])))
    tom, leo = family("Tom Ray", "Leo Ray", apart=4 * HOUR)
    Business.objects.update(reminders=stored(of_hours([int(ahead() / HOUR) - 3])))
    for _ in range(2):
        gone = plans(leo, "moved", clock.now())
        Message.objects.filter(pk=gone.pk).update(status="sent", sent_at=clock.now())
        due.drop("executions", gone.execution.id)
    sent = plans(tom, "confirmation", clock.now())
    work()
    assert fate(sent) == ("blocked", "gave_way")
    assert cases() == {}


@pytest.mark.parametrize(
    ("apart", "names", "said"),
    [
        (30 * MINUTE, ("Tomás Ruiz", "Ámbar Ruiz"), ("Tomás 12:00 pm", "Ámbar 12:30 pm")),
        (timedelta(0), ("Tomás Ruiz", "Ámbar Ruiz", "Íñigo Ruiz", "Noé Ruiz"), (", 12:00 pm: ", "Ámbar", "Noé")),
    ],
)
def test_a_text_in_few_letters_tells_nobody_a_false_hour(
    twilio: Loopback, ana: Customer, apart: timedelta, names: tuple[str, ...], said: tuple[str, ...]
) -> None:
    """Letters outside GSM-7 leave 67 to a message: one message more is better than another's hour."""
    Business.objects.update(language="es", name="Clínica Dental Ñandú")
    for one in family(*names, apart=apart):
        plans(one)
    work()
    assert all(words in form(twilio)["Body"] for words in said), form(twilio)["Body"]


def test_a_big_family_has_its_hours_too(twilio: Loopback, ana: Customer) -> None:
    first, *_others = family(*(f"{'Maximiliane' * 3}{letter} Ray" for letter in "abcdef"), apart=10 * MINUTE)
    sent = plans(first)
    work()
    sent.refresh_from_db()
    assert sent.segments <= 3
    assert all(f"12:{minutes}0 PM" in form(twilio)["Body"] for minutes in range(6))
