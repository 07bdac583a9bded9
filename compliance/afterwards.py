"""Rules about what follows a visit: a review request, the offer of a next one, "we missed you"."""

from __future__ import annotations

from datetime import datetime

from compliance import kinds
from compliance.kinds import Kind
from compliance.opening import both_allow
from compliance.quiet import NeverAllowedError, next_allowed
from compliance.reasons import Reason
from compliance.send_context import SendContext
from compliance.verdicts import Hold, Skip, Verdict

COMPLETED, NO_SHOW = "completed", "no_show"


def attended(context: SendContext, now: datetime) -> Verdict | None:
    """A visit that ends later than now although thanks for it are due was moved after they had been planned."""
    if context.kind not in kinds.AFTER_ATTENDING:
        return None
    if context.visit_status != COMPLETED:
        return Skip(Reason.NOT_ATTENDED)
    ends_at = context.visit_ends_at
    return Skip(Reason.MOVED) if ends_at is not None and ends_at > now else None


def heard_of_in_time(context: SendContext, now: datetime) -> Verdict | None:
    """Who was entered after the visit was never told of it by us: the first text would be about something long past."""
    wanted = context.kind in kinds.AFTER_ATTENDING | kinds.AFTER_A_NO_SHOW
    return Skip(Reason.HEARD_TOO_LATE) if wanted and context.heard_too_late else None


def nobody_doubts_it(context: SendContext, now: datetime) -> Verdict | None:
    """Nobody who wrote of an emergency is thanked for coming."""
    wanted = context.kind in kinds.AFTER_ATTENDING | kinds.AFTER_A_NO_SHOW
    return Skip(Reason.OUTCOME_OPEN) if wanted and context.outcome_open else None


def still_a_no_show(context: SendContext, now: datetime) -> Verdict | None:
    wanted = context.kind in kinds.AFTER_A_NO_SHOW
    return Skip(Reason.STALE) if wanted and context.visit_status != NO_SHOW else None


def not_missed_before(context: SendContext, now: datetime) -> Verdict | None:
    """A no-show that was taken back and is marked again is no news."""
    wanted = context.kind in kinds.AFTER_A_NO_SHOW
    return Skip(Reason.SAID_BEFORE) if wanted and context.said_before else None


def not_reviewed(context: SendContext, now: datetime) -> Verdict | None:
    return Skip(Reason.REVIEWED) if context.kind == Kind.REVIEW and context.reviewed else None


def not_asked_recently(context: SendContext, now: datetime) -> Verdict | None:
    if context.kind != Kind.REVIEW or context.last_review_request_at is None:
        return None
    recent = now - context.last_review_request_at < context.ask_again_after
    return Skip(Reason.ASKED_RECENTLY) if recent else None


def not_offered_recently(context: SendContext, now: datetime) -> Verdict | None:
    if context.kind != Kind.REBOOKING or context.last_offer_at is None:
        return None
    recent = now - context.last_offer_at < kinds.OFFER_AGAIN_AFTER
    return Skip(Reason.OFFERED_RECENTLY) if recent else None


def not_booked_again(context: SendContext, now: datetime) -> Verdict | None:
    has_it = context.kind in kinds.OFFERS_A_VISIT and context.booked_again
    return Skip(Reason.BOOKED_AGAIN) if has_it else None


def apart_from_the_other(context: SendContext, now: datetime) -> Verdict | None:
    """A review request and an offer leave each other some hours. Where the clinic's or the recipient's hours would hold
    it as long, they are the reason."""
    apart = context.not_before
    if apart is None or apart <= now:
        return None
    at, without = _allowed_from(context, apart), _allowed_from(context, now)
    useful = at is not None and (context.latest_useful_at is None or at <= context.latest_useful_at)
    return Hold(at, Reason.SPACED_OUT) if at is not None and at != without and useful else None


def _allowed_from(context: SendContext, at: datetime) -> datetime | None:
    """The earliest moment from `at` on that the recipient's hours allow, and the clinic's where they are known."""
    try:
        if context.opening is None:
            return next_allowed(at, context.zone, context.hours)
        return both_allow(context.opening, context.zone, context.hours, at)
    except NeverAllowedError:
        return None
