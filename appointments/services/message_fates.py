"""What became of a text, in a sentence: the words of the why ledger."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from appointments import failures
from appointments.models import FailedAttempt, Message
from appointments.services.messages import HANDED_OVER
from compliance.models import Channel
from compliance.reasons import EXPLANATIONS, Reason

St = Message.Status


def explain(message: Message) -> str:
    """One sentence for the why ledger."""
    before = [f"not delivered by {one.get_channel_display()} (code {one.error_code})" for one in _failed(message)]
    return ", then ".join([*before, _fate(message)]) + _elsewhere(message)


def _elsewhere(message: Message) -> str:
    """What has to be said of a text that did not go where the clinic's list wants it."""
    wished = message.wished_channel
    if not wished or wished == message.channel or message.status not in HANDED_OVER:
        return ""
    return f" (it could not go by {Channel(wished).label}, as the list of reminders says)"


def _failed(message: Message) -> list[FailedAttempt]:
    return list(message.failed_attempts.order_by("at", "id")) if message.fallbacks else []


def _fate(message: Message) -> str:
    if message.channel != Channel.SMS and message.status in HANDED_OVER:
        return f"{message.get_status_display().lower()} by {message.get_channel_display()}"
    if message.status == St.BLOCKED:
        return f"not sent: {_because(message.reason)}"
    if message.status == St.HELD and message.held_until:
        return f"waits until {shown(message.held_until, _zone(message))}: {_because(message.reason)}"
    if message.status in (St.FAILED, St.UNDELIVERED):
        return f"{message.get_status_display().lower()}: {_refused(message)}"
    return str(message.get_status_display()).lower()


def shown(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as the ledger writes it."""
    return f"{moment.astimezone(zone):%a %d %b %Y %H:%M %Z}"


def _zone(message: Message) -> ZoneInfo:
    """The visit's, as in all that is told of one; UTC for a text that is about none."""
    return ZoneInfo(message.appointment.timezone if message.appointment else "UTC")


def _refused(message: Message) -> str:
    """In words, and the carrier's code where it has one: whoever runs ARO looks it up."""
    code, said = message.error_code, failures.in_words(message)
    if code == failures.OUTCOME_UNKNOWN:
        return said
    known = f"provider code {code or 'unknown'}"
    return f"{said} ({known})" if said else known


def _because(reason: str) -> str:
    return str(EXPLANATIONS[Reason(reason)]) if reason in Reason.__members__.values() else reason
