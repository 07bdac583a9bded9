from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from compliance.quiet import Hours, NeverAllowedError, next_allowed

DAY_HOURS = Hours(opens=time(8), closes=time(21))
MARKETING = Hours(opens=time(9), closes=time(20), sunday_opens=time(12))
NEW_YORK, MADRID, LORD_HOWE, APIA = "America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Pacific/Apia"


def is_allowed(moment: datetime, zone: str, hours: Hours) -> bool:
    return hours.allow(moment.astimezone(ZoneInfo(zone)))


QUARTER = timedelta(minutes=15)


def at(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, fold=fold, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((2026, 11, 24, 8, 0), (2026, 11, 24, 8, 0)),
        ((2026, 11, 24, 20, 59), (2026, 11, 24, 20, 59)),
        ((2026, 11, 24, 21, 0), (2026, 11, 25, 8, 0)),
        ((2026, 11, 24, 7, 59), (2026, 11, 24, 8, 0)),
        ((2026, 11, 24, 0, 0), (2026, 11, 24, 8, 0)),
    ],
)
def test_texts_wait_for_the_morning_at_the_recipients_place(now: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert next_allowed(at(NEW_YORK, *now), NEW_YORK, DAY_HOURS) == at(NEW_YORK, *expected)


def test_the_zone_decides_not_the_server() -> None:
    moment = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    assert is_allowed(moment, "Asia/Tokyo", DAY_HOURS)
    assert not is_allowed(moment, NEW_YORK, DAY_HOURS)


def test_marketing_starts_at_noon_on_sunday_and_at_nine_on_other_days() -> None:
    sunday, monday = (2026, 11, 22), (2026, 11, 23)
    assert next_allowed(at(NEW_YORK, *sunday, 9, 30), NEW_YORK, MARKETING) == at(NEW_YORK, *sunday, 12, 0)
    assert next_allowed(at(NEW_YORK, *sunday, 20, 0), NEW_YORK, MARKETING) == at(NEW_YORK, *monday, 9, 0)


def test_a_business_with_later_mornings_narrows_marketing_hours() -> None:
    hours = Hours(opens=time(10), closes=time(19), within=MARKETING)
    assert next_allowed(at(NEW_YORK, 2026, 11, 24, 9, 30), NEW_YORK, hours) == at(NEW_YORK, 2026, 11, 24, 10, 0)
    assert next_allowed(at(NEW_YORK, 2026, 11, 22, 10, 30), NEW_YORK, hours) == at(NEW_YORK, 2026, 11, 22, 12, 0)
    assert next_allowed(at(NEW_YORK, 2026, 11, 24, 19, 30), NEW_YORK, hours) == at(NEW_YORK, 2026, 11, 25, 10, 0)


def test_the_morning_after_the_clocks_go_forward_is_still_eight_local() -> None:
    assert next_allowed(at(NEW_YORK, 2026, 3, 7, 22, 0), NEW_YORK, DAY_HOURS) == datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
    assert next_allowed(at(NEW_YORK, 2026, 10, 31, 22, 0), NEW_YORK, DAY_HOURS) == datetime(
        2026, 11, 1, 13, 0, tzinfo=UTC
    )


def test_an_opening_time_that_the_clock_jumps_over_is_the_moment_of_the_jump() -> None:
    hours = Hours(opens=time(2, 30), closes=time(21))
    # In New York 02:00 becomes 03:00 on 8 March 2026, at 07:00 UTC.
    assert next_allowed(at(NEW_YORK, 2026, 3, 8, 1, 0), NEW_YORK, hours) == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)


def test_an_opening_time_that_comes_twice_counts_both_times() -> None:
    hours = Hours(opens=time(1, 30), closes=time(21))
    # 01:30 comes at 05:30 and, after the clock went back at 06:00, again at 06:30 UTC.
    assert next_allowed(datetime(2026, 11, 1, 5, 10, tzinfo=UTC), NEW_YORK, hours) == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )
    assert next_allowed(datetime(2026, 11, 1, 6, 10, tzinfo=UTC), NEW_YORK, hours) == datetime(
        2026, 11, 1, 6, 30, tzinfo=UTC
    )


def test_a_date_that_a_zone_skipped_is_passed_over() -> None:
    # Samoa went from 29 to 31 December 2011.
    assert next_allowed(at(APIA, 2011, 12, 29, 22, 0), APIA, DAY_HOURS) == at(APIA, 2011, 12, 31, 8, 0)


def test_equal_times_mean_no_quiet_hours() -> None:
    moment = at(NEW_YORK, 2026, 11, 24, 3, 0)
    assert next_allowed(moment, NEW_YORK, Hours(opens=time(0), closes=time(0))) == moment


def test_hours_may_run_over_midnight() -> None:
    night = Hours(opens=time(20), closes=time(4))
    assert is_allowed(at(NEW_YORK, 2026, 11, 24, 23, 0), NEW_YORK, night)
    assert is_allowed(at(NEW_YORK, 2026, 11, 24, 3, 59), NEW_YORK, night)
    assert next_allowed(at(NEW_YORK, 2026, 11, 24, 4, 0), NEW_YORK, night) == at(NEW_YORK, 2026, 11, 24, 20, 0)


def test_hours_that_exclude_each_other_are_an_error_with_a_way_out() -> None:
    impossible = Hours(opens=time(20, 30), closes=time(23), within=MARKETING)
    with pytest.raises(NeverAllowedError, match=r"Business or in policy\.toml"):
        next_allowed(at(NEW_YORK, 2026, 11, 24, 12, 0), NEW_YORK, impossible)


quarters = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
zones = st.sampled_from(
    [NEW_YORK, MADRID, LORD_HOWE, APIA, "Asia/Kolkata", "America/St_Johns", "UTC", "Africa/Casablanca"]
)
# Around the days on which clocks change, and on any other day.
moments = st.one_of(
    st.datetimes(datetime(2026, 3, 6), datetime(2026, 4, 6)),
    st.datetimes(datetime(2026, 10, 2), datetime(2026, 11, 3)),
    st.datetimes(datetime(2011, 12, 27), datetime(2012, 1, 2)),
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),
).map(lambda m: m.replace(second=0, microsecond=0, minute=m.minute // 15 * 15, tzinfo=UTC))
hours = st.builds(
    Hours,
    opens=quarters,
    closes=quarters,
    sunday_opens=st.none() | quarters,
    within=st.none() | st.builds(Hours, opens=quarters, closes=quarters, sunday_opens=st.none() | quarters),
)


@settings(max_examples=300, deadline=None)
@example(
    datetime(2026, 10, 31, 6, 0, tzinfo=UTC),
    "America/New_York",
    Hours(opens=time(0), closes=time(0), within=Hours(opens=time(0), closes=time(1, 15))),
)
@given(moments, zones, hours)
def test_the_next_allowed_moment_is_allowed_and_nothing_before_it_is(moment: datetime, zone: str, hours: Hours) -> None:
    try:
        found = next_allowed(moment, zone, hours)
    except NeverAllowedError:
        found = moment + timedelta(days=8)
    else:
        assert found >= moment
        assert is_allowed(found, zone, hours)
    # Every zone's offset is a multiple of 15 minutes here, so looking each quarter sees every change.
    step = moment
    while step < found:
        assert not is_allowed(step, zone, hours)
        step += QUARTER
