"""Signed bookings, as Calendly sends them."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

KEY = b"sandbox-calendly-signing-key"


def signed_booking(n: int, *, now: datetime, starts_at: datetime | None = None) -> tuple[bytes, dict[str, str]]:
    """Body and headers of an `invitee.created` for a person of its own; `now` is by ARO's clock."""
    start = (starts_at or now + timedelta(days=30)).astimezone(UTC)
    event = f"https://api.calendly.com/scheduled_events/{uuid4()}"
    stamp = "%Y-%m-%dT%H:%M:%S.000000Z"
    payload = {
        "uri": f"{event}/invitees/{uuid4()}",
        "name": f"Pat {chr(65 + n % 26)}",
        "email": f"pat{n}@example.com",
        "status": "active",
        "timezone": "America/New_York",
        "text_reminder_number": f"+1415{200 + n // 10000 % 700:03d}{n % 10000:04d}",
        "rescheduled": False,
        "old_invitee": None,
        "new_invitee": None,
        "questions_and_answers": [],
        "event": event,
        "scheduled_event": {
            "uri": event,
            "name": "Checkup",
            "status": "active",
            "start_time": start.strftime(stamp),
            "end_time": (start + timedelta(minutes=30)).strftime(stamp),
        },
    }
    body = json.dumps({"event": "invitee.created", "created_at": now.isoformat(), "payload": payload}).encode()
    t = int(now.timestamp())
    signature = hmac.new(KEY, f"{t}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {"Calendly-Webhook-Signature": f"t={t},v1={signature}"}
