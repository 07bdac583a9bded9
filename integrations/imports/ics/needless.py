"""What of a calendar says nothing about its visits: alarms, tasks, empty exceptions. A fault there harms no event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_BLOCK: Final = re.compile(
    r"BEGIN:(VALARM|VTODO|VJOURNAL|VFREEBUSY|VAVAILABILITY|PARTICIPANT|VLOCATION|VRESOURCE)\s*$", re.IGNORECASE
)
_END: Final = re.compile(r"END:(\w+)\s*$", re.IGNORECASE)
_EMPTY: Final = re.compile(r"(?:EXDATE|RDATE)(?:;[^:]*)?:[\s,]*$", re.IGNORECASE)


def left_out(text: str) -> str:
    """The rest. `text` has its lines joined; a part that does not end stays: nobody knows what belongs to it."""
    return "".join(_rest(text.splitlines(keepends=True)))


def _rest(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        block = _BLOCK.match(lines[at])
        after = _behind(lines, at, block[1].upper()) if block else 0
        if not after and not _EMPTY.match(lines[at]):
            yield lines[at]
        at = after or at + 1


def _behind(lines: list[str], at: int, name: str) -> int:
    """The line after the block's end; 0 when what is around it ends before."""
    for number in range(at + 1, len(lines)):
        end = _END.match(lines[number])
        if end and end[1].upper() == name:
            return number + 1
        if end and end[1].upper() in ("VEVENT", "VCALENDAR"):
            return 0
    return 0
