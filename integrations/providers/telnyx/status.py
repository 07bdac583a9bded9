"""Telnyx's words for a message's state, and ours.

developers.telnyx.com/api-reference/callbacks/delivery-update, 2026. `delivery_unconfirmed` is an end, too: the
network took the text and gives no receipt.
"""

from __future__ import annotations

from appointments.models import Message

_S = Message.Status

STATUS: dict[str, str] = {
    "queued": _S.QUEUED,
    "sending": _S.QUEUED,
    "sent": _S.SENT,
    "delivery_unconfirmed": _S.SENT,
    "delivered": _S.DELIVERED,
    "delivery_failed": _S.UNDELIVERED,
    "sending_failed": _S.FAILED,
    "expired": _S.FAILED,
}
