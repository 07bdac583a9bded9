"""Twilio's words for a message's state, and ours (twilio.com/docs/messaging/api/message-resource, 2026)."""

from __future__ import annotations

from appointments.models import Message

_S = Message.Status

STATUS: dict[str, str] = {
    "accepted": _S.QUEUED,
    "scheduled": _S.QUEUED,
    "queued": _S.QUEUED,
    "sending": _S.QUEUED,
    "sent": _S.SENT,
    "delivered": _S.DELIVERED,
    "partially_delivered": _S.DELIVERED,
    "read": _S.READ,
    "undelivered": _S.UNDELIVERED,
    "failed": _S.FAILED,
    "canceled": _S.FAILED,
}
