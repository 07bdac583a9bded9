"""A calendar's visits are read by its own zones, and a zone whose name is told by today's rules of that name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aro import clock
from tests.integrations.imports.test_import_calendars import calendar, event, read, visit

pytestmark = pytest.mark.usefixtures("business")
EDMONTON = "America/Edmonton"
PREFIXED = [
    f"/freeassociation.sourceforge.net/{EDMONTON}",
    f"/mozilla.org/20050126_1/{EDMONTON}",
    f"/mozilla.org/20070129_1/{EDMONTON}",
    f"/citadel.org/20260101_1/{EDMONTON}",
    f"/softwarestudio.org/Olson_20011030_5/{EDMONTON}",
    f"/ics.py/2020.1/{EDMONTON}",
    f"freeassociation.sourceforge.net/{EDMONTON}",
    f"/kolab.example/Tzfile/{EDMONTON}",
    f"posix/{EDMONTON}",
    EDMONTON,
]


def at_two() -> datetime:
    day = clock.now() + timedelta(days=12)
    return datetime(day.year, day.month, day.day, 14)  # noqa: DTZ001 - a clock time of the file's zone


def zone(name: str, standard: str, *more: str, daylight: str = "") -> list[str]:
    """One with the same offset the whole year, or with the days of the United States."""
    winter = f"TZOFFSETFROM:{daylight or standard}", f"TZOFFSETTO:{standard}"
    lines = ["BEGIN:STANDARD", "DTSTART:20071104T020000", *winter, "END:STANDARD"]
    if daylight:
        lines.insert(3, "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU")
        summer = f"TZOFFSETFROM:{standard}", f"TZOFFSETTO:{daylight}", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"
        lines += ["BEGIN:DAYLIGHT", "DTSTART:20070311T020000", *summer, "END:DAYLIGHT"]
    return ["BEGIN:VTIMEZONE", f"TZID:{name}", *more, *lines, "END:VTIMEZONE"]


def one(name: str, *uids: str, quoted: bool = False) -> list[str]:
    written = f'"{name}"' if quoted or ":" in name else name
    begin = f"DTSTART;TZID={written}:{at_two():%Y%m%dT%H%M%S}"
    return [begin if line.startswith("DTSTART") else line for uid in uids for line in event(uid=uid)]


def hours(uid: str) -> float:
    return (visit(uid).starts_at - at_two().replace(tzinfo=UTC)) / timedelta(hours=1)


@pytest.mark.parametrize("name", ["Customized Time Zone", "tzone://Microsoft/Custom", "Clinic", "/own/Clinic"])
def test_two_calendars_with_a_zone_of_one_name_are_each_read_by_their_own(tmp_path: Path, name: str) -> None:
    parts = (
        [*zone(name, "-0500"), *one(name, "east")],
        [*zone(name, "-0800"), *one(name, "west")],
        [*one(name, "before"), *zone(name, "+0100")],
    )
    answer = read(tmp_path, *map(calendar, parts))
    assert answer["problems"] == []
    assert (hours("east"), hours("west"), hours("before")) == (5, 8, -1)


def test_what_was_read_before_changes_no_other_file(tmp_path: Path) -> None:
    read(tmp_path, calendar([*zone("Clinic", "-0500"), *one("Clinic", "u1")]))
    read(tmp_path, calendar([*zone("Clinic", "-0800"), *one("Clinic", "u2")]))
    assert (hours("u1"), hours("u2")) == (5, 8)
    answer = read(tmp_path, calendar(one("Clinic", "u3")))
    assert "time zone" in str(answer["problems"])


def test_so_is_each_event_where_one_breaks_the_calendar(tmp_path: Path) -> None:
    broken = ["BEGIN:VEVENT", "BEGIN:VALARM", "UID:broken", "END:VEVENT"]
    parts = [[*zone("Clinic", off), *one("Clinic", uid), *broken] for off, uid in (("-0500", "u1"), ("-0800", "u2"))]
    read(tmp_path, *map(calendar, parts))
    assert (hours("u1"), hours("u2")) == (5, 8)


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("name", PREFIXED)
def test_a_zones_name_behind_a_mark_wins_over_the_rules_in_the_file(tmp_path: Path, name: str, quoted: bool) -> None:  # noqa: FBT001
    read(tmp_path, calendar([*zone(name, "+0500", daylight="+0600"), *one(name, "u1", quoted=quoted)]))
    read(tmp_path, calendar(one(EDMONTON, "plain")))
    read(tmp_path, calendar(one(name, "bare", quoted=quoted)))
    assert hours("u1") == hours("plain") == hours("bare")
    assert hours("plain") in (6, 7)


def test_so_does_a_name_that_stands_beside_the_zone(tmp_path: Path) -> None:
    for own in ("Edmonton", "Mountain Standard Time", "/own/Clinic"):
        block = zone(own, "+0500", f"X-LIC-LOCATION:{EDMONTON}")
        read(tmp_path, calendar([*block, *one(own, f"of {own}")]))
        assert hours(f"of {own}") in (6, 7), own
    block = zone("America/New_York", "+0500", "X-LIC-LOCATION:Asia/Tokyo")
    read(tmp_path, calendar([*block, *one("America/New_York", "its own name")]))
    assert hours("its own name") in (4, 5)


def test_a_calendars_zone_may_have_a_mark_too(tmp_path: Path) -> None:
    bare = [line.replace(f";TZID={EDMONTON}", "") for line in one(EDMONTON, "u1")]
    read(tmp_path, calendar([f"X-WR-TIMEZONE:/mozilla.org/20050126_1/{EDMONTON}", *bare]))
    assert hours("u1") in (6, 7)


def test_a_name_that_is_no_place_has_the_rules_of_the_file(tmp_path: Path) -> None:
    for name in ("/own.example/EST", "/own.example/Clinic/North", "America/Nowhere"):
        read(tmp_path, calendar([*zone(name, "-0230"), *one(name, f"of {name}")]))
        assert hours(f"of {name}") == 2.5, name
