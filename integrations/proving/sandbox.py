"""The sandbox from outside: book, answer, move the clock, read the carrier's ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import requests

from aro.console import PlainError

ZONE = ZoneInfo("America/New_York")
ANSWER_SECONDS = 30.0
_DEPOSIT = "deposit"


class Sandbox:
    """Calls are repeated for a while, since what stands behind them is being killed."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._session = requests.Session()

    def now(self) -> datetime:
        return datetime.fromisoformat(str(self._call("GET", "/clock")["now"]).replace("Z", "+00:00"))

    def to(self, moment: datetime) -> None:
        """Moves ARO's clock forward to `moment`; nothing when that has passed."""
        if moment > self.now():
            self._call("POST", "/clock", {"to": moment.astimezone(UTC).isoformat()})

    def book(self, *, phone: str, name: str, starts_at: datetime) -> str:
        booking = {
            "provider": "calendly",
            "name": name,
            "phone": phone,
            "service": "Checkup",
            "timezone": "America/New_York",
            "starts_at": starts_at.isoformat(),
        }
        return str(self._call("POST", "/book", booking)["booking_id"])

    def reply(self, *, phone: str, body: str) -> None:
        self._call("POST", "/reply", {"from": phone, "body": body})

    def cancel(self, *, booking_id: str) -> None:
        self._call("POST", "/cancel", {"provider": "calendly", "booking_id": booking_id, "by": "invitee"})

    def move(self, *, booking_id: str, starts_at: datetime) -> None:
        booking = {"provider": "calendly", "booking_id": booking_id, "starts_at": starts_at.isoformat()}
        self._call("POST", "/reschedule", booking)

    def disturb(self, *, provider: str, kind: str, **how: object) -> None:
        """Switches a fault of the played provider on; `how`: rate, count, seconds, code."""
        self._call("POST", "/faults", {"provider": provider, "kind": kind, **how})

    def calm(self) -> None:
        """Switches all faults off."""
        self._call("DELETE", "/faults")

    def morning(self) -> datetime:
        """Moves the clock to the next 10:00 in the clinic's zone, when nothing is held by quiet hours; returns it."""
        now = self.now().astimezone(ZONE)
        ten = now.replace(hour=10, minute=0, second=0, microsecond=0)
        self.to(ten if ten > now else ten + timedelta(days=1))
        return self.now().astimezone(ZONE).replace(minute=0, second=0, microsecond=0)

    def texts_to(self, phone: str) -> list[dict[str, Any]]:
        return list(self._call("GET", f"/messages?to={quote(phone)}")["messages"])

    def messages(self) -> list[dict[str, Any]]:
        return list(self._call("GET", "/messages")["messages"])

    def due_texts(self) -> list[tuple[str, str]]:
        """Phone and words of the texts that every story expects. The risk of a booking decides about requests for a
        deposit: they are left out, so that none can stand in for a lost reminder."""
        texts = [(str(message["to"]), str(message["body"])) for message in self.messages()]
        return [(phone, body) for phone, body in texts if _DEPOSIT not in body]

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = _patiently(lambda: self._session.request(method, self._base + path, json=body, timeout=ANSWER_SECONDS))
        if answer.status_code >= 300:  # noqa: PLR2004 - anything but success
            raise PlainError(f"The sandbox answered {answer.status_code} to {method} {path}: {answer.text[:200]}")
        return dict(answer.json())


def _patiently(ask: Callable[[], requests.Response]) -> requests.Response:
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            return ask()
        except requests.ConnectionError as error:
            if time.monotonic() > deadline:
                raise PlainError(
                    "The sandbox does not answer. Is ARO running in sandbox mode? See `aro status`."
                ) from error
            time.sleep(0.2)
