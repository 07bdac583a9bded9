"""A database that does not know of a text which this host has handed over: an older backup was put back.

What was sent since is not in it, so reminders of that time would go out again, to people who may have said STOP.
Nothing automatic goes out before a person has looked; whoever writes is answered. The host keeps the id of the
execution that it handed over last in a file, one for each database: another database is no older backup of this one.
No clock is asked, so neither a pause nor a jump is taken for a backup.
"""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import UUID

from django.conf import settings

from appointments.models import Business, Escalation
from appointments.services import escalations
from workflows.models import Execution

FILE = "last_handed_over"
REASON = "older_database"
logger = logging.getLogger(__name__)


class _Process:
    """What this process knows of itself."""

    begun = False
    looked = False
    held_by = ""  # the case that a person has to close
    database = ""  # the id that names it; asked for once


def begin(**_: object) -> None:
    """A worker starts."""
    _Process.begun, _Process.looked, _Process.held_by, _Process.database = True, False, "", ""


def waits() -> bool:
    """Whether automatic texts wait for a person. Asked before anything is handed over."""
    if _Process.begun and not _Process.looked:
        _Process.looked, _Process.held_by = True, _found()
    elif _Process.held_by and not _open(_Process.held_by):
        # Closed; or never written, because the transaction that opened it came to nothing.
        _Process.held_by = _found()
    return bool(_Process.held_by)


def is_told() -> bool:
    """Whether a person still has to look, as any process can see it."""
    return Escalation.objects.filter(reason=REASON, status=Escalation.Status.OPEN).exists()


def mark(execution: Execution) -> None:
    """It has been handed over, as its row says. Not while a person has to look: what was last before counts."""
    if not _Process.begun or _Process.held_by:
        return
    try:
        _note().write_text(str(execution.pk), encoding="ascii")
        _note_before_names().unlink(missing_ok=True)
    except OSError as error:
        logger.warning("the last text cannot be noted beside the database: %s", type(error).__name__)


def _found() -> str:
    """The key of the case, when there is one to wait for."""
    last = _last()
    handed_over = Execution.objects.exclude(handed_over_at=None)
    # A database without any is a new one.
    if last is None or not handed_over.exists() or handed_over.filter(pk=last).exists():
        return ""
    key = f"{REASON}:{last}"
    if escalations.is_known(key):
        return key if _open(key) else ""
    return escalations.escalate(key=key, reason=REASON).key


def _open(key: str) -> bool:
    return Escalation.objects.filter(key=key, status=Escalation.Status.OPEN).exists()


def _last() -> UUID | None:
    """None where there is no such note, or half of one: a new host, or one that died while it wrote. Accepted: whoever
    puts a backup back there switches sending off first (docs/how-to/keep-in-step.md)."""
    note = _note()
    try:
        return UUID((note if note.exists() else _note_before_names()).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def _note() -> Path:
    """Named after the first business, whose id every backup of this database has, and no other database."""
    if not _Process.database:
        _Process.database = str(Business.objects.order_by("pk").values_list("pk", flat=True).first() or "")
    return Path(settings.ARO_HOME) / f"{FILE}.{_Process.database}"


def _note_before_names() -> Path:
    """As hosts wrote it that knew of one database only."""
    return Path(settings.ARO_HOME) / FILE
