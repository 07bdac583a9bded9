"""What a reply wishes for is kept as typed windows: over 200 wishes, and the windows that staff should see."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from workflows.replies.times.fit import VisitFacts
from workflows.replies.times.windows import Window
from workflows.replies.times.wish import wished

NOW = datetime(2026, 12, 4, 10, 0)  # noqa: DTZ001 - wall clock
VISIT = VisitFacts(start=datetime(2026, 12, 8, 14, 0), now=NOW)  # noqa: DTZ001
LINES = Path(__file__).with_name("wishes.txt").read_text(encoding="utf-8").splitlines()
WISHES = [tuple(part.strip() for part in line.split("|")) for line in LINES if line and not line.startswith("#")]
EXACT_SHARE = 0.95
AT_LEAST = 200
DAYS = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")


def written(window: Window) -> str:
    """As in wishes.txt."""
    kept = window.stored
    first, last = (kept[key][5:] if kept[key] else "" for key in ("first", "last"))
    days = first if first == last else f"{first}..{last}"
    opens, closes = kept["opens"] or "", kept["closes"] or ""
    time = f"@{opens}" if opens == closes else f"{opens}-{closes}"
    named = DAYS[window.weekday] if window.weekday is not None else days if first or last else ""
    return " ".join(part for part in (named, time if opens or closes else "") if part)


def read(text: str) -> str:
    return " ; ".join(written(window) for window in wished(text, now=NOW, visit=VISIT))


def test_at_least_95_of_100_wishes_are_kept_exactly() -> None:
    wrong = [(text, expected, read(text)) for text, expected in WISHES if read(text) != expected]
    assert len(WISHES) >= AT_LEAST
    assert len(wrong) <= len(WISHES) * (1 - EXACT_SHARE), wrong


def test_the_weekday_of_the_time_that_the_visit_had_is_that_day() -> None:
    """On a Friday; the visit was moved from Friday the 18th at eleven."""
    former = [datetime(2026, 12, 18, 11, 0)]  # noqa: DTZ001
    for text in ("can we do friday at 11", "friday instead please", "el viernes a las 11"):
        [window] = wished(text, now=NOW, visit=VISIT, former=former)
        assert written(window).startswith("12-18"), text
    for text in ("friday at 3 please", "next friday at 9", "fridays at 11 work"):
        [window] = wished(text, now=NOW, visit=VISIT, former=former)
        assert not written(window).startswith("12-18"), text
