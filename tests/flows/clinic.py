"""The clinic and its patients, from outside: the sandbox's endpoints, ARO's web, and a window into the rows."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests

from tests.flows.installation import Window, aro

ZONE = ZoneInfo("America/New_York")
# A busy machine may need this long for what a quiet one does in a fraction of a second.
PATIENCE_SECONDS = 45.0
ON_THE_WAY = ("accepted", "queued", "sent")
_QUEUE_LENGTH = re.compile(r'^aro_queue_length\{queue="\w+"\} ([\d.]+)$', re.MULTILINE)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


class Clinic:
    """One installation. All stories share its clock, which only goes forward."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.web = f"http://127.0.0.1:{environment['PORT']}"
        self.sandbox = f"http://127.0.0.1:{environment['SANDBOX_PORT']}"
        self.window = Window(environment)
        self._http = requests.Session()

    def close(self) -> None:
        self.window.close()
        self._http.close()

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One of the sandbox's own endpoints."""
        answer = self._http.request(method, self.sandbox + path, json=body, timeout=60)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return dict(answer.json()) if answer.content else {}

    def signals(self, name: str, number: int) -> None:
        """Sends a signal to all processes of that name."""
        state = json.loads((Path(self.environment["ARO_HOME"]) / "run" / "children.json").read_text(encoding="utf-8"))
        os.killpg(int(state["children"][name]["pid"]), number)

    @contextmanager
    def without(self, *names: str) -> Iterator[None]:
        """These neither work nor answer meanwhile."""
        for name in names:
            self.signals(name, signal.SIGSTOP)
        try:
            yield
        finally:
            for name in names:
                self.signals(name, signal.SIGCONT)

    def now(self) -> datetime:
        return datetime.fromisoformat(self.call("GET", "/clock")["now"])

    def day(self, days: int, at: str, zone: ZoneInfo = ZONE) -> datetime:
        """The wall-clock time `at` (14:00) so many days from today."""
        hour, minute = map(int, at.split(":"))
        there = self.now().astimezone(zone) + timedelta(days=days)
        return there.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def goes_to(self, moment: datetime) -> None:
        """Time passes until `moment`, and everything due by then is done."""
        self.settles()
        if moment > self.now():
            self.call("POST", "/clock", {"to": moment.astimezone(UTC).isoformat()})
        self.settles()

    def passes(self, by: timedelta) -> None:
        self.goes_to(self.now() + by)

    def morning(self, at: str = "10:00") -> None:
        """The next time that the clinic's clocks show `at`."""
        today = self.day(0, at)
        self.goes_to(today if today > self.now() else self.day(1, at))

    def settles(self) -> None:
        """Until nothing is due and no text is on its way. Looked at twice: a report may be between two processes."""
        eventually(lambda: self._is_quiet() and self._is_quiet(), "ARO is still busy")

    def _is_quiet(self) -> bool:
        page = self._http.get(f"{self.web}/metrics", timeout=30)
        lengths = _QUEUE_LENGTH.findall(page.text)
        assert lengths, "the metrics name no queue"
        return not any(float(length) for length in lengths) and not self._on_the_way()

    def _on_the_way(self) -> bool:
        return any(message["status"] in ON_THE_WAY for message in self.call("GET", "/messages")["messages"][-40:])

    def has_trouble(self, provider: str, kind: str, *, count: int = 1, **more: object) -> None:
        """The next `count` calls or texts of that provider go wrong that way."""
        self.call("POST", "/faults", {"provider": provider, "kind": kind, "count": count, **more})

    def command(self, *arguments: str) -> str:
        return aro(self.environment, *arguments)


class Patient:
    """A person with a phone that nobody else has."""

    def __init__(self, clinic: Clinic, phone: str, name: str = "Ana Diaz") -> None:
        self.clinic, self.phone, self.name = clinic, phone, name
        self.visits: list[Visit] = []
        self._read = 0

    def books(self, starts_at: datetime, **more: object) -> Visit:
        visit = Visit(self.clinic, starts_at, self.clinic.call("POST", "/book", self._booking(starts_at) | more))
        self.visits.append(visit)
        return visit

    def _booking(self, starts_at: datetime) -> dict[str, object]:
        return {
            "provider": "calendly",
            "name": self.name,
            "phone": self.phone,
            "service": "Checkup",
            "timezone": "America/New_York",
            "starts_at": starts_at.astimezone(UTC).isoformat(),
        }

    def writes(self, text: str) -> None:
        self.clinic.call("POST", "/reply", {"from": self.phone, "body": text})

    def texts(self) -> list[dict[str, Any]]:
        """Everything the carrier took for this phone, oldest first."""
        return list(self.clinic.call("GET", f"/messages?to={self.phone.removeprefix('+')}")["messages"])

    def is_told(self, words: str) -> str:
        """The next text has come, and it says so. Returns it."""
        eventually(lambda: len(self.texts()) > self._read, f"no text came that says {words!r}")
        body = str(self.texts()[self._read]["body"])
        assert words in body, f"expected {words!r}, got {body!r}"
        self._read += 1
        return body

    def hears(self, number: int) -> list[str]:
        """So many texts have come since, in whatever order and words."""
        eventually(lambda: len(self.texts()) >= self._read + number, f"fewer than {number} texts came")
        bodies = [str(text["body"]) for text in self.texts()[self._read : self._read + number]]
        self._read += number
        return bodies

    def reads_all(self) -> None:
        """What has come so far is not what the story is about."""
        self.clinic.settles()
        self._read = len(self.texts())

    def hears_nothing_more(self) -> None:
        """No text beyond those that the story told of, when all is done."""
        self.clinic.settles()
        unread = [text["body"] for text in self.texts()[self._read :]]
        assert not unread, f"nothing was to be sent, but: {unread}"

    def cases(self) -> dict[str, str]:
        """The cases for the staff about this phone, when all is done: reason and priority."""
        self.clinic.settles()
        return {case["reason"]: case["priority"] for case in self.clinic.window.ask("cases", self.phone)}

    def goes_away(self) -> None:
        """Cancels what is still to come, so that later stories have the clinic to themselves."""
        for visit in self.visits:
            if not visit.over and visit.starts_at > self.clinic.now():
                visit.is_cancelled()


class Visit:
    """A booking at the provider, and what ARO knows of it."""

    def __init__(self, clinic: Clinic, starts_at: datetime, booked: dict[str, Any]) -> None:
        # In UTC: arithmetic in a zone is by the wall, where a night may have 23 or 25 hours.
        self.clinic, self.starts_at, self.over = clinic, starts_at.astimezone(UTC), False
        self.booking_id = str(booked["booking_id"])
        self.webhook_status = booked["webhook_status"]

    def known(self) -> dict[str, Any]:
        """What ARO knows, when all is done."""
        self.clinic.settles()
        return dict(self.clinic.window.ask("visit", self.booking_id))

    @property
    def status(self) -> str:
        return str(self.known()["status"])

    def becomes(self, status: str) -> None:
        eventually(lambda: self.status == status, f"the visit never became {status}")

    def is_moved(self, starts_at: datetime) -> None:
        self.starts_at = starts_at.astimezone(UTC)
        self._change("/reschedule", starts_at=self.starts_at.isoformat())

    def is_cancelled(self, by: str = "invitee") -> None:
        self._change("/cancel", by=by)
        self.over = True

    def is_missed(self) -> None:
        self._change("/no-show")
        self.over = True

    def _change(self, path: str, **more: object) -> None:
        self.clinic.call("POST", path, {"provider": "calendly", "booking_id": self.booking_id, **more})

    def messages(self, kind: str) -> list[dict[str, Any]]:
        """The ledger's lines of that kind."""
        return [message for message in self.known()["messages"] if message["kind"] == kind]

    def message(self, kind: str) -> dict[str, Any]:
        """The one line of that kind."""
        (only,) = self.messages(kind)
        return only

    def case(self, reason: str) -> dict[str, Any]:
        """The one case with that reason. Waited for: a report may be on its way from the carrier to ARO."""
        eventually(lambda: bool(self._cases(reason)), f"no case {reason}")
        (only,) = self._cases(reason)
        return only

    def _cases(self, reason: str) -> list[dict[str, Any]]:
        return [dict(case) for case in self.known()["escalations"] if case["reason"] == reason]


def eventually(holds: Callable[[], bool], otherwise: str) -> None:
    """Waits until it holds, at most PATIENCE_SECONDS."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)
