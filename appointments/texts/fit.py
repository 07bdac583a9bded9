"""Whether a wording can do its job at all. One that cannot is not saved, and not used where it was saved before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from appointments.texts import values
from compliance.kinds import CANNOT_DO_WITHOUT, Kind
from compliance.models import Channel

# What one text may hold, of SMS and WhatsApp alike. Source: Twilio, error 21617.
LONGEST_TEXT: Final = 1600
# Several visits in one line, and the line that says how to stop the texts, as long as they get.
_LONGEST: Final = {"link": values.LONGEST_LINK, "visits": 300}
_OPT_OUT_LINE: Final = 60
_PLACE: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def problems(kind: str, body: str, *, subject: str = "", channel: str = Channel.SMS) -> list[str]:
    """Why it cannot, each as a sentence for whoever wrote it. `kind`: of `Kind`; empty when none is known."""
    return [*_missing(kind, body), *_half_written(body + subject), *_too_long(body, channel)]


def _missing(kind: str, body: str) -> Iterator[str]:
    needed = CANNOT_DO_WITHOUT[Kind(kind)] if kind in CANNOT_DO_WITHOUT else ()
    used = values.names_in(body)
    for name in needed:
        if name not in used:
            yield f"{{{{ {name} }}}} is missing. This text is of no use without it: add it."


def _half_written(text: str) -> Iterator[str]:
    if re.search(r"[{}]", _PLACE.sub("", text)):
        yield "Only {{ name }} is understood, with two braces on each side: no filters, tags or code."


def _too_long(body: str, channel: str) -> Iterator[str]:
    if channel == Channel.EMAIL:
        return
    longest = len(_PLACE.sub(lambda place: "x" * _LONGEST.get(place[1], values.LONGEST_VALUE), body)) + _OPT_OUT_LINE
    if longest > LONGEST_TEXT:
        yield (
            f"With the longest values this is {longest:,} characters, and no carrier takes more than "
            f"{LONGEST_TEXT:,}. Shorten it."
        )
