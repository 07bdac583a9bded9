"""What a person is told when a text is left out."""

from __future__ import annotations

from datetime import timedelta

from appointments.case_reasons.words import happened, to_do
from appointments.models import Message
from appointments.services.visit import untold
from aro import clock
from compliance import kinds
from compliance.kinds import Kind
from compliance.reasons import Reason
from integrations.outbound.waiting import cap_places

# So far back the cap counts, and so long they know the time from another text.
DAY = timedelta(hours=24)
# What a person can do something about.
_TOLD = frozenset(
    {
        Reason.CAP_REACHED,
        Reason.UNSAFE_TEXT,
        Reason.PROVIDER_REFUSED,
        Reason.NO_TEMPLATE,
        Reason.OTHER_COUNTRY,
        Reason.NEVER_TEXTED,
        Reason.PHONE_UNUSABLE,
    }
)


def case_for(message: Message, reason: Reason) -> tuple[str, str] | None:
    """Title and next step of the case that this skipped text opens; None when nobody needs to act."""
    if reason == Reason.CAP_REACHED and (_knows_the_time(message) or _is_reminded_of_it(message)):
        return None
    if reason == Reason.CAP_REACHED and not cap_places.is_used_up(message, clock.now()):
        return happened("left_out.cap_reached.others"), to_do("left_out.cap_reached")
    return staff_message_for(reason)


def _knows_the_time(message: Message) -> bool:
    """The text would have told the time of the visit, and another one has within the day."""
    visit = message.appointment
    only_that = Kind(message.kind) in kinds.TELLS_THE_TIME
    return only_that and visit is not None and untold.was_told(visit, clock.now() - DAY)


def _is_reminded_of_it(message: Message) -> bool:
    """It would have confirmed a booking, and a reminder of the visit is still to come."""
    return message.kind == Kind.CONFIRMATION and not cap_places.says_it_alone(message, clock.now())


def staff_message_for(reason: Reason) -> tuple[str, str] | None:
    """The words for this reason; None when nobody needs to act."""
    return (happened(f"left_out.{reason}"), to_do(f"left_out.{reason}")) if reason in _TOLD else None
