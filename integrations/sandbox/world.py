"""Everything the sandbox's parts share, and how a callback reaches ARO."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import uuid
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from integrations.sandbox.clock import Clock, iso
from integrations.sandbox.database import open_database
from integrations.sandbox.faults import Faults
from integrations.sandbox.ledger import Documents, Requests
from integrations.sandbox.messaging.messages import Messages
from integrations.sandbox.outbox import Callback, Outbox
from integrations.sandbox.settings import Settings

FORM = "application/x-www-form-urlencoded"
# Who delivers nothing at present, by name; `state` says whether the subscription is disabled or deleted.
DELIVERIES_OFF = "deliveries_off"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass
class World:
    """The stores of one sandbox, and its running tasks."""

    settings: Settings
    db: sqlite3.Connection
    clock: Clock
    faults: Faults
    documents: Documents
    requests: Requests
    messages: Messages
    outbox: Outbox
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    def open(cls, settings: Settings) -> World:
        """Needs a running event loop: what was left unsent is sent on from here."""
        db = open_database(settings.home / "sandbox" / "ledger.db")
        clock = Clock(settings.home / "run" / "clock.json")
        outbox = Outbox(db, clock, settings)
        return cls(settings, db, clock, Faults(db), Documents(db), Requests(db), Messages(db), outbox)

    def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.outbox.close()
        self.db.close()

    def iso_now(self) -> str:
        return iso(self.clock.now())

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs `work` beside the calls; it ends with the world."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def json_callback(self, provider: str, payload: object, *, delivery_id: str = "", path: str = "") -> Callback:
        """`path`: where that is not the provider's name."""
        return self._callback(
            provider, f"/webhooks/{path or provider}", json.dumps(payload).encode(), "application/json", delivery_id
        )

    def form_callback(self, provider: str, path: str, values: Mapping[str, str]) -> Callback:
        return self._callback(provider, path, urlencode(values).encode(), f"{FORM}; charset=utf-8", "")

    def url_callback(self, provider: str, url: str, values: Mapping[str, str]) -> Callback | None:
        """To an address that ARO named; None when it is neither ARO's public one nor on this machine."""
        return self._to(provider, url, urlencode(values).encode(), f"{FORM}; charset=utf-8")

    def json_to_url(self, provider: str, url: str, payload: object) -> Callback | None:
        """The same with JSON."""
        return self._to(provider, url, json.dumps(payload).encode(), "application/json")

    def _to(self, provider: str, url: str, body: bytes, content_type: str) -> Callback | None:
        called = url.partition("#")[0]  # a fragment is for the carrier itself: neither sent nor signed
        target = self.local_target(called)
        return Callback(provider, called, target, body, content_type) if target else None

    def local_target(self, url: str) -> str | None:
        """Where to send what is meant for `url`: the sandbox never calls another machine."""
        if url.startswith(self.settings.public_base_url + "/"):
            return self.settings.web_url + url.removeprefix(self.settings.public_base_url)
        return url if urlsplit(url).hostname in LOOPBACK else None

    async def post(self, provider: str, queue: str, callbacks: Sequence[Callback]) -> int | None:
        """Sends one occurrence's callbacks, faults applied; the status of the last one's first attempt."""
        if self.faults.take(provider, {"no_callback"}) or self.documents.get(DELIVERIES_OFF, provider):
            return None
        statuses = await self.outbox.send(f"{provider}:{queue}", self._disturbed(provider, callbacks))
        return statuses[-1] if statuses else None

    def _disturbed(self, provider: str, callbacks: Sequence[Callback]) -> list[Callback]:
        sent = list(callbacks)
        if len(sent) > 1 and self.faults.take(provider, {"callback_out_of_order"}):
            sent.reverse()
        if self.faults.take(provider, {"duplicate_callback"}):
            sent = [callback for callback in sent for _ in range(2)]
        return sent

    def _callback(self, provider: str, path: str, body: bytes, content_type: str, delivery_id: str) -> Callback:
        settings = self.settings
        return Callback(
            provider,
            settings.public_base_url + path,
            settings.web_url + path,
            body,
            content_type,
            delivery_id or str(uuid.uuid4()),
        )
