"""A clinic's own list of reminders, and what staff are told when nobody answers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from appointments import reminders
from appointments.inbound import BookingCreated
from appointments.models import Appointment, Business, Escalation, Message
from appointments.services import escalations
from appointments.services.booking import bookings
from aro import clock
from aro.ids import new_id
from aro.queue import tick
from compliance import consent
from integrations.outbound import wording
from tests.factories import BusinessFactory, booking
from workflows import simulate
from workflows.definitions.reminders import REMINDERS
from workflows.definitions.reminders_v1 import REMINDERS_V1
from workflows.engine import registry
from workflows.models import WorkflowInstance

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
needs_rows = pytest.mark.django_db(transaction=True)


def foretold(hours: Sequence[int], *, ahead: float = 24 * 20) -> list[tuple[str, float]]:
    """Kind and hours before the visit, of every reminder of a booking so many hours ahead."""
    business = Business(name="x", reminders=reminders.stored(reminders.of_hours(hours)))
    visit = simulate.imagined({"starts_at": (NOW + timedelta(hours=ahead)).isoformat()}, business, now=NOW)
    entries = [e for e in simulate.timeline(visit, business, now=NOW) if e.workflow == REMINDERS.name]
    return [(k, (visit.starts_at - e.at) / timedelta(hours=1)) for e in entries for k in e.texts if "reminder" in k]


@pytest.mark.parametrize("hours", [[], [24], [2], [48, 24], [72, 48, 24, 2], [336, 168, 72, 48, 24], [3, 2], [25, 24]])
def test_as_many_reminders_as_the_list_has_each_at_its_time(hours: list[int]) -> None:
    assert [before for _, before in foretold(hours)] == hours


def test_they_are_called_by_their_place() -> None:
    kinds = [kind for kind, _ in foretold([72, 48, 24, 2])]
    assert kinds == ["reminder_first", "reminder_next", "reminder_next", "reminder_last"]
    assert [kind for kind, _ in foretold([24])] == ["reminder_last"]


def test_booked_inside_the_list_skips_what_has_passed() -> None:
    assert [before for _, before in foretold([72, 48, 24, 2], ahead=30)] == [24, 2]
    assert foretold([72, 48], ahead=30) == []


@pytest.mark.parametrize(
    ("hours", "cases"), [([2], [1]), ([4], [2]), ([6], [3]), ([24], [20, 6]), ([48, 24, 2], [6, 1])]
)
def test_staff_hear_of_no_answer_while_there_is_time_for_a_call(hours: list[int], cases: list[float]) -> None:
    """Two hours before the visit the usual wait would end with it: half of what is left is for staff."""
    business = Business(name="x", reminders=reminders.stored(reminders.of_hours(hours)))
    visit = simulate.imagined({"starts_at": (NOW + timedelta(days=9)).isoformat()}, business, now=NOW)
    told = {visit.starts_at - e.at for e in simulate.timeline(visit, business, now=NOW) if "(escalate)" in e.outcome}
    assert sorted((before / timedelta(hours=1) for before in told), reverse=True) == cases


def sent(
    hours_ahead: float,
    *looked_at: float,
    hours: Sequence[int] = (48, 24),
    between: object = None,
    fate: str = "delivered",
) -> Appointment:
    """Plays a visit; what is planned meets its fate at once, `between` happens after the first look."""
    BusinessFactory.create(reminder_hours=list(hours))
    at = clock.now()
    news = BookingCreated(booking=booking(starts_at=at + timedelta(hours=hours_ahead)), occurred_at=at)
    with transaction.atomic():
        bookings.created(news, correlation_id=new_id())
    visit = Appointment.objects.get()
    hand_over(fate)
    for place, before in enumerate(looked_at):
        with time_machine.travel(visit.starts_at - timedelta(hours=before) + timedelta(seconds=2), tick=True):
            hand_over(fate)
            if place == 0 and callable(between):
                between(visit)
                hand_over(fate)
    return visit


def hand_over(fate: str = "delivered") -> None:
    tick.drain(["events", "timers"])
    Message.objects.filter(status="planned").update(status=fate, sent_at=clock.now())


def titles() -> list[str]:
    return list(Escalation.objects.filter(reason="no_answer").values_list("title", flat=True))


@needs_rows
def test_who_got_one_reminder_is_said_to_have_got_one() -> None:
    sent(30, 24, 19.9)
    assert titles() == ["One reminder, no answer."]


@needs_rows
def test_who_got_two_is_said_to_have_got_two_and_the_case_grows_urgent() -> None:
    sent(72, 48, 45, 24, 19.9)
    assert titles() == ["Two reminders, no answer."]
    visit = Appointment.objects.get()
    with time_machine.travel(visit.starts_at - timedelta(hours=5.99), tick=True):
        hand_over()
    case = Escalation.objects.get()
    assert (case.title, case.priority) == (
        "Not confirmed 6 hours before the visit: two reminders, no answer.",
        Escalation.Priority.HIGH,
    )


@needs_rows
def test_nobody_is_said_not_to_have_answered_what_never_went_out() -> None:
    sent(72, 48, 45, 24, 19.9, 5.9, 1, fate="blocked")
    assert Message.objects.filter(kind__startswith="reminder", status="blocked").count() == 2
    assert titles() == []


@needs_rows
@pytest.mark.parametrize("hours", [[], [48, 24]])
def test_without_a_reminder_there_is_no_case(hours: list[int]) -> None:
    sent(10, 5.9, 1, hours=hours)
    assert titles() == []


@needs_rows
def test_who_said_stop_left_nothing_unanswered() -> None:
    sent(72, 48, 45, 24, 19.9, 5, between=lambda visit: consent.suppress(visit.customer.phone, source="keyword"))
    assert titles() == []


@needs_rows
def test_who_wrote_back_left_nothing_unanswered() -> None:
    def writes(visit: Appointment) -> None:
        Message.objects.create(direction="in", kind="reply", address=visit.customer.phone, status="received")

    sent(72, 48, 45, 24, 19.9, 5, between=writes)
    assert titles() == []


@needs_rows
def test_who_waits_for_our_answer_and_is_only_told_the_time_was_asked_nothing() -> None:
    visit = sent(72)
    question = Message.objects.create(direction="in", kind="reply", address=visit.customer.phone, status="received")
    Message.objects.filter(pk=question.pk).update(created_at=clock.now() + timedelta(minutes=1))
    for before in (48, 45, 24, 19.9, 5.9, 1):
        with time_machine.travel(visit.starts_at - timedelta(hours=before) + timedelta(seconds=2), tick=True):
            tick.drain(["events", "timers"])
            waiting = Message.objects.filter(status="planned", kind__startswith="reminder")
            waiting.update(status="delivered", kind="reminder_plain", sent_at=clock.now())
    assert Message.objects.filter(kind="reminder_plain").count() == 2
    assert not Escalation.objects.exists()


@needs_rows
def test_who_wrote_before_and_keeps_silent_to_two_questions_is_said_to_have_written() -> None:
    def writes(visit: Appointment) -> None:
        Message.objects.create(direction="in", kind="reply", address=visit.customer.phone, status="received")

    sent(72, 70, 48, 45, 24, 19.9, between=writes)
    assert titles() == ["Two reminders since the patient wrote, no answer."]


@needs_rows
def test_a_silence_is_noticed_also_when_aro_was_away_for_the_last_reminder() -> None:
    sent(72, 48, 3)
    assert titles() == ["Not confirmed 3 hours before the visit: one reminder, no answer."]


def at(visit: Appointment, before: float, *, held: bool = False, fate: str = "delivered") -> None:
    """So many hours before it; what is planned then goes out, or is held."""
    Business.objects.update(
        reminders=reminders.stored(replace(one, wait=1) for one in Business.objects.get().reminder_list)
    )
    with time_machine.travel(visit.starts_at - timedelta(hours=before) + timedelta(seconds=2), tick=True):
        tick.drain(["events", "timers"])
        waiting = Message.objects.filter(status__in=["planned", "held"])
        waiting.update(**({"status": "held"} if held else {"status": fate, "sent_at": clock.now()}))


@needs_rows
def test_the_wait_begins_when_a_held_reminder_has_really_gone_out() -> None:
    """Due two hours before, held over the end of the quiet hours; half of what is left is for staff."""
    visit = sent(72, 48, hours=[48, 2])
    for before in (2, 1.5, 1.01):
        at(visit, before, held=True)
    at(visit, 1)
    at(visit, 0.55)
    assert titles() == []
    at(visit, 0.49)
    assert titles() == ["Not confirmed 29 minutes before the visit: two reminders, no answer."]


@needs_rows
def test_a_reminder_that_stays_held_leaves_staff_half_an_hour() -> None:
    visit = sent(72, 48, hours=[48, 2])
    for before in (2, 1, 0.9, 0.6):
        at(visit, before, held=True)
    assert titles() == []
    at(visit, 0.49, held=True)
    assert titles() == ["Not confirmed 29 minutes before the visit: one reminder, no answer."]


@needs_rows
def test_a_case_that_is_counted_again_says_how_many_went_out_by_then() -> None:
    visit = sent(72, 48, 45, 24, 5.99, hours=[48, 24, 2])
    assert titles() == ["Not confirmed 6 hours before the visit: two reminders, no answer."]
    at(visit, 2)
    at(visit, 0.9)
    assert titles() == ["Not confirmed 54 minutes before the visit: three reminders, no answer."]


@needs_rows
def test_after_a_pause_the_reminder_that_is_due_asks_before_a_person_is_told() -> None:
    visit = sent(72, 48, 24, hours=[48, 24, 2])
    at(visit, 1.5)
    assert titles() == []
    at(visit, 0.49)
    assert titles() == ["Not confirmed 29 minutes before the visit: three reminders, no answer."]


@needs_rows
def test_no_case_says_so_once_the_visit_has_begun() -> None:
    visit = sent(72, 2, -0.5, hours=[2])
    assert Message.objects.filter(kind="reminder_last", status="delivered").exists()
    assert not Escalation.objects.filter(reason="no_answer", created_at__gte=visit.starts_at).exists()


@needs_rows
def test_a_jump_of_the_clock_over_all_of_them_sends_one() -> None:
    sent(80, 1.5, hours=[72, 48, 24, 2])
    said = dict(Message.objects.filter(kind__startswith="reminder").values_list("planned_for", "status"))
    assert sorted(said.values()) == ["blocked", "blocked", "blocked", "delivered"]


@needs_rows
def test_runs_that_began_with_the_first_version_end_with_it() -> None:
    registry.forget(REMINDERS)
    try:
        visit = sent(72, 48)
    finally:
        registry.register(REMINDERS)
    run = WorkflowInstance.objects.get(definition=REMINDERS.name)
    assert (run.version, REMINDERS_V1.version) == (1, 1)
    with time_machine.travel(visit.starts_at - timedelta(hours=23.9), tick=True):
        hand_over()
    kinds = Message.objects.filter(kind__startswith="reminder").order_by("created_at").values_list("kind", flat=True)
    assert list(kinds) == ["reminder_48h", "reminder_24h"]


@needs_rows
@pytest.mark.parametrize(
    ("reason", "kind", "withheld"),
    [
        ("question", "reminder_plain", False),
        ("unclear_reply", "reminder_plain", False),
        ("running_late", "reminder_plain", False),
        ("cancel_request", "reminder_last", True),
        ("reschedule_request", "reminder_last", True),
        ("emergency", "reminder_last", True),
        ("no_answer", "reminder_last", False),
    ],
)
def test_whoever_waits_for_our_answer_is_not_asked_once_more(reason: str, kind: str, withheld: bool) -> None:  # noqa: FBT001
    visit = sent(72, 48)
    escalations.escalate(key="x", reason=reason, title="t", next_step="n", appointment=visit)
    message = Message(kind="reminder_last", appointment=visit, customer=visit.customer, visit_start=visit.starts_at)
    wording.fit(message)
    assert (message.kind, wording.is_awaiting_staff(message)) == (kind, withheld)


@needs_rows
def test_only_who_was_reminded_before_and_kept_silent_is_asked_with_urgency() -> None:
    visit = sent(72, 48)
    message = Message(kind="reminder_last", tone="urgent", appointment=visit, visit_start=visit.starts_at)
    assert wording.tone(message) == "urgent"
    Message.objects.filter(kind="reminder_first").update(status="blocked")
    assert wording.tone(message) == "friendly"
