from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aro.desk.show import age, badge, cell_in_zone, humanized, shown_in_zone

WINTER = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "shown"),
    [
        (WINTER, "America/New_York", "Tue 24 Nov 2026, 09:00 EST (America/New_York)"),
        (WINTER - timedelta(days=150), "America/New_York", "Sat 27 Jun 2026, 10:00 EDT (America/New_York)"),
        (WINTER, "Asia/Tokyo", "Tue 24 Nov 2026, 23:00 JST (Asia/Tokyo)"),
        (WINTER, "", "Tue 24 Nov 2026, 14:00 UTC"),
        (WINTER, "Mars/Olympus", "Tue 24 Nov 2026, 14:00 UTC"),
        (WINTER, "../etc/passwd", "Tue 24 Nov 2026, 14:00 UTC"),
        (None, "America/New_York", "–"),
    ],
)
def test_a_time_is_shown_on_the_zones_wall_clock_with_its_name(moment: datetime | None, zone: str, shown: str) -> None:
    assert shown_in_zone(moment, zone) == shown


def test_a_cell_names_the_zone_too() -> None:
    assert "America/New_York" in cell_in_zone(WINTER, "America/New_York")


def test_a_cell_in_utc_says_so_once() -> None:
    assert cell_in_zone(WINTER, "UTC").count("UTC") == 1


def test_a_badges_word_is_only_text() -> None:
    assert "<b>" not in badge("<b>")


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(hours=50), "2 days"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(passed: timedelta, words: str) -> None:
    assert age(WINTER, WINTER + passed) == words


def test_an_identifier_is_told_in_words() -> None:
    assert humanized("reminder_first") == "Reminder first"
