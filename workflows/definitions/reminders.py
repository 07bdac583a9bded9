"""appointment-reminder-sequence: tell, remind as often as the clinic's list says, then ask a person.

Version 2: a list of reminders instead of two; cases say what really happened, and none says "no answer" of somebody
who answered, said stop, or was never asked. Whoever was to be reminded and never was, since all of it came too late, is
a case of its own.

Replies are handled as they come (workflows/replies); here an answer only ends the waiting. Rescheduled: this run ends
and a new one starts for the new time. Cancelled: the run ends and nothing more is sent.

`facts.data["reminded"]`: the hours of the last reminder dealt with, so that a list changed meanwhile repeats nothing.
`facts.data["missed"]`: one was left out because its moment had gone by.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from appointments import reminders
from appointments.case_reasons import NOT_REMINDED
from appointments.case_reasons.words import happened, part, to_do
from appointments.models import Appointment, Escalation
from appointments.reminders import Reminder
from compliance.kinds import Kind
from compliance.reasons import Reason
from workflows.engine.definition import Definition, Trigger
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Done, Escalate, Next, NotSaid, Outcome, Say, SleepUntil, WaitFor

ANSWER = ("response.classified",)
# A reminder this soon after the booking's own confirmation would only repeat it.
LAST_CALL = timedelta(hours=6)
# While a reminder is held it is looked at again so often, until staff need the rest of the time for a call.
LOOK_AGAIN, FOR_STAFF = timedelta(minutes=5), timedelta(minutes=30)
# Handing a text over takes a moment.
MOMENT = timedelta(minutes=1)
SMALL_NUMBERS = (1, 2, 3)


def tell(facts: Facts, now: datetime) -> Outcome:
    """Booked, perhaps again: confirm it by text. Moved: tell the new time. Standing again after a mistake: nothing."""
    again = facts.event == "appointment.booked_again"
    kind = "moved" if facts.visit.moves and not again else "confirmation"
    if facts.visit.starts_at <= now:
        return Done("the visit's time had passed when ARO heard of it")
    if facts.data.get("restarts") and not again:
        return Next("plan")  # they know the visit and its time
    return Next("plan", (Say(kind=kind),))


def tell_again(facts: Facts, now: datetime) -> Outcome:
    """From anywhere, when the visit's texts go to another number: whoever has it knows nothing of the visit yet. What
    still waits goes there, too: corrected again and again, it is told once."""
    if facts.told_soon or facts.visit.starts_at <= now or facts.visit.status != Appointment.Status.BOOKED:
        return Next("plan")
    times = facts.data.get("told_again", 0) + 1
    return Next("plan", (Say(kind=Kind.CONFIRMATION, part=str(times)),), keep={"told_again": times})


def plan(facts: Facts, now: datetime) -> Outcome:
    """To the next reminder, or to the last look when that comes before. What would come too late is left out."""
    left_out: list[NotSaid] = []
    kept: dict[str, Any] = {}
    for one in _open(facts):
        at = _at(facts, one)
        if not _called(facts) and at > _last_call_at(facts):
            break
        reason = _left_out(facts, now, one)
        if reason is None:
            return SleepUntil(at, "remind_of_visit", tuple(left_out), keep=kept)
        left_out.append(NotSaid(kind=_kind(facts, one), reason=reason, part=str(one.hours)))
        kept = {**kept, "reminded": one.hours, **({"missed": True} if _is_missed(facts, one, reason) else {})}
    following = "over" if _called(facts) else "sleep_to_last_call"
    return Next(following, tuple(left_out), keep=kept)


def remind_of_visit(facts: Facts, now: datetime) -> Outcome:
    """The reminder whose time has come; then a while for an answer. Whether it may go out is judged as it goes. Of what
    is left before the visit, half is for staff."""
    one = next(iter(_open(facts)), None)
    if one is None or _at(facts, one) > now or _left_out(facts, now, one):
        return Next("plan")
    kept = {"reminded": one.hours}
    if facts.visit.last_reply_label in ("RESCHEDULE", "CANCEL"):
        awaiting = NotSaid(kind=_kind(facts, one), reason=Reason.AWAITING_STAFF, part=str(one.hours))
        return Next("plan", (awaiting,), keep=kept)
    said = Say(
        kind=_kind(facts, one), planned_for=_at(facts, one), tone=one.tone, channel=one.channel, part=str(one.hours)
    )
    return WaitFor(
        events=ANSWER,
        within=min(timedelta(hours=one.wait), (facts.visit.starts_at - now) / 2),
        then="no_answer",  # not every message is an answer
        otherwise="no_answer",
        effects=(said,),
        keep=kept,
    )


def no_answer(facts: Facts, now: datetime) -> Outcome:
    """Nothing came back. After the last reminder a person may call, once it has been as long with the patient."""
    if _open(facts) or not _is_silent(facts, now):
        return Next("plan")
    left = _answer_until(facts, now) - now
    if left > MOMENT:
        return WaitFor(events=ANSWER, within=left, then="no_answer", otherwise="no_answer")
    return Next("plan", (_case(facts, now),))


def sleep_to_last_call(facts: Facts, now: datetime) -> Outcome:
    """To 6 h before the visit."""
    return SleepUntil(_last_call_at(facts), "last_call")


def last_call(facts: Facts, now: datetime) -> Outcome:
    """Still silent six hours before: high priority. Reminders that are still to come follow."""
    if now < _last_call_at(facts):
        return Next("plan")  # woken by a new list
    if any(_asks_first(facts, now, one) for one in _open(facts)):
        return Next("plan", keep={"called": True})
    case = _case(facts, now) if _is_silent(facts, now) else _never_reminded(facts, now)
    return Next("plan", (case,) if case else (), keep={"called": True})


def over(facts: Facts, now: datetime) -> Outcome:
    """Nothing is left to say."""
    return Done("nothing left to ask")


def confirmed(facts: Facts, now: datetime) -> Outcome:
    """From anywhere, when the visit is confirmed."""
    return Done("confirmed")


def _list(facts: Facts) -> list[Reminder]:
    return facts.rules.reminder_list


def _open(facts: Facts) -> list[Reminder]:
    """Those not dealt with yet, the earliest first."""
    last = facts.data.get("reminded")
    return [one for one in _list(facts) if last is None or one.hours < last]


def _kind(facts: Facts, reminder: Reminder) -> Kind:
    known = _list(facts)
    return reminders.kind_of(known.index(reminder), len(known))


def _at(facts: Facts, reminder: Reminder) -> datetime:
    """So long before the visit, as elapsed time: 24 h stay 24 h over a change of the clocks."""
    return facts.visit.starts_at - reminder.before


def _last_call_at(facts: Facts) -> datetime:
    return facts.visit.starts_at - LAST_CALL


def _called(facts: Facts) -> bool:
    return bool(facts.data.get("called"))


def _left_out(facts: Facts, now: datetime, reminder: Reminder) -> Reason | None:
    """Why a reminder is left out, if it is. Two that are due at once are one: the later one says the same."""
    at, known_since = _at(facts, reminder), facts.visit.time_set_at
    if known_since > at or now > at + reminders.helps_for(reminder):
        return Reason.STALE
    if any(_at(facts, later) <= now for later in _open(facts) if later.hours < reminder.hours):
        return Reason.MERGED
    return Reason.MERGED if not reminders.is_due_alone(known_since, at) and facts.visit.moves == 0 else None


def _is_missed(facts: Facts, reminder: Reminder, reason: Reason) -> bool:
    """It had something to say at its moment, and that has gone by."""
    return reason == Reason.STALE and reminders.is_due_alone(facts.visit.time_set_at, _at(facts, reminder))


def _is_waiting(facts: Facts, now: datetime) -> bool:
    """Nobody has said yet whether they come, and may still be asked."""
    waiting = facts.visit.status == Appointment.Status.BOOKED and now < facts.visit.starts_at
    return waiting and not facts.talk.opted_out


def _is_silent(facts: Facts, now: datetime) -> bool:
    """Was asked, and has neither answered nor said stop, while the visit is still to come. A reminder that only told
    the time, to somebody who waits for our answer, asked nothing."""
    return _is_waiting(facts, now) and facts.talk.asked > 0 and not facts.talk.answered


def _asks_first(facts: Facts, now: datetime, reminder: Reminder) -> bool:
    """ARO was away: a reminder is due by now, and there is time for an answer to it."""
    due = _at(facts, reminder) <= now and _left_out(facts, now, reminder) is None
    return due and now + timedelta(hours=reminder.wait) < facts.visit.starts_at


def _answer_until(facts: Facts, now: datetime) -> datetime:
    """So long the patient has to answer: from when the reminder really went out, which may be hours after its time. Of
    what is left before the visit, half is for staff."""
    starts_at, asked = facts.visit.starts_at, facts.talk.asked_last
    if facts.talk.waits:
        return min(now + LOOK_AGAIN, starts_at - FOR_STAFF)
    last = facts.data.get("reminded")
    wait = next((one.wait for one in _list(facts) if one.hours == last), 0)
    return min(asked + timedelta(hours=wait), asked + (starts_at - asked) / 2) if asked else now


def _never_reminded(facts: Facts, now: datetime) -> Escalate | None:
    """ARO or the carrier was away while all their reminders were due: nobody else tells staff."""
    missed = facts.data.get("missed") or facts.talk.missed
    heard = facts.visit.last_reply_label in ("RESCHEDULE", "CANCEL")
    if not missed or facts.talk.reminded or heard or not _is_waiting(facts, now):
        return None
    left = _in_words(facts.visit.starts_at - now)
    return Escalate(reason=NOT_REMINDED, title=happened("not_reminded.left", left=left))


def _case(facts: Facts, now: datetime) -> Escalate:
    left, asked = facts.visit.starts_at - now, _asked(facts)
    if left > LAST_CALL:
        return Escalate(
            reason="no_answer",
            title=happened("no_answer.asked", asked=asked),
            next_step=to_do("no_answer.call"),
        )
    return Escalate(
        reason="no_answer",
        title=happened("no_answer.late", left=_in_words(left), asked=asked),
        next_step=to_do("no_answer.call_now"),
        priority=Escalation.Priority.HIGH,
    )


def _asked(facts: Facts) -> str:
    count = facts.talk.asked
    asked = part(f"reminders.{count}" if count in SMALL_NUMBERS else "reminders.many", count=count)
    return part("reminders.since", asked=asked) if facts.talk.wrote else asked


def _in_words(left: timedelta) -> str:
    minutes = max(1, round(left / timedelta(minutes=1)))
    number, unit = (minutes, "minute") if minutes < 60 else (round(minutes / 60), "hour")  # noqa: PLR2004
    return part(f"{unit}s" if number > 1 else unit, count=number)


REMINDERS = Definition(
    name="appointment-reminder-sequence",
    version=2,
    triggers=(
        Trigger(event="appointment.created"),
        Trigger(event="appointment.rescheduled"),
        Trigger(event="appointment.reopened"),
        Trigger(event="appointment.booked_again"),
    ),
    steps=(tell, tell_again, plan, remind_of_visit, no_answer, sleep_to_last_call, last_call, over, confirmed),
    interrupts={"appointment.confirmed": "confirmed", "appointment.readdressed": "tell_again"},
    awaits=ANSWER,
    cancelled_by=(
        "appointment.cancelled",
        "appointment.rescheduled",
        "appointment.no_show",
        "appointment.in_progress",
        "appointment.completed",
    ),
    listens_from=frozenset({"plan", "remind_of_visit", "no_answer", "last_call"}),
    priority=10,
)
