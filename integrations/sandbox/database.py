"""The sandbox's own database file. It outlives ARO's crashes and its own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, sid TEXT NOT NULL UNIQUE, direction TEXT NOT NULL, channel TEXT NOT NULL,
    sender TEXT NOT NULL, recipient TEXT NOT NULL, body TEXT NOT NULL, segments INTEGER NOT NULL, status TEXT NOT NULL,
    accepted_at TEXT NOT NULL, updated_at TEXT NOT NULL, sent_at TEXT, error_code INTEGER, validity_seconds INTEGER,
    service_sid TEXT, callback_url TEXT NOT NULL DEFAULT '', execution_id TEXT, fate TEXT NOT NULL DEFAULT '',
    fate_code INTEGER, callbacks TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS message_recipient ON message (recipient, seq);
CREATE INDEX IF NOT EXISTS message_sender ON message (sender, seq);
CREATE TABLE IF NOT EXISTS opt_out (
    phone TEXT NOT NULL, sender TEXT NOT NULL, PRIMARY KEY (phone, sender)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS request (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, provider TEXT NOT NULL, method TEXT NOT NULL,
    path TEXT NOT NULL, query TEXT NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL, fault TEXT, status INTEGER);
CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, scheme TEXT NOT NULL, signed_url TEXT NOT NULL,
    target TEXT NOT NULL, content_type TEXT NOT NULL, body BLOB NOT NULL, delivery_id TEXT NOT NULL,
    created REAL NOT NULL);
CREATE INDEX IF NOT EXISTS delivery_queue ON delivery (queue, seq);
CREATE TABLE IF NOT EXISTS document (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL, UNIQUE (kind, id));
CREATE TABLE IF NOT EXISTS fault (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT NOT NULL, kind TEXT NOT NULL, rate REAL NOT NULL,
    remaining INTEGER, seconds REAL NOT NULL, code TEXT NOT NULL,
    rolls INTEGER NOT NULL DEFAULT 0, hits INTEGER NOT NULL DEFAULT 0);
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Every statement commits by itself. A killed process loses nothing of it; a power cut may."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.executescript(_SCHEMA)
    return connection
