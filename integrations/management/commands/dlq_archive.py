"""`aro dlq:archive`: put dead letters away that are settled otherwise."""

from __future__ import annotations

from typing import ClassVar

from aro.models import DeadLetter
from aro.queue.replay import Verdict, again, unchanged
from integrations.management.commands import dlq_replay
from workflows.commands.bulk import Kind


def judge(letter: DeadLetter) -> Verdict:
    """What archiving would do; reads only."""
    return unchanged("It was archived already.") if letter.archived_at else again("It is archived.")


class Command(dlq_replay.Command):
    help = (
        "Archive dead letters, by id or chosen by filters. The front desk can put them back. Without ids it asks, or "
        "needs --yes."
    )
    name: ClassVar[str] = "dlq:archive"
    kind: ClassVar[Kind] = Kind(command="dead_letter.archive", key="dead_letter_id", judge=judge)
    past: ClassVar[str] = "archived"
