"""How a reminder is worded, by what is known when it goes out and not by what was known when it was planned."""

from __future__ import annotations

from datetime import timedelta

from appointments.case_reasons import Reminders
from appointments.models import Message
from appointments.reminders import FRIENDLY, URGENT
from appointments.services import talks
from appointments.services.visit import doubts
from appointments.texts.catalogue import USUAL_TONE
from compliance import kinds
from compliance.kinds import Kind, present_name
from workflows.replies.labels import Label

# Handing a text over takes a moment: what was planned in time still goes out.
SLACK = timedelta(hours=1)


def fit(message: Message) -> Reminders | None:
    """Makes a reminder a plain one for somebody who waits for our answer. Does not save. How they may be reminded, when
    that was asked."""
    if message.kind not in kinds.ASKING_REMINDERS or message.appointment is None:
        return None
    found = _reminders(message)
    if found == Reminders.PLAIN:
        message.kind = Kind.REMINDER_PLAIN
    return found


# What a person has answered who does not come at that time.
_SAID_SO = frozenset({Label.CANCEL, Label.RESCHEDULE})


def is_awaiting_staff(message: Message, known: Reminders | None = None) -> bool:
    """Whether no reminder, of the visit or of its deposit, makes sense until a person has dealt with what was said; and
    whoever had said that they would not come is not told that they were missed. `known`: what `fit` found."""
    if message.kind in kinds.AFTER_A_NO_SHOW:
        visit = message.appointment
        return visit is not None and (visit.last_reply_label in _SAID_SO or bool(doubts.gave_up_in_time([visit.id])))
    wanted = message.kind in kinds.REMINDERS | {Kind.DEPOSIT_REMINDER}
    return wanted and (_reminders(message) if known is None else known) == Reminders.NONE


def tone(message: Message) -> str | None:
    """The tone it was planned in; only who has been reminded before, and kept silent, is asked with more urgency."""
    wanted = message.tone or USUAL_TONE.get(present_name(Kind(message.kind)), "")
    if wanted != URGENT or message.kind not in kinds.REMINDERS or message.appointment is None:
        return wanted or None
    talk = talks.about([message.appointment]).get(message.appointment.id)
    return URGENT if talk and talk.asked and not talk.answered else FRIENDLY


def reminder_helps_for(before: timedelta) -> timedelta:
    """How late a reminder planned for so long before the visit may be handed over."""
    helps = kinds.reminder_helps_for(before)
    return helps + min(SLACK, before / 24)


def _reminders(message: Message) -> Reminders:
    return doubts.reminders_about(message.appointment) if message.appointment else Reminders.AS_PLANNED
