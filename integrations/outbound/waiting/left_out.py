"""What a person is told when a text is left out."""

from __future__ import annotations

from datetime import timedelta

from appointments.models import Message
from appointments.services.visit import untold
from aro import clock
from compliance import kinds
from compliance.kinds import Kind
from compliance.reasons import Reason
from integrations.outbound.waiting import cap_places

# So far back the cap counts, and so long they know the time from another text.
DAY = timedelta(hours=24)


def case_for(message: Message, reason: Reason) -> tuple[str, str] | None:
    """Title and next step of the case that this skipped text opens; None when nobody needs to act."""
    if reason == Reason.CAP_REACHED and (_knows_the_time(message) or _is_reminded_of_it(message)):
        return None
    if reason == Reason.CAP_REACHED and not cap_places.is_used_up(message, clock.now()):
        return (
            "A text was left out: others that are due for this number within 24 hours matter more.",
            "Call the patient if the text mattered.",
        )
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
    return {
        Reason.CAP_REACHED: (
            "A text was left out: this number already got the most automatic texts allowed in 24 hours.",
            "Call the patient if the text mattered.",
        ),
        Reason.UNSAFE_TEXT: (
            "A text was left out because its wording breaks a rule.",
            "Correct the template under Message templates.",
        ),
        Reason.PROVIDER_REFUSED: (
            "A message could go out on no channel.",
            "Call the patient if it mattered, and correct the number or address on their page.",
        ),
        Reason.NO_TEMPLATE: (
            "A WhatsApp message was left out: WhatsApp wants an approved template for it, and none is set up.",
            "Call the patient if it mattered. Add the template under WhatsApp templates.",
        ),
        Reason.OTHER_COUNTRY: (
            "A text was left out: the number belongs to a country that you do not text.",
            "Call the patient, or add the country under Business, Texts.",
        ),
        Reason.NEVER_TEXTED: (
            "A text was left out: the number is a premium, shared-cost or satellite number.",
            "Ask the patient for another number. If many such bookings came, look at who books.",
        ),
        Reason.PHONE_UNUSABLE: (
            "A text was left out: the number cannot receive texts.",
            "Call the patient, or correct the number.",
        ),
    }.get(reason)
