"""The last word before a text goes out. One pure function of plain values, so that every rule can be tried to break.

Whoever sends asks `judge` again at the moment of sending, under the lock that marks the message as being sent: what was
true when it was planned may not be true any more. Nothing here knows a provider or a profile.

Cancelling a visit or charging money is not judged here because ARO has no such action at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from compliance import afterwards, kinds
from compliance.kinds import Kind
from compliance.models import Purpose
from compliance.opening import both_allow
from compliance.quiet import NeverAllowedError, next_allowed
from compliance.reasons import Reason
from compliance.send_context import DEFAULT_CAP, SendContext
from compliance.verdicts import Hold, Send, Skip, Verdict

__all__ = ["DEFAULT_CAP", "Hold", "Send", "SendContext", "Skip", "Verdict", "judge", "obstacle"]

CANCELLED, MOVING = "cancelled", "rescheduled"
STILL_TO_COME = frozenset({"booked", "confirmed", MOVING})
# While all sending is off (switching it on again looks at once), and while a number is in question.
LOOK_AGAIN = timedelta(minutes=15)
# One look at the carrier's list, and reading what is new there.
CAUGHT_UP_SOON = timedelta(seconds=3)
# How soon it is known whether the carrier has the text to the family.
KNOWN_SOON = timedelta(seconds=30)

Rule = Callable[[SendContext, datetime], Verdict | None]


def judge(context: SendContext, now: datetime) -> Verdict:
    """The verdict of the first rule that objects; `Send` when none does.

    The order says which reason staff read when several apply: this number must not be written to; this kind is not
    wanted; the visit has changed; the message itself is pointless; all sending is off; then the time; then the cap. The
    cap comes last because a message held over night is judged again, and by then the count may have fallen.
    """
    for rule in RULES:
        verdict = rule(context, now)
        if verdict is not None:
            return verdict
    return Send()


def obstacle(context: SendContext, now: datetime) -> Verdict | None:
    """What stands against a text to this address whatever it is about, so that it can be said before; None: nothing."""
    found = (rule(context, now) for rule in RULES if rule in ABOUT_THE_ADDRESS)
    return next((verdict for verdict in found if verdict is not None), None)


def _kill_switch(context: SendContext, now: datetime) -> Verdict | None:
    """Held, on every channel and whatever it answers: who switched everything off wants no exception."""
    return Hold(now + LOOK_AGAIN, Reason.KILL_SWITCH) if context.kill_switch else None


def _caught_up(context: SendContext, now: datetime) -> Verdict | None:
    """Somebody may have said STOP to a carrier that could not tell us. Who writes to us now is answered."""
    return Hold(now + CAUGHT_UP_SOON, Reason.CATCHING_UP) if context.catching_up else None


def _nothing_forgotten(context: SendContext, now: datetime) -> Verdict | None:
    """It may have gone out already, and somebody may have said STOP since: a person has to look."""
    return Hold(now + LOOK_AGAIN, Reason.OLDER_DATABASE) if context.older_database else None


def _settled(context: SendContext, now: datetime) -> Verdict | None:
    """First of all: what is true of the visit now may be taken back in a moment."""
    if context.settles_at is None or now >= context.settles_at or context.answers_person:
        return None
    return Hold(context.settles_at, Reason.MAY_BE_UNDONE)


def _reachable(context: SendContext, now: datetime) -> Verdict | None:
    if not context.has_phone:
        return Skip(Reason.NO_PHONE)
    return None if context.phone_usable else Skip(Reason.PHONE_UNUSABLE)


def _worth_texting(context: SendContext, now: datetime) -> Verdict | None:
    """Nobody earns from our texts. In an emergency that does not matter."""
    if context.number_problem is None or context.kind == Kind.EMERGENCY_ANSWER:
        return None
    return Skip(context.number_problem)


def _not_suppressed(context: SendContext, now: datetime) -> Verdict | None:
    blocked = context.suppressed and context.kind not in kinds.ALLOWED_AFTER_STOP
    return Skip(Reason.OPTED_OUT) if blocked else None


def _wanted(context: SendContext, now: datetime) -> Verdict | None:
    """Who writes to us is answered."""
    unwanted = context.texts_unwanted and not context.answers_person
    return Skip(Reason.TEXTS_UNWANTED) if unwanted else None


def _consented(context: SendContext, now: datetime) -> Verdict | None:
    """Whoever writes to us may be answered; that answer must not advertise anything."""
    answer = context.answers_person and context.purpose == Purpose.CARE
    return None if context.consent or answer else Skip(Reason.NO_CONSENT)


def _switched_on(context: SendContext, now: datetime) -> Verdict | None:
    return None if context.kind_enabled else Skip(Reason.SWITCHED_OFF)


def _visit_to_come(context: SendContext, now: datetime) -> Verdict | None:
    if context.kind not in kinds.BEFORE_THE_VISIT or not context.visit_status:
        return None
    if context.visit_status == CANCELLED:
        return Skip(Reason.CANCELLED)
    if context.visit_status not in STILL_TO_COME:
        return Skip(Reason.VISIT_OVER)
    return _time_still_right(context, now)


def _time_still_right(context: SendContext, now: datetime) -> Verdict | None:
    planned, actual = context.planned_for_start, context.visit_starts_at
    if context.visit_status == MOVING or (planned is not None and planned != actual):
        return Skip(Reason.MOVED)
    return Skip(Reason.VISIT_PAST) if actual is not None and actual <= now else None


def _not_confirmed_already(context: SendContext, now: datetime) -> Verdict | None:
    """Nobody who has confirmed is reminded, whatever held the reminder back until then."""
    reminds = context.kind in kinds.REMINDERS and context.confirmed
    return Skip(Reason.ALREADY_CONFIRMED) if reminds else None


def _not_answered_already(context: SendContext, now: datetime) -> Verdict | None:
    """What asked for a word or another time, and comes late: both may be there by now."""
    if context.kind in kinds.ASKS_WHICH_VISIT and context.written_since:
        return Skip(Reason.STALE)
    if context.kind not in kinds.ASKS_FOR_ANOTHER_TIME:
        return None
    if context.visit_status == CANCELLED:
        return Skip(Reason.CANCELLED)
    planned, actual = context.planned_for_start, context.visit_starts_at
    return Skip(Reason.MOVED) if planned is not None and planned != actual else None


def _nobody_has_their_request(context: SendContext, now: datetime) -> Verdict | None:
    """Whoever said that they cannot come is neither asked whether they do, nor reminded of what they owe for it, nor
    missed afterwards."""
    asks = kinds.REMINDERS | kinds.AFTER_A_NO_SHOW | {Kind.DEPOSIT_REMINDER}
    wanted = context.kind in asks and context.awaiting_staff
    return Skip(Reason.AWAITING_STAFF) if wanted else None


def _deposit_open(context: SendContext, now: datetime) -> Verdict | None:
    asks = context.kind in kinds.ASKS_FOR_A_DEPOSIT
    return Skip(Reason.DEPOSIT_SETTLED) if asks and not context.deposit_open else None


def _has_its_link(context: SendContext, now: datetime) -> Verdict | None:
    missing = context.kind in kinds.NEEDS_A_LINK and not context.has_link
    return Skip(Reason.NO_LINK) if missing else None


def _safe_text(context: SendContext, now: datetime) -> Verdict | None:
    return Skip(Reason.UNSAFE_TEXT) if context.text_problems else None


def _not_overtaken(context: SendContext, now: datetime) -> Verdict | None:
    """Two texts about one visit at the same moment are one too many."""
    return Skip(Reason.MERGED) if context.overtaken else None


def _not_told_together(context: SendContext, now: datetime) -> Verdict | None:
    """One text to a family names several visits; each of the others would say the same once more."""
    if context.told_together:
        return Skip(Reason.TOLD_TOGETHER)
    return Hold(now + KNOWN_SOON, Reason.OUTCOME_UNKNOWN) if context.maybe_told else None


def _gathered(context: SendContext, now: datetime) -> Verdict | None:
    waits = context.gathers_until is not None and now < context.gathers_until
    return Hold(context.gathers_until, Reason.GATHERING) if waits and context.gathers_until else None


def _still_useful(context: SendContext, now: datetime) -> Verdict | None:
    late = context.latest_useful_at is not None and now > context.latest_useful_at
    return Skip(Reason.STALE) if late else None


def _right_person(context: SendContext, now: datetime) -> Verdict | None:
    """Somebody else answers there: what is planned waits for a person, and an answer is not worth waiting for."""
    if not context.wrong_number or context.kind in kinds.NOT_PERSONAL:
        return None
    return Skip(Reason.WRONG_NUMBER) if context.answers_person else Hold(now + LOOK_AGAIN, Reason.WRONG_NUMBER)


def _family_left_alone(context: SendContext, now: datetime) -> Verdict | None:
    """A death was told of: nothing about the visit reaches the family until a person has settled it."""
    if not context.told_of_death or context.kind in kinds.NOT_PERSONAL:
        return None
    return Skip(Reason.TOLD_OF_DEATH) if context.answers_person else Hold(now + LOOK_AGAIN, Reason.TOLD_OF_DEATH)


def _outside_quiet_hours(context: SendContext, now: datetime) -> Verdict | None:
    """Held to the nearest allowed moment if it still makes sense then. Who has just written is awake."""
    if context.answers_person:
        return None
    try:
        at = next_allowed(now, context.zone, context.hours)
    except NeverAllowedError:
        return Skip(Reason.QUIET_HOURS)
    if at <= now:
        return None
    return Hold(at, Reason.QUIET_HOURS) if _makes_sense_at(context, at) else Skip(Reason.STALE)


def _while_somebody_is_there(context: SendContext, now: datetime) -> Verdict | None:
    """Held to the next opening outside quiet hours. If its use is lost by then it goes out now instead."""
    if context.kind not in kinds.IN_OPENING_HOURS or context.answers_person or context.opening is None:
        return None
    try:
        awake = next_allowed(now, context.zone, context.hours)
        at = both_allow(context.opening, context.zone, context.hours, now)
    except NeverAllowedError:
        return None  # the next rule says so
    return Hold(at, Reason.CLOSED) if at is not None and at > awake and _makes_sense_at(context, at) else None


def _makes_sense_at(context: SendContext, at: datetime) -> bool:
    if context.latest_useful_at is not None and at > context.latest_useful_at:
        return False
    starts_at = context.visit_starts_at if context.kind in kinds.BEFORE_THE_VISIT else None
    return starts_at is None or at < starts_at


def _below_the_cap(context: SendContext, now: datetime) -> Verdict | None:
    """Places that more important messages will need within the day count as taken."""
    if context.answers_person or not context.automatic or context.kind in kinds.OUTSIDE_THE_CAP:
        return None
    if 0 < context.cap_per_week <= context.sent_last_7d:
        return Skip(Reason.CAP_REACHED)
    if context.sent_last_24h + context.more_important_due >= context.cap_per_day:
        at = context.place_free_at
        soon = at is not None and now < at <= now + kinds.WAITS_FOR_A_PLACE and _makes_sense_at(context, at)
        return Hold(at, Reason.NO_PLACE_YET) if at is not None and soon else Skip(Reason.CAP_REACHED)
    return Skip(Reason.GAVE_WAY) if context.costs_a_reminder else None


RULES: tuple[Rule, ...] = (
    _settled,
    _reachable,
    _worth_texting,
    _not_suppressed,
    _wanted,
    _switched_on,
    _consented,
    _visit_to_come,
    _not_confirmed_already,
    _not_answered_already,
    _nobody_has_their_request,
    afterwards.attended,
    afterwards.heard_of_in_time,
    afterwards.nobody_doubts_it,
    afterwards.still_a_no_show,
    afterwards.not_missed_before,
    afterwards.not_reviewed,
    _deposit_open,
    afterwards.not_asked_recently,
    afterwards.not_offered_recently,
    afterwards.not_booked_again,
    _has_its_link,
    _safe_text,
    _not_overtaken,
    _not_told_together,
    _still_useful,
    _kill_switch,
    _nothing_forgotten,
    _caught_up,
    _right_person,
    _family_left_alone,
    afterwards.apart_from_the_other,
    _while_somebody_is_there,
    _outside_quiet_hours,
    _gathered,
    _below_the_cap,
)
ABOUT_THE_ADDRESS: frozenset[Rule] = frozenset(
    {
        _reachable,
        _worth_texting,
        _not_suppressed,
        _wanted,
        _consented,
        _kill_switch,
        _nothing_forgotten,
        _right_person,
        _family_left_alone,
    }
)
