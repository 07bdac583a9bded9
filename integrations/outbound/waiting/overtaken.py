"""Of several texts about one visit that had to wait, which one says it all."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Q

from appointments.models import Message
from appointments.services import messages
from aro import clock
from compliance import kinds
from compliance.kinds import Kind
from compliance.reasons import Reason

LONG_HOLDS: Final = (Reason.QUIET_HOURS, Reason.KILL_SWITCH)
JUST_TOLD: Final = timedelta(minutes=10)
_WAITING: Final = (Message.Status.PLANNED, Message.Status.HELD)


def is_overtaken(message: Message) -> bool:
    """It was held for hours, and a reminder of the same visit waits as well: of several the last one says it all. Not
    what tells of a change, nor an answer: no reminder says that."""
    visit = message.appointment
    if visit is None or message.kind not in kinds.SAID_BY_A_REMINDER:
        return False
    if _gives_way_to_news(message):
        return True
    if not _was_held(message):
        return False
    waiting = visit.messages.filter(kind__in=kinds.REMINDERS, status__in=_WAITING)
    if message.kind in kinds.REMINDERS:
        waiting = waiting.filter(planned_for__gt=message.planned_for, planned_for__lte=clock.now())
    return waiting.exists()


def _gives_way_to_news(message: Message) -> bool:
    """Whoever is told of a new time now is asked by the next reminder; the last one asks all the same."""
    if message.appointment is None or message.kind not in kinds.REMINDERS - kinds.LAST_REMINDERS:
        return False
    news = message.appointment.messages.filter(kind=Kind.MOVED, visit_start=message.visit_start)
    told = Q(status__in=_WAITING)
    if _was_held(message):
        told |= Q(status__in=messages.HANDED_OVER, sent_at__gte=clock.now() - JUST_TOLD)
    return news.filter(told).exists()


def _was_held(message: Message) -> bool:
    return message.status == Message.Status.HELD and message.reason in LONG_HOLDS
