"""Who gets the places that a phone has under the day's cap, when there are more texts than places."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from appointments.models import Appointment, Business, Customer, Message
from appointments.reminders import of_hours, stored
from appointments.services import escalations, messages
from aro import clock
from aro.queue import due
from tests.factories import AppointmentFactory, CustomerFactory
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import PHONE, ana, cases, taken, twilio, work
from workflows.engine import effects

__all__ = ["ana", "twilio"]
pytestmark = [pytest.mark.django_db(transaction=True)]
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
OTHERS = "A text was left out: others that are due for this number within 24 hours matter more."
USED_UP = "A text was left out: this number already got the most automatic texts allowed in 24 hours."


def books(name: str, ahead: timedelta, *, booked: timedelta = 9 * DAY) -> Appointment:
    person = CustomerFactory.create(name=name, phone=PHONE)
    now = clock.now()
    return AppointmentFactory.create(customer=person, starts_at=now + ahead, time_set_at=now - booked)


def plans(visit: Appointment, kind: str, at: datetime | None = None) -> Message:
    when = at or clock.now()
    planned = messages.plan(key=str(uuid4()), kind=kind, appointment=visit, customer=visit.customer, planned_for=when)
    assert planned is not None
    effects.send(planned, now=clock.now())
    return planned


def went_out(visit: Appointment, *ago: timedelta) -> None:
    """As many other texts to the phone."""
    for one in ago:
        Message.objects.create(
            key=str(uuid4()),
            direction="out",
            kind="moved",
            automatic=True,
            customer=visit.customer,
            address=PHONE,
            status="delivered",
            sent_at=clock.now() - one,
        )


def sends(twilio: Loopback) -> None:
    """What goes out now; each taken by the carrier."""
    twilio.answers = [taken(f"SM{place:032}") for place in range(9)]
    work()


def fate(sent: Message) -> tuple[str, str]:
    sent.refresh_from_db()
    return sent.status, sent.reason


def test_a_reminder_waits_the_moment_until_yesterdays_text_is_a_day_old(twilio: Loopback, ana: Customer) -> None:
    visit = books("Tom Ray", DAY)
    went_out(visit, HOUR, 2 * HOUR, DAY - 30 * SECOND)
    sent = plans(visit, "reminder_last")
    sends(twilio)
    assert fate(sent) == ("held", "no_place_yet")
    assert sent.held_until is not None
    assert timedelta(0) < sent.held_until - clock.now() <= 31 * SECOND
    assert cases() == {}


def test_a_place_that_is_free_only_in_hours_is_none(twilio: Loopback, ana: Customer) -> None:
    visit = books("Tom Ray", DAY)
    went_out(visit, HOUR, 2 * HOUR, DAY - 2 * HOUR)
    sent = plans(visit, "reminder_last")
    sends(twilio)
    assert fate(sent) == ("blocked", "cap_reached")
    assert cases() == {"cap_reached": USED_UP}


@pytest.mark.parametrize(("ago", "fates"), [(2 * HOUR, ("blocked", "gave_way")), (DAY - 30 * SECOND, ("queued", ""))])
def test_an_earlier_reminder_gives_way_to_a_siblings_last_one(
    twilio: Loopback, ana: Customer, ago: timedelta, fates: tuple[str, str]
) -> None:
    """Only where it takes that one's place: by then yesterday's texts may be a day old."""
    tom, amy = books("Tom Ray", 27 * HOUR), books("Amy Ray", 48 * HOUR)
    went_out(tom, ago, ago)
    sent = plans(amy, "reminder_first")
    sends(twilio)
    assert fate(sent) == fates
    assert cases() == {}


def test_a_last_reminder_that_asks_nothing_is_one_all_the_same(twilio: Loopback, ana: Customer) -> None:
    tom, amy = books("Tom Ray", DAY), books("Amy Ray", 48 * HOUR)
    went_out(tom, HOUR, 2 * HOUR)
    escalations.escalate(key="q", reason="question", appointment=tom)
    last, first = plans(tom, "reminder_plain"), plans(amy, "reminder_first")
    sends(twilio)
    assert fate(last) == ("queued", "")
    assert fate(first) == ("blocked", "cap_reached")


def test_the_visit_that_nothing_else_can_announce_is_told_of_first(twilio: Loopback, ana: Customer) -> None:
    """Entered in one go, whatever is carried out first."""
    later = [books("Ana Diaz", days * DAY + 5 * HOUR, booked=timedelta(0)) for days in (4, 2)]
    today = books("Ana Diaz", 5 * HOUR, booked=timedelta(0))
    went_out(today, HOUR)
    others = [plans(one, "confirmation") for one in later]
    mine = plans(today, "confirmation")
    sends(twilio)
    assert fate(mine) == ("queued", "")
    assert [fate(one)[0] for one in others].count("blocked") == 1
    assert fate(others[0])[0] == "blocked"
    assert cases() == {}


def test_a_case_says_that_texts_have_gone_only_when_they_have(twilio: Loopback, ana: Customer) -> None:
    Business.objects.update(reminders=stored(of_hours([1])))
    people = [books(name, 5 * HOUR + place * DAY) for place, name in enumerate(("Tom Ray", "Amy Ray", "Zoe Ray"))]
    for one in people:
        plans(one, "reminder_last")
    sent = plans(books("Leo Ray", 9 * DAY), "reminder_first")
    twilio.answers = [taken()]
    for other in Message.objects.exclude(pk=sent.pk):
        due.drop("executions", other.execution.id)
    work()
    assert fate(sent) == ("blocked", "cap_reached")
    assert cases() == {"cap_reached": OTHERS}
