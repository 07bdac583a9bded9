"""The parts of a calendar that say nothing about a visit: a fault in them costs none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integrations.imports.test_import_calendars import calendar, event, read, visit

pytestmark = pytest.mark.usefixtures("business")


@pytest.mark.parametrize(
    "part",
    [
        *(
            ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER{trigger}", "DESCRIPTION:x", "END:VALARM"]
            for trigger in (":-PT1D", ":", ":15", ":-PT15M0.5S", ":P", ";VALUE=DATE-TIME:soon")
        ),
        ["BEGIN:VALARM", "DESCRIPTION:Call +12025550188", "ATTENDEE;CN=Desk:mailto:desk@x.test", "END:VALARM"],
        ["EXDATE:"],
        ["RDATE;VALUE=DATE:"],
        ["EXDATE;TZID=America/New_York:"],
    ],
)
def test_what_says_nothing_of_the_visit_costs_no_event(tmp_path: Path, part: list[str]) -> None:
    task = ["BEGIN:VTODO", "DUE:nonsense", "BEGIN:VALARM", "TRIGGER:", "END:VALARM", "END:VTODO"]
    answer = read(tmp_path, calendar(event("ATTENDEE;CN=Ana Diaz:tel:+12025550142", *part), task))
    assert (answer["problems"], answer["created"]) == ([], 1)
    assert (visit().customer.name, visit().customer.phone) == ("Ana Diaz", "+12025550142")
