"""Sends signed callbacks to ARO, in order within a queue, and keeps trying while ARO is away."""

from __future__ import annotations

import asyncio
import logging
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.netutil import Resolver

from integrations.sandbox.clock import Clock
from integrations.sandbox.settings import Settings
from integrations.sandbox.signing import Letter, sign

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 5.0
ATTEMPT_SECONDS = 15.0
LONGEST_HOLD_SECONDS = 2.0
_AGAIN = frozenset({408, 425, 429})
# Providers repeat what was refused as well (Calendly for 24 h); here a few times, so that a refusal can be looked at.
MOST_REFUSALS = 4
# Who sends a callback once, whatever comes of it.
_ONCE = frozenset({"easyappointments"})
AGENTS = {
    "twilio": "TwilioProxy/1.1",
    "stripe": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    "calendly": "Calendly-Webhook",
}


class Loopback(Resolver):
    """All calls go to this machine, so there is nothing to look up; the usual resolver takes a thread for each."""

    async def resolve(
        self, host: str, port: int, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[tuple[int, tuple[str, int]]]:
        if host == "::1":
            return [(socket.AF_INET6, (host, port))]
        return [(socket.AF_INET, ("127.0.0.1", port))]


@dataclass(frozen=True)
class Callback:
    """One request to ARO. `url` is the public address that is signed; `delivery_id` stays the same over retries."""

    provider: str
    url: str
    target: str
    body: bytes
    content_type: str
    delivery_id: str = ""


class Outbox:
    """Callbacks are rows before they are sent, so that killing the sandbox loses none."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock, settings: Settings) -> None:
        self._db, self._clock, self._settings = connection, clock, settings
        self._http = AsyncHTTPClient(force_instance=True, max_clients=100, resolver=Loopback())
        self._queues: dict[str, asyncio.Task[None]] = {}
        self._first: dict[int, asyncio.Future[int | None]] = {}
        self._retrying: set[str] = set()
        self._open = asyncio.Event()
        self._open.set()
        self._flying = 0

    def resume(self) -> None:
        """Continues what an earlier process left unsent."""
        for row in self._db.execute("SELECT DISTINCT queue FROM delivery").fetchall():
            self._work(row["queue"])

    def close(self) -> None:
        for task in self._queues.values():
            task.cancel()
        self._http.close()

    async def send(self, queue: str, callbacks: Iterable[Callback]) -> list[int | None]:
        """The status of each first attempt; None when ARO gave none, or an earlier callback still waits for one."""
        firsts = [self.put(queue, callback) for callback in callbacks]
        return [await first for first in firsts]

    def put(self, queue: str, callback: Callback) -> asyncio.Future[int | None]:
        """Stores the callback and lets its queue send it."""
        cursor = self._db.execute(
            "INSERT INTO delivery (queue, scheme, signed_url, target, content_type, body, delivery_id, created)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(queue, callback.provider, callback.url, callback.target, callback.content_type),
                *(callback.body, callback.delivery_id, time.time()),
            ),
        )
        first: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._first[int(cursor.lastrowid or 0)] = first
        if queue in self._retrying:
            self._give_up_waiting(queue)
        self._work(queue)
        return first

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Nothing is under way inside: a signature's time is judged by the clock, so none may cross a move of it."""
        self._open.clear()
        try:
            end = time.monotonic() + LONGEST_HOLD_SECONDS
            while self._flying and time.monotonic() < end:
                await asyncio.sleep(0.005)
            yield
        finally:
            self._open.set()

    def waiting(self) -> int:
        """How many callbacks ARO has not had yet."""
        return int(self._db.execute("SELECT count(*) FROM delivery").fetchone()[0])

    def _work(self, queue: str) -> None:
        if queue not in self._queues:
            task = asyncio.get_running_loop().create_task(self._drain(queue))
            self._queues[queue] = task

    async def _drain(self, queue: str) -> None:
        try:
            while (row := self._next(queue)) is not None:
                await self._deliver(row)
        finally:
            self._retrying.discard(queue)
            self._queues.pop(queue, None)
            self._give_up_waiting(queue)

    def _next(self, queue: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._db.execute(
            "SELECT * FROM delivery WHERE queue = ? ORDER BY seq LIMIT 1", (queue,)
        ).fetchone()
        return found

    async def _deliver(self, row: sqlite3.Row) -> None:
        pause, refusals = FIRST_PAUSE_SECONDS, 0
        while True:
            status = await self._attempt(row)
            self._answer(row["seq"], status)
            refusals += _is_refusal(status)
            expired = time.time() - row["created"] > self._settings.retry_for_seconds or refusals > MOST_REFUSALS
            if _is_taken(status) or expired or row["scheme"] in _ONCE:
                return self._finish(row, status)
            self._retrying.add(row["queue"])
            self._give_up_waiting(row["queue"])
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _finish(self, row: sqlite3.Row, status: int | None) -> None:
        self._retrying.discard(row["queue"])
        self._db.execute("DELETE FROM delivery WHERE seq = ?", (row["seq"],))
        if status is None or status >= 300:
            logger.warning("ARO did not take a callback of %s: %s", row["scheme"], status or "no answer")

    def _give_up_waiting(self, queue: str) -> None:
        """Those who wait for a callback behind one that is being retried are told now; it is sent later."""
        for row in self._db.execute("SELECT seq FROM delivery WHERE queue = ?", (queue,)).fetchall():
            self._answer(row["seq"], None)

    def _answer(self, seq: int, status: int | None) -> None:
        first = self._first.pop(seq, None)
        if first is not None and not first.done():
            first.set_result(status)

    async def _attempt(self, row: sqlite3.Row) -> int | None:
        await self._open.wait()
        self._flying += 1
        try:
            response = await self._http.fetch(self._request(row), raise_error=False)
        except (HTTPClientError, OSError, ValueError):
            # No answer: refused, timed out, or ended in the middle; `raise_error` is about answers only.
            return None
        finally:
            self._flying -= 1
        return response.code

    def _request(self, row: sqlite3.Row) -> HTTPRequest:
        return HTTPRequest(
            row["target"],
            method="POST",
            body=row["body"],
            headers=self._headers(row),
            follow_redirects=False,
            connect_timeout=5.0,
            request_timeout=ATTEMPT_SECONDS,
        )

    def _headers(self, row: sqlite3.Row) -> dict[str, str]:
        letter = Letter(
            url=row["signed_url"],
            body=row["body"],
            delivery_id=row["delivery_id"],
            sent_at=int(self._clock.timestamp()),
        )
        agent = AGENTS.get(row["scheme"], f"{row['scheme']}-sandbox")
        signed = sign(row["scheme"], self._settings, letter)
        return {"Content-Type": row["content_type"], "User-Agent": agent, **signed}


def _is_taken(status: int | None) -> bool:
    return status is not None and status < 300


def _is_refusal(status: int | None) -> bool:
    return status is not None and 300 <= status < 500 and status not in _AGAIN
