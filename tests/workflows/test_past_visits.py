"""Who may not have come is not thanked for coming: a person says what became of the visit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from appointments.inbound import BookingCancelled, BookingCreated, BookingMoved, ReplyReceived
from appointments.models import Appointment, Customer, Escalation, Message
from appointments.services import escalations, messages, risk
from appointments.services.booking import bookings
from appointments.services.visit import doubts, standing_again, visits
from aro import clock
from aro.ids import new_id
from aro.models import DeadLetter
from aro.queue import due, tick
from compliance.models import Actor
from integrations.models import Receipt
from tests.factories import AppointmentFactory, BusinessFactory, booking
from workflows.commands import bus
from workflows.replies.acting import inbox

pytestmark = [pytest.mark.django_db(transaction=True)]
PHONE = "+12025550142"
LANES = ["events", "timers", "sweeps"]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=True):
        yield


def works(times: int = 3) -> None:
    for _ in range(times):
        tick.drain(LANES)


@pytest.fixture
def visit() -> Appointment:
    """Booked four days ahead by somebody with a phone."""
    BusinessFactory.create()
    with transaction.atomic():
        bookings.created(BookingCreated(booking=booking(), occurred_at=clock.now()), correlation_id=new_id())
    works()
    was_asked()
    return Appointment.objects.get()


def was_asked() -> None:
    """As if what was planned had gone out."""
    asked = {"status": "delivered", "sent_at": clock.now(), "body": "Reply C to confirm, X if you cannot come."}
    Message.objects.filter(kind="confirmation").update(kind="reminder_first", **asked)


def says(text: str) -> None:
    news = ReplyReceived(
        channel="sms", sender=PHONE, text=text, provider_id=f"SM{new_id().hex}", occurred_at=clock.now()
    )
    with transaction.atomic():
        inbox.receive(news, correlation_id=new_id())
    works()


def over(visit: Appointment, *, hours: float = 3) -> Appointment:
    with at(visit.starts_at + timedelta(hours=hours)):
        works()
    visit.refresh_from_db()
    return visit


def open_reasons() -> set[str]:
    return set(Escalation.objects.filter(status="open").values_list("reason", flat=True))


def does(command: str, visit: Appointment, **more: str) -> None:
    bus.execute(command=command, payload={"appointment_id": str(visit.id), **more}, actor=Actor.ADMIN, actor_id="ada")


@pytest.mark.parametrize(
    "text", ["X", "I have chest pain", "sorry cant make it", "hm lets see tomorrow", "R", "CANCEL"]
)
def test_a_visit_somebody_may_not_come_to_waits_for_a_person(visit: Appointment, text: str) -> None:
    says(text)
    over(visit)
    assert visit.status == "booked"
    assert open_reasons() - {"emergency"} == {"past_no_outcome"}
    person = Customer.objects.get()
    assert (person.completed_visits, person.confirmation_rate) == (0, 0.0)
    assert not Message.objects.filter(kind__in=["review", "rebooking"]).exists()


def test_a_visit_that_nobody_doubts_is_completed(visit: Appointment) -> None:
    says("C")
    assert over(visit).status == "completed"
    assert open_reasons() == set()


@pytest.mark.parametrize("words", ["Running 3 hours late", "llego con 2 horas de retraso", "40 min late"])
@pytest.mark.parametrize("before", ["", "C"])
def test_who_is_late_for_longer_than_the_visit_may_have_come_too_late(
    visit: Appointment, before: str, words: str
) -> None:
    if before:
        says(before)
    with at(visit.starts_at - timedelta(minutes=10)):
        says(words)
    assert open_reasons() == {"very_late"}
    over(visit)
    assert visit.status != "completed"
    assert open_reasons() == {"past_no_outcome"}


def test_hours_late_are_no_yes_in_spanish_either(visit: Appointment) -> None:
    says("tres horas tarde")
    assert open_reasons() == {"unclear_reply"}
    assert over(visit).status == "booked"


def test_who_is_a_little_late_is_expected(visit: Appointment) -> None:
    with at(visit.starts_at - timedelta(minutes=10)):
        says("Running 15 min late")
    assert open_reasons() == {"running_late"}
    assert over(visit).status == "completed"


def test_who_was_very_late_and_came_is_there(visit: Appointment) -> None:
    with at(visit.starts_at):
        says("Running 3 hours late")
    with at(visit.starts_at + timedelta(hours=2)):
        does("appointment.start", visit)
    assert over(visit).status == "completed"
    assert open_reasons() == set()


def test_who_confirmed_and_asks_something_is_expected(visit: Appointment) -> None:
    says("C")
    escalations.escalate(key="q", reason="question", appointment=visit)
    assert over(visit).status == "completed"


def test_a_case_closed_without_an_outcome_completes_nothing(visit: Appointment) -> None:
    says("X")
    escalations.resolve(Escalation.objects.get(reason="cancel_request"), by="ada", resolution="")
    assert over(visit).status == "booked"
    assert open_reasons() == {"past_no_outcome"}


def test_who_takes_the_no_back_is_expected_again(visit: Appointment) -> None:
    says("X")
    does("appointment.confirm", visit)
    assert over(visit).status == "completed"


def test_a_message_that_nobody_read_is_a_doubt(visit: Appointment) -> None:
    messages.record_inbound(
        provider_id="SM1", sender=PHONE, text="no", channel="sms", customer=None, at=clock.now(), tenant_id="default"
    )
    assert over(visit).status == "booked"
    assert open_reasons() == {"past_no_outcome"}


def delivery(outcome: str) -> Receipt:
    return Receipt.objects.create(
        source="twilio_sms",
        delivery_key="SM2",
        body=f"MessageSid=SM{'a' * 32}&From=%2B{PHONE[1:]}&To=%2B15005550006&Body=no".encode(),
        outcome=outcome,
    )


def test_a_delivery_that_waits_to_be_read_is_a_doubt(visit: Appointment) -> None:
    due.put("receipts", delivery("pending").id, clock.now())
    assert over(visit).status == "booked"


def test_a_delivery_that_could_not_be_read_is_a_doubt_until_somebody_puts_it_away(visit: Appointment) -> None:
    letter = DeadLetter.objects.create(
        lane="receipts",
        ref=delivery("failed").id,
        error_code="x",
        attempts=5,
        first_attempt_at=clock.now(),
        last_attempt_at=clock.now(),
    )
    assert doubts.about(visit)
    DeadLetter.objects.filter(pk=letter.pk).update(archived_at=clock.now())
    assert not doubts.about(visit)


def test_a_reply_about_two_visits_puts_both_in_doubt(visit: Appointment) -> None:
    with transaction.atomic():
        other = booking(external_id="b", starts_at=visit.starts_at + timedelta(hours=1))
        bookings.created(BookingCreated(booking=other, occurred_at=clock.now()), correlation_id=new_id())
    works()
    was_asked()
    says("X")
    with at(visit.starts_at + timedelta(hours=5)):
        works()
    assert set(Appointment.objects.values_list("status", flat=True)) == {"booked"}
    assert Escalation.objects.filter(reason="past_no_outcome", status="open").count() == 2


def test_the_case_says_what_they_wrote_before(visit: Appointment) -> None:
    says("X")
    earlier = Escalation.objects.get().title
    over(visit)
    assert Escalation.objects.get(reason="past_no_outcome").title == f"Past, no outcome. Before: {earlier}"


def test_another_phones_case_doubts_nothing(visit: Appointment) -> None:
    other = AppointmentFactory.create()
    escalations.escalate(key="x", reason="cancel_request", appointment=other)
    assert over(visit).status == "completed"


def test_a_person_says_what_became_of_it(visit: Appointment) -> None:
    says("X")
    over(visit)
    with at(visit.starts_at + timedelta(hours=4)):
        does("appointment.complete", visit)
        works()
    case = Escalation.objects.get(reason="past_no_outcome")
    assert (case.status, case.resolved_by) == ("resolved", "system")
    assert Customer.objects.get().completed_visits == 1


def test_the_question_what_became_of_it_is_not_closed_without_an_answer(visit: Appointment) -> None:
    says("X")
    over(visit)
    case = Escalation.objects.get(reason="past_no_outcome")
    with pytest.raises(Exception, match="Say what became of the visit"):
        bus.execute(
            command="escalation.resolve", payload={"escalation_id": str(case.id)}, actor=Actor.ADMIN, actor_id="ada"
        )
    case.refresh_from_db()
    assert case.status == "open"


def test_who_writes_after_the_completion_that_they_did_not_come_is_not_thanked(visit: Appointment) -> None:
    over(visit)
    with at(visit.starts_at + timedelta(hours=4)):
        escalations.escalate(key="x", reason="cancel_request", appointment=Appointment.objects.get())
        works()
    visit.refresh_from_db()
    assert (visit.status, visit.completed_at) == ("booked", None)
    assert open_reasons() == {"past_no_outcome"}
    assert Customer.objects.get().completed_visits == 0


@pytest.mark.parametrize(
    ("reason", "words", "status"),
    [
        ("emergency", "since the extraction my face is swollen and I have a fever", "completed"),
        ("deceased", "She passed away last night", "completed"),
        ("deceased", "Murió anoche", "completed"),
        ("emergency", "I was in the ER yesterday and couldn’t make it, chest pain", "booked"),
        ("deceased", "My mother died, so we didn't come yesterday", "booked"),
        ("deceased", "Mi mamá murió y no pudo ir a la cita", "booked"),
    ],
)
def test_what_happened_since_says_nothing_of_a_visit_that_took_place(
    visit: Appointment, reason: str, words: str, status: str
) -> None:
    """The case stands by itself; only who says that they had not come is asked about."""
    over(visit)
    with at(visit.starts_at + timedelta(hours=20)):
        wrote = Message.objects.create(direction="in", kind="reply", address=PHONE, status="received", body=words)
        escalations.escalate(key="x", reason=reason, appointment=Appointment.objects.get(), message=wrote)
        works()
    visit.refresh_from_db()
    assert visit.status == status
    assert open_reasons() == {reason} | ({"past_no_outcome"} if status == "booked" else set())


def test_what_is_written_weeks_later_changes_nothing(visit: Appointment) -> None:
    over(visit)
    with at(visit.starts_at + timedelta(days=20)):
        escalations.escalate(key="x", reason="cancel_request", appointment=Appointment.objects.get())
        works()
    visit.refresh_from_db()
    assert visit.status == "completed"


def test_half_a_move_becomes_a_case_and_ends_with_its_other_half(visit: Appointment) -> None:
    half = BookingCancelled(booking=booking(), occurred_at=clock.now(), by="customer", moved_to="next")
    with transaction.atomic():
        bookings.cancelled(half, correlation_id=new_id())
    works()
    assert open_reasons() == set()
    with at(clock.now() + timedelta(minutes=31)):
        works()
        assert open_reasons() == {"half_moved"}
        news = BookingMoved(
            booking=booking(external_id="next", starts_at=visit.starts_at + timedelta(days=1)),
            previous_external_id=visit.external_id,
            occurred_at=clock.now(),
        )
        with transaction.atomic():
            bookings.moved(news, correlation_id=new_id())
    assert open_reasons() == set()
    assert Appointment.objects.get().status == "booked"


def test_half_a_move_of_a_near_visit_is_told_sooner(visit: Appointment) -> None:
    with at(visit.starts_at - timedelta(minutes=65)):
        half = BookingCancelled(booking=booking(), occurred_at=clock.now(), by="customer", moved_to="next")
        with transaction.atomic():
            bookings.cancelled(half, correlation_id=new_id())
    with at(visit.starts_at - timedelta(minutes=59)):
        works()
    assert open_reasons() == {"half_moved"}


def test_half_a_move_that_stays_half_asks_what_became_of_the_visit(visit: Appointment) -> None:
    half = BookingCancelled(booking=booking(), occurred_at=clock.now(), by="customer", moved_to="next")
    with transaction.atomic():
        bookings.cancelled(half, correlation_id=new_id())
    with at(visit.starts_at - timedelta(hours=4)):
        works()
    over(visit)
    assert open_reasons() == {"past_no_outcome"}
    with at(visit.starts_at + timedelta(hours=4)):
        does("appointment.no_show", visit)
    visit.refresh_from_db()
    assert visit.status == "no_show"


def test_a_visit_in_doubt_weighs_nothing_in_the_next_bookings_risk(visit: Appointment) -> None:
    says("X")
    over(visit)
    with at(visit.starts_at + timedelta(days=2)):
        following = AppointmentFactory.create(customer=visit.customer, booked_at=clock.now())
        found = risk.features(following)
    assert (found.prior_visits, found.prior_no_shows, found.pending) == (0, 0, 0)
    assert visits.ends_at(visit) < following.starts_at


@pytest.mark.parametrize(("text", "missed"), [("X", 0), ("C", 1)])
def test_who_wrote_in_time_that_they_would_not_come_has_missed_nothing(
    visit: Appointment, text: str, missed: int
) -> None:
    says(text)
    with at(visit.starts_at + timedelta(hours=1)):
        with transaction.atomic():
            visits.mark_no_show(Appointment.objects.get())
        works()
        following = AppointmentFactory.create(customer=visit.customer, booked_at=clock.now() + timedelta(days=1))
        found = risk.features(following)
    assert (found.prior_visits, found.prior_no_shows) == (missed, missed)
    told = Escalation.objects.filter(reason="called_off", status="open").values_list("title", flat=True)
    assert bool(told) is not bool(missed)
    assert all("had written before" in title for title in told)


@pytest.mark.parametrize(("reason", "asked"), [("complaint", True), ("emergency", False), ("deceased", False)])
def test_who_complained_and_came_is_asked_for_a_review_like_everybody(
    visit: Appointment,
    reason: str,
    asked: bool,  # noqa: FBT001
) -> None:
    escalations.escalate(key="x", reason=reason, appointment=visit)
    over(visit)
    assert visit.status == "booked"
    with at(visit.starts_at + timedelta(hours=4)):
        does("appointment.complete", visit)
        visit.refresh_from_db()
        assert doubts.about(visit) is not asked


@pytest.mark.parametrize("doubtful", [True, False])
def test_an_outcome_taken_back_is_asked_for_and_not_made_up(visit: Appointment, doubtful: bool) -> None:  # noqa: FBT001
    if doubtful:
        says("X")
    over(visit)
    with at(visit.starts_at + timedelta(hours=4)):
        if doubtful:
            does("appointment.complete", visit)
        works()
        does("appointment.reopen", visit, reason="I pressed the wrong one")
        works()
    visit.refresh_from_db()
    assert visit.status == "booked"
    assert open_reasons() == {"past_no_outcome"}
    why = "Before: A patient cannot come" if doubtful else "reopened after its time"
    assert why in Escalation.objects.get(reason="past_no_outcome", status="open").title


def test_a_no_show_taken_back_before_the_end_leaves_the_wish_waiting(visit: Appointment) -> None:
    says("X")
    with at(visit.starts_at + timedelta(minutes=5)):
        does("appointment.no_show", visit)
        assert open_reasons() == set()
        with transaction.atomic():
            standing_again.unmark_no_show(Appointment.objects.get())
    assert open_reasons() == {"cancel_request"}
