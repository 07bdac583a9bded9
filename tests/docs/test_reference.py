"""The reference pages are what the code says."""

from __future__ import annotations

import pytest

from aro.project import ROOT
from compliance.event_types import EventType
from docs.generate import pages, sources

MADE = pages.everything()


@pytest.mark.parametrize("name", MADE)
def test_a_reference_page_is_up_to_date(name: str) -> None:
    kept = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert kept == MADE[name], "Run: python -m docs.generate"


def test_nothing_else_is_kept_among_the_made_pages() -> None:
    kept = {path.name for path in (ROOT / "docs" / "reference").iterdir()}
    assert kept == set(MADE)


def test_every_route_and_every_call_of_the_sandbox_is_explained() -> None:
    rows = [line for line in MADE["http.md"].splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.endswith("|  |")] == []


def test_the_events_of_a_visit_are_found_in_the_code() -> None:
    recorded = sources.recorded_events()
    assert recorded[EventType.APPOINTMENT_CREATED] == ["appointments/services/booking/booking_rows.py"]
    assert "workflows/replies/acting/inbox.py" in recorded[EventType.RESPONSE_CLASSIFIED]
    # By a constant, by a default, by a function of another name.
    assert recorded[EventType.REVIEW_SUBMITTED] == ["appointments/services/visit/reviews.py"]
    assert recorded[EventType.APPOINTMENT_REOPENED] == ["appointments/services/visit/standing_again.py"]
    assert recorded[EventType.WORKFLOW_COMPLETED] == ["workflows/engine/store.py"]
