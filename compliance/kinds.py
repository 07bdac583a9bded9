"""Every kind of message ARO sends, and what the rules need to know about each."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from compliance.models import Purpose


class Kind(StrEnum):
    CONFIRMATION = "confirmation"
    REMINDER_FIRST = "reminder_first"
    REMINDER_NEXT = "reminder_next"
    REMINDER_LAST = "reminder_last"
    REMINDER_PLAIN = "reminder_plain"
    # As they were called while there were always two. Stored messages keep these names.
    REMINDER_48H = "reminder_48h"
    REMINDER_24H = "reminder_24h"
    MOVED = "moved"
    # How several of a family are told in one text; the message itself keeps the kind it was planned as.
    FAMILY_CONFIRMATION = "family_confirmation"
    FAMILY_REMINDER = "family_reminder"
    FAMILY_REMINDER_PLAIN = "family_reminder_plain"
    FAMILY_MOVED = "family_moved"
    FAMILY_THANK_YOU = "family_thank_you"
    THANK_YOU = "thank_you"
    RESCHEDULE_LINK = "reschedule_link"
    DEPOSIT_REQUEST = "deposit_request"
    DEPOSIT_REMINDER = "deposit_reminder"
    DEPOSIT_RECEIPT = "deposit_receipt"
    REVIEW = "review"
    REVIEW_THANKS = "review_thanks"
    REBOOKING = "rebooking"
    NO_SHOW_FOLLOWUP = "no_show_followup"
    OPT_OUT_ANSWER = "opt_out_answer"
    OPT_IN_ANSWER = "opt_in_answer"
    HELP_ANSWER = "help_answer"
    EMERGENCY_ANSWER = "emergency_answer"
    WHICH_VISIT = "which_visit"
    ALREADY_CANCELLED = "already_cancelled"
    HANDED_OVER = "handed_over"


MARKETING = frozenset({Kind.REVIEW, Kind.REVIEW_THANKS, Kind.REBOOKING})
FORMER_NAMES: dict[Kind, Kind] = {Kind.REMINDER_48H: Kind.REMINDER_FIRST, Kind.REMINDER_24H: Kind.REMINDER_LAST}
# Where a kind that a list does not name has its place in it: an operator's own list may be older than the kind.
STANDS_WITH: dict[Kind, Kind] = {
    Kind.REMINDER_FIRST: Kind.REMINDER_48H,
    Kind.REMINDER_LAST: Kind.REMINDER_24H,
    Kind.REMINDER_NEXT: Kind.REMINDER_FIRST,
    Kind.REMINDER_PLAIN: Kind.REMINDER_FIRST,
    **FORMER_NAMES,
}
# They ask whether the person comes; a plain one tells the time and asks nothing.
ASKING_REMINDERS = frozenset({Kind.REMINDER_FIRST, Kind.REMINDER_NEXT, Kind.REMINDER_LAST, *FORMER_NAMES})
REMINDERS = ASKING_REMINDERS | {Kind.REMINDER_PLAIN}
REMINDER_HELPS_AT_MOST = timedelta(hours=20)
# How long after its planned moment a text still helps; those about an upcoming visit also end with its start.
HELPS_FOR: dict[Kind, timedelta] = {
    Kind.REVIEW: timedelta(days=7),
    Kind.REVIEW_THANKS: timedelta(days=3),
    Kind.REBOOKING: timedelta(days=14),
    Kind.NO_SHOW_FOLLOWUP: timedelta(days=7),
    # Hours later a person has long been called; "call the emergency number" would frighten.
    Kind.EMERGENCY_ANSWER: timedelta(minutes=30),
}
ANSWERS_HELP_FOR = timedelta(hours=12)
OTHERS_HELP_FOR = timedelta(days=30)
# So long a text waits for a place under the day's cap, rather than being left out.
WAITS_FOR_A_PLACE = timedelta(hours=1)
# They make sense only while the visit is still to come, at the time they were planned for.
BEFORE_THE_VISIT = frozenset(
    {
        Kind.CONFIRMATION,
        *REMINDERS,
        Kind.MOVED,
        Kind.THANK_YOU,
        Kind.DEPOSIT_REQUEST,
        Kind.DEPOSIT_REMINDER,
    }
)
# Who does not get them comes at the wrong time: a person calls.
MUST_BE_TOLD = frozenset({Kind.MOVED})
# They name the time of the visit: whoever got one knows it.
TELLS_THE_TIME = frozenset({Kind.CONFIRMATION, Kind.MOVED, Kind.THANK_YOU, *REMINDERS})
# They say that a visit is off.
TELLS_OF_CANCELLATION = frozenset({Kind.ALREADY_CANCELLED})
# What is said to several of a family at once, and as what.
TOGETHER: dict[Kind, Kind] = {
    Kind.CONFIRMATION: Kind.FAMILY_CONFIRMATION,
    Kind.MOVED: Kind.FAMILY_MOVED,
    Kind.THANK_YOU: Kind.FAMILY_THANK_YOU,
    **dict.fromkeys(ASKING_REMINDERS, Kind.FAMILY_REMINDER),
    Kind.REMINDER_PLAIN: Kind.FAMILY_REMINDER_PLAIN,
}
# They wait a little for the family's next booking.
WAITS_FOR_THE_FAMILY = frozenset({Kind.CONFIRMATION, Kind.MOVED})
# They ask for an answer, and are late when it is there: tried again, held or delayed on the way.
ASKS_WHICH_VISIT = frozenset({Kind.WHICH_VISIT})
ASKS_FOR_ANOTHER_TIME = frozenset({Kind.RESCHEDULE_LINK})
AFTER_ATTENDING = frozenset({Kind.REVIEW, Kind.REBOOKING})
AFTER_A_NO_SHOW = frozenset({Kind.NO_SHOW_FOLLOWUP})
ASKS_FOR_A_DEPOSIT = frozenset({Kind.DEPOSIT_REQUEST, Kind.DEPOSIT_REMINDER})
# Many go out at once, and nobody minds when they come ten minutes later: they leave room for what is urgent.
BULK = AFTER_ATTENDING | AFTER_A_NO_SHOW
# The last that is said before a visit.
LAST_REMINDERS = frozenset({Kind.REMINDER_LAST, Kind.REMINDER_24H})
# The person has set them off, by paying: like an answer, they neither count under the cap nor are held back by it. Else
# whoever books and pays on one day would lose the reminder to the receipt.
OUTSIDE_THE_CAP = frozenset({Kind.DEPOSIT_RECEIPT})
# They ask for a call or a booking, so that somebody has to be there: they wait for the next opening. Reminders and all
# else about a visit to come go out at their own hours, and answers at once.
IN_OPENING_HOURS = frozenset({Kind.REVIEW, Kind.REBOOKING, Kind.NO_SHOW_FOLLOWUP})
# On one phone an offer does not come on the heels of a review request, nor that on the heels of an offer.
OFFER_AFTER_REVIEW = timedelta(hours=12)
# One phone is offered the next visit once, however many of a family came, or however often.
OFFER_AGAIN_AFTER = timedelta(days=7)
OFFERS_A_VISIT = frozenset({Kind.REBOOKING, Kind.NO_SHOW_FOLLOWUP})
NEEDS_A_LINK = frozenset(
    {
        Kind.RESCHEDULE_LINK,
        Kind.DEPOSIT_REQUEST,
        Kind.DEPOSIT_REMINDER,
        Kind.REVIEW,
        Kind.REBOOKING,
        Kind.NO_SHOW_FOLLOWUP,
    }
)
_TELLS_OF_SEVERAL = frozenset({*TOGETHER.values(), Kind.WHICH_VISIT})
# What a text of a kind is for, by the names that wordings use: one that leaves it out is neither saved nor sent.
CANNOT_DO_WITHOUT: dict[Kind, tuple[str, ...]] = {
    **dict.fromkeys(TELLS_THE_TIME | TELLS_OF_CANCELLATION, ("date", "time")),
    **dict.fromkeys(_TELLS_OF_SEVERAL, ("visits",)),
    **dict.fromkeys(NEEDS_A_LINK, ("link",)),
    Kind.EMERGENCY_ANSWER: ("emergency_number",),
}
# They say nothing about anybody, so that they may go even where somebody else answers.
NOT_PERSONAL = frozenset({Kind.OPT_OUT_ANSWER, Kind.OPT_IN_ANSWER, Kind.HELP_ANSWER, Kind.EMERGENCY_ANSWER})
# A number that said stop gets the one answer that says so, and help when it asks for it (47 CFR 64.1200(a)(12)).
# The same for the emergency number, to somebody who has just written of danger.
ALLOWED_AFTER_STOP = frozenset({Kind.OPT_OUT_ANSWER, Kind.HELP_ANSWER, Kind.EMERGENCY_ANSWER})
# A reminder of the same visit says all that they say.
SAID_BY_A_REMINDER = frozenset({Kind.CONFIRMATION, *REMINDERS})


def present_name(kind: Kind) -> Kind:
    """What a kind is called today."""
    return FORMER_NAMES.get(kind, kind)


def helps_for(kind: Kind, *, automatic: bool) -> timedelta:
    """How long after its planned moment a text that is no reminder still helps. `automatic`: nobody asked for it."""
    return HELPS_FOR.get(kind, OTHERS_HELP_FOR if automatic else ANSWERS_HELP_FOR)


def reminder_helps_for(before: timedelta) -> timedelta:
    """How long a reminder planned for so long before the visit may be late: most of that time, at most 20 hours."""
    return min(REMINDER_HELPS_AT_MOST, before * 5 / 6)


def purpose_of(kind: Kind) -> Purpose:
    """Which consent a kind needs."""
    return Purpose.MARKETING if kind in MARKETING else Purpose.CARE
