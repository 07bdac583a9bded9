"""What a reason for a case is made of. What each part means: the text of this package."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from django.utils.functional import Promise

from appointments.models import Escalation

HIGH, MEDIUM, LOW = Escalation.Priority.HIGH, Escalation.Priority.MEDIUM, Escalation.Priority.LOW
URGENT = Escalation.Priority.URGENT


class Change(StrEnum):
    """What can happen to a visit, as far as its cases care."""

    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CAME = "came"
    ABSENT = "absent"
    REACHABLE = "reachable"
    PAID = "paid"
    ARRIVED = "arrived"


VISIT_CHANGES: Final = frozenset({Change.CONFIRMED, Change.MOVED, Change.CANCELLED, Change.CAME, Change.ABSENT})
OUTCOMES: Final = frozenset({Change.CAME, Change.ABSENT, Change.CANCELLED})
BY_A_PERSON: Final[frozenset[Change]] = frozenset()


class Doubt(StrEnum):
    """Whether a case makes it doubtful that the person comes."""

    NONE = "none"
    UNLESS_CONFIRMED = "unless_confirmed"
    UNTIL_SAID = "until_said"


class Reminders(IntEnum):
    """How the person is reminded while a case is open; a higher one outweighs."""

    AS_PLANNED = 0
    PLAIN = 1
    NONE = 2


@dataclass(frozen=True, kw_only=True)
class CaseReason:
    """See the package's text."""

    code: str
    title: str | Promise = ""
    next_step: str | Promise = ""
    priority: int = MEDIUM
    closes_on: frozenset[Change] = VISIT_CHANGES
    doubt: Doubt = Doubt.NONE
    says_so: bool = False
    says_so_in_words: bool = False
    here: bool = False
    unread: bool = False
    whole_phone: bool = False
    asks_to_cancel: bool = False
    whose_number: bool = False
    calls: bool = False
    of_all_named: bool = False
    asked_back: bool = False
    reminders: Reminders = Reminders.AS_PLANNED

    def ends(self, change: Change, *, opened: bool) -> bool:
        """Whether this change closes a case of this reason, which somebody has `opened` or not."""
        waits = self.unread and not opened and change in (Change.ABSENT, Change.CANCELLED)
        return change in self.closes_on and not waits

    @property
    def urgent(self) -> bool:
        return self.priority == URGENT
