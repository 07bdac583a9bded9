"""appointment-reminder-sequence as it was first: always two reminders. Kept for the runs that began with it."""

from __future__ import annotations

from datetime import datetime, timedelta

from appointments.case_reasons.words import happened, to_do
from appointments.models import Appointment, Escalation
from compliance.reasons import Reason
from workflows.engine.definition import Definition, Trigger
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Done, Escalate, Next, NotSaid, Outcome, Say, SleepUntil, WaitFor

ANSWER = ("response.classified",)
# A reminder this soon after the booking's own confirmation would only repeat it.
SOON_AFTER_BOOKING = timedelta(hours=2)
# A reminder that could not go out on time (ARO was down) still helps for this long.
FRIENDLY_HELPS_FOR = timedelta(hours=20)
URGENT_HELPS_FOR = timedelta(hours=20)
LAST_CALL = timedelta(hours=6)


def tell(facts: Facts, now: datetime) -> Outcome:
    """Booked: confirm it by text. Moved: tell the new time."""
    kind = "moved" if facts.visit.moves else "confirmation"
    if facts.visit.starts_at <= now:
        return Done("the visit's time had passed when ARO heard of it")
    return Next("sleep_to_friendly", (Say(kind=kind),))


def sleep_to_friendly(facts: Facts, now: datetime) -> Outcome:
    """To 48 h before the visit. Too near already: that reminder is left out."""
    at = _at(facts, _hours(facts)[0])
    left_out = _left_out(facts, now, at, FRIENDLY_HELPS_FOR)
    if left_out:
        return Next("sleep_to_urgent", (NotSaid(kind="reminder_48h", reason=left_out),))
    return SleepUntil(at, "remind_friendly")


def remind_friendly(facts: Facts, now: datetime) -> Outcome:
    """The first reminder; two hours for an answer."""
    at = _at(facts, _hours(facts)[0])
    if now > at + FRIENDLY_HELPS_FOR:
        return Next("sleep_to_urgent", (NotSaid(kind="reminder_48h", reason=Reason.STALE),))
    return WaitFor(
        events=ANSWER,
        within=timedelta(hours=2),
        then="sleep_to_urgent",
        otherwise="sleep_to_urgent",
        effects=(Say(kind="reminder_48h", planned_for=at),),
    )


def sleep_to_urgent(facts: Facts, now: datetime) -> Outcome:
    """To 24 h before the visit."""
    at = _at(facts, _hours(facts)[-1])
    left_out = _left_out(facts, now, at, URGENT_HELPS_FOR)
    if left_out:
        return Next("sleep_to_last_call", (NotSaid(kind="reminder_24h", reason=left_out),))
    return SleepUntil(at, "remind_urgent")


def remind_urgent(facts: Facts, now: datetime) -> Outcome:
    """The second reminder; four hours for an answer. Not while a person still has the patient's request to move."""
    at = _at(facts, _hours(facts)[-1])
    if now > at + URGENT_HELPS_FOR:
        return Next("sleep_to_last_call", (NotSaid(kind="reminder_24h", reason=Reason.STALE),))
    if facts.visit.last_reply_label in ("RESCHEDULE", "CANCEL"):
        return Next("sleep_to_last_call", (NotSaid(kind="reminder_24h", reason=Reason.AWAITING_STAFF),))
    return WaitFor(
        events=ANSWER,
        within=timedelta(hours=4),
        then="sleep_to_last_call",
        otherwise="no_answer",
        effects=(Say(kind="reminder_24h", planned_for=at),),
    )


def no_answer(facts: Facts, now: datetime) -> Outcome:
    """Two reminders and no answer: a person may call."""
    case = Escalate(
        reason="no_answer",
        title=happened("no_answer.two"),
        next_step=to_do("no_answer.call"),
    )
    return Next("sleep_to_last_call", (case,))


def sleep_to_last_call(facts: Facts, now: datetime) -> Outcome:
    """To 6 h before the visit."""
    return SleepUntil(facts.visit.starts_at - LAST_CALL, "last_call")


def last_call(facts: Facts, now: datetime) -> Outcome:
    """Still not confirmed six hours before: high priority."""
    if facts.visit.status != Appointment.Status.BOOKED or now >= facts.visit.starts_at:
        return Done("nothing left to ask")
    if facts.visit.booked_at > facts.visit.starts_at - LAST_CALL:
        return Done("booked so shortly before that nobody needs to call")
    case = Escalate(
        reason="no_answer",
        title=happened("no_answer.six_hours"),
        next_step=to_do("no_answer.call_now"),
        priority=Escalation.Priority.HIGH,
    )
    return Done("a person was told", (case,))


def confirmed(facts: Facts, now: datetime) -> Outcome:
    """From anywhere, when the visit is confirmed."""
    return Done("confirmed")


def _hours(facts: Facts) -> list[int]:
    return sorted(facts.rules.reminder_hours, reverse=True) or [48, 24]


def _at(facts: Facts, hours: int) -> datetime:
    """So many hours before the visit, as elapsed time: 24 h stay 24 h over a change of the clocks."""
    return facts.visit.starts_at - timedelta(hours=hours)


def _left_out(facts: Facts, now: datetime, at: datetime, helps_for: timedelta) -> Reason | None:
    """Why a reminder planned for `at` is left out, if it is."""
    known_since = facts.visit.time_set_at
    if known_since > at or now > at + helps_for:
        return Reason.STALE
    return Reason.MERGED if known_since > at - SOON_AFTER_BOOKING and facts.visit.moves == 0 else None


REMINDERS_V1 = Definition(
    name="appointment-reminder-sequence",
    version=1,
    triggers=(Trigger(event="appointment.created"), Trigger(event="appointment.rescheduled")),
    steps=(
        tell,
        sleep_to_friendly,
        remind_friendly,
        sleep_to_urgent,
        remind_urgent,
        no_answer,
        sleep_to_last_call,
        last_call,
        confirmed,
    ),
    interrupts={"appointment.confirmed": "confirmed"},
    awaits=ANSWER,
    cancelled_by=(
        "appointment.cancelled",
        "appointment.rescheduled",
        "appointment.no_show",
        "appointment.in_progress",
        "appointment.completed",
    ),
    priority=10,
)
