"""`aro dlq:retry`: another spelling of `aro dlq:replay`."""

from __future__ import annotations

from typing import ClassVar

from integrations.management.commands import dlq_replay


class Command(dlq_replay.Command):
    help = "The same as dlq:replay."
    name: ClassVar[str] = "dlq:retry"
