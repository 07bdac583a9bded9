"""Deliveries that come too often, in the wrong order, or make no sense. Signed like Calendly's own."""

from __future__ import annotations

import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import requests
from django.conf import settings

from integrations.proving import rows
from integrations.proving.faults.base import Fault
from integrations.proving.field import Field, moment

COPIES = 50
_API = "https://api.calendly.com"


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """A booking that the sandbox does not know, so that its deliveries can be sent in any order."""

    phone: str
    starts_at: datetime
    uri: str
    name: str = "Pat Storm"
    old: str | None = None
    new: str | None = None

    def told(self, event: str, *, at: datetime) -> bytes:
        """A delivery's body."""
        home = f"{_API}/scheduled_events/{self.uri.rsplit('/', 1)[-1]}"
        visit: dict[str, Any] = {
            "uri": home,
            "name": "Checkup",
            "status": "active",
            "start_time": moment(self.starts_at),
        }
        visit |= {"end_time": moment(self.starts_at + timedelta(minutes=30)), "location": {"type": "physical"}}
        payload: dict[str, Any] = {"uri": self.uri, "name": self.name, "status": "active"}
        # An address of their own: one that many share is no sign of the same person.
        payload["email"] = f"pat{self.phone.removeprefix('+')}@example.com"
        payload |= {"timezone": "America/New_York", "text_reminder_number": self.phone, "questions_and_answers": []}
        payload |= {"rescheduled": self.new is not None, "old_invitee": self.old, "new_invitee": self.new}
        if event == "invitee.canceled":
            payload |= {"status": "canceled", "cancellation": {"canceler_type": "invitee", "created_at": moment(at)}}
        payload |= {"event": home, "scheduled_event": visit, "created_at": moment(at), "updated_at": moment(at)}
        return json.dumps({"event": event, "created_at": moment(at), "payload": payload}).encode()


def invitee(field: Field) -> Invitee:
    """A new person with a visit in five days."""
    start = (field.sandbox.now() + timedelta(days=5)).replace(microsecond=0)
    return Invitee(phone=next(field.phones), starts_at=start, uri=f"{_API}/invitees/{uuid4()}")


def deliver(field: Field, body: bytes) -> int:
    """Signs `body` at ARO's present time and hands it in; the status."""
    return _hand_in(field, body, _signed(field, body))


def _signed(field: Field, body: bytes) -> dict[str, str]:
    stamp = int(field.sandbox.now().timestamp())
    key = str(settings.CALENDLY_WEBHOOK_SECRET).split(",")[0].strip().encode()
    signature = hmac.new(key, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Calendly-Webhook-Signature": f"t={stamp},v1={signature}", "Content-Type": "application/json"}


def _hand_in(field: Field, body: bytes, headers: dict[str, str]) -> int:
    return requests.post(f"{field.web}/webhooks/calendly", data=body, headers=headers, timeout=30).status_code


@dataclass(frozen=True, kw_only=True)
class Storm(Fault):
    """The same delivery, many times at once."""

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile(lambda: self._storm(field))

    def _storm(self, field: Field) -> None:
        pat = invitee(field)
        body = pat.told("invitee.created", at=field.sandbox.now())
        headers = _signed(field, body)
        with ThreadPoolExecutor(COPIES) as pool:
            answers = list(pool.map(lambda _: _hand_in(field, body, headers), range(COPIES)))
        refused = [status for status in answers if status != requests.codes.ok]
        if refused:
            field.broke(f"{len(refused)} of {COPIES} copies of a delivery were answered {sorted(set(refused))}.")
        field.wanted[pat.phone] = 1


@dataclass(frozen=True, kw_only=True)
class CancelledFirst(Fault):
    """The cancellation of a booking arrives before the booking."""

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile(lambda: self._tell(field))

    def _tell(self, field: Field) -> None:
        pat, now = invitee(field), field.sandbox.now()
        for event, at in (("invitee.canceled", now), ("invitee.created", now - timedelta(seconds=20))):
            _expect_taken(field, deliver(field, pat.told(event, at=at)))
        field.quiet[pat.phone] = 0


@dataclass(frozen=True, kw_only=True)
class MovedFirst(Fault):
    """The new half of a move arrives first, then the old half, then the booking itself."""

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile(lambda: self._tell(field))

    def _tell(self, field: Field) -> None:
        old, now = invitee(field), field.sandbox.now()
        new = replace(old, uri=f"{_API}/invitees/{uuid4()}", old=old.uri, starts_at=old.starts_at + timedelta(hours=2))
        gone = replace(old, new=new.uri)
        for body in (
            new.told("invitee.created", at=now),
            gone.told("invitee.canceled", at=now),
            old.told("invitee.created", at=now - timedelta(seconds=20)),
        ):
            _expect_taken(field, deliver(field, body))
        field.wanted[old.phone] = 1
        field.later.append(lambda: _expect_one_visit(field, old, new))


@dataclass(frozen=True, kw_only=True)
class Poison(Fault):
    """Deliveries that are properly signed and make no sense, and a visit at the end of time."""

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile(lambda: self._tell(field))

    def _tell(self, field: Field) -> None:
        sane, now = invitee(field), field.sandbox.now()
        last = replace(sane, uri=f"{_API}/invitees/{uuid4()}", starts_at=datetime(9999, 12, 31, 23, 29, tzinfo=UTC))
        odd = replace(sane, uri=f"{_API}/invitees/{uuid4()}", name="\u202e\x00" + 400 * "\U0001f9ff")
        bodies = [b"[[[[", b'{"event": 7, "payload": []}', last.told("invitee.created", at=now)]
        for body in (*bodies, odd.told("invitee.created", at=now).replace(sane.phone.encode(), b"nobody")):
            status = deliver(field, body)
            if status >= requests.codes.server_error:
                field.broke(f"A delivery that makes no sense was answered {status}.")


def _expect_taken(field: Field, status: int) -> None:
    if status != requests.codes.ok:
        field.broke(f"A delivery was answered {status}.")


def _expect_one_visit(field: Field, old: Invitee, new: Invitee) -> None:
    found = [rows.visit_of(one.uri) for one in (old, new)]
    if found[1] is None or found[1].starts_at != new.starts_at or found[1].status != "booked":
        field.broke("A visit whose move came first is not at its new time.")
    if found[0] is not None and found[1] is not None and found[0].pk != found[1].pk:
        field.broke("A visit whose move came first exists twice.")


ALL: tuple[Fault, ...] = (
    Storm(name="storm", family="news", did=f"The same delivery arrived {COPIES} times at once."),
    CancelledFirst(name="cancelled-first", family="news", did="A cancellation arrived before its booking."),
    MovedFirst(name="moved-first", family="news", did="A move arrived before the booking that it moves."),
    Poison(name="poison", family="news", did="Properly signed deliveries arrived that make no sense."),
)
