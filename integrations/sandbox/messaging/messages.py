"""The carrier's memory: every text both ways, and who has opted out at the carrier."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

FINAL = frozenset({"delivered", "undelivered", "failed", "read"})


@dataclass(frozen=True)
class Message:
    """One text. Numbers are E.164 without a channel prefix; times are ISO 8601 in UTC.

    `fate` is how it will end (delivered, undelivered, failed) and `callbacks` how that is reported (see carrier.py).
    """

    seq: int
    sid: str
    direction: str
    channel: str
    sender: str
    recipient: str
    body: str
    segments: int
    status: str
    accepted_at: str
    updated_at: str
    sent_at: str | None
    error_code: int | None
    validity_seconds: int | None
    service_sid: str | None
    callback_url: str
    execution_id: str | None
    fate: str
    fate_code: int | None
    callbacks: str

    @property
    def outbound(self) -> bool:
        return self.direction == "outbound"

    def address(self, number: str) -> str:
        """The number as Twilio writes it on this message's channel."""
        return f"whatsapp:{number}" if self.channel == "whatsapp" and number else number

    def as_json(self) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "to": self.recipient,
            "from": self.sender,
            "body": self.body,
            "channel": self.channel,
            "accepted_at": self.accepted_at,
            "execution_id": self.execution_id,
            "status": self.status,
            "error_code": self.error_code,
        }


class Messages:
    """Texts in the order in which the carrier accepted them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, **columns: object) -> Message:
        """`columns` are Message's fields without `seq`; those with a default may be left out."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        self._db.execute(f"INSERT INTO message ({names}) VALUES ({marks})", tuple(columns.values()))  # noqa: S608
        return self.get(str(columns["sid"]))

    def get(self, sid: str) -> Message:
        """Raises KeyError when there is none."""
        row = self._db.execute("SELECT * FROM message WHERE sid = ?", (sid,)).fetchone()
        if row is None:
            raise KeyError(sid)
        return Message(**dict(row))

    def outbound(self, *, to: str = "") -> list[Message]:
        rows = self._db.execute(
            "SELECT * FROM message WHERE direction = 'outbound' AND ? IN ('', recipient) ORDER BY seq", (to,)
        )
        return [Message(**dict(row)) for row in rows]

    def all(self, *, to: str = "", limit: int = 100_000) -> list[Message]:
        """Both directions; the newest `limit`, oldest first."""
        rows = self._db.execute(
            "SELECT * FROM message WHERE ? IN ('', recipient) ORDER BY seq DESC LIMIT ?", (to, limit)
        ).fetchall()
        return [Message(**dict(row)) for row in reversed(rows)]

    def unfinished(self) -> list[Message]:
        marks = ", ".join("?" * len(FINAL))
        rows = self._db.execute(
            f"SELECT * FROM message WHERE direction = 'outbound' AND status NOT IN ({marks}) ORDER BY seq",  # noqa: S608
            tuple(FINAL),
        )
        return [Message(**dict(row)) for row in rows]

    def last_between(self, phone: str) -> Message | None:
        """The newest text to or from `phone`."""
        row = self._db.execute(
            "SELECT * FROM message WHERE recipient = ? OR sender = ? ORDER BY seq DESC LIMIT 1", (phone, phone)
        ).fetchone()
        return None if row is None else Message(**dict(row))

    def last_inbound_at(self, phone: str, channel: str) -> str | None:
        """When `phone` last wrote to us on `channel`."""
        row = self._db.execute(
            "SELECT accepted_at FROM message WHERE direction = 'inbound' AND sender = ? AND channel = ?"
            " ORDER BY seq DESC LIMIT 1",
            (phone, channel),
        ).fetchone()
        return None if row is None else str(row["accepted_at"])

    def set_status(self, sid: str, *, status: str, at: str, error_code: int | None = None) -> None:
        """`sent_at` is set once, when the text leaves the carrier."""
        self._db.execute(
            "UPDATE message SET status = ?, updated_at = ?, error_code = ?,"
            " sent_at = CASE WHEN ? IN ('sent', 'delivered') THEN coalesce(sent_at, ?) ELSE sent_at END WHERE sid = ?",
            (status, at, error_code, status, at, sid),
        )

    def opt_out(self, phone: str, sender: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO opt_out (phone, sender) VALUES (?, ?)", (phone, sender))

    def opt_in(self, phone: str, sender: str) -> None:
        self._db.execute("DELETE FROM opt_out WHERE phone = ? AND sender = ?", (phone, sender))

    def opted_out(self, phone: str, sender: str) -> bool:
        found = self._db.execute("SELECT 1 FROM opt_out WHERE phone = ? AND sender = ?", (phone, sender))
        return found.fetchone() is not None

    def clear(self) -> None:
        self._db.execute("DELETE FROM message")
        self._db.execute("DELETE FROM opt_out")
