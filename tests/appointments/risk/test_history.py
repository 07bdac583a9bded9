"""Past bookings as they were known when each was made."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from appointments.risk.features import Visit
from appointments.risk.history import Booked, as_known

BOSTON = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=BOSTON)


def _booked(day: int, *, lead: int = 0, hour: int = 9, missed: bool | None = False, **more: object) -> Booked:
    """Booked `day` days after Monday at `hour`, for ten in the morning `lead` days later."""
    booked = MONDAY.replace(hour=hour) + timedelta(days=day)
    starts = (MONDAY + timedelta(days=day + lead)).replace(hour=10)
    values: dict[str, object] = {"person": "ana", "booked": booked, "starts": starts, "missed": missed, **more}
    return Booked(**values)  # type: ignore[arg-type]


def _last(*bookings: Booked) -> Visit:
    return as_known(bookings)[-1]


def test_a_first_booking_has_no_record() -> None:
    assert _last(_booked(0, lead=3)) == Visit(lead_days=3, booked_hour=9, weekday=3)


def test_an_outcome_counts_from_the_day_after_the_visit() -> None:
    missed = _booked(0, lead=4, missed=True)

    same_day, day_after = _last(missed, _booked(4, lead=9, hour=18)), _last(missed, _booked(5, lead=9))

    assert (same_day.prior_visits, same_day.last_was_no_show) == (0, None)
    assert (day_after.prior_visits, day_after.prior_no_shows, day_after.last_was_no_show) == (1, 1, True)


def test_what_happens_later_is_not_known_whatever_the_order_given() -> None:
    later, sooner = _booked(30, missed=True), _booked(0, lead=2)

    assert as_known([later, sooner])[1] == _last(sooner)


def test_visits_to_come_are_open_until_their_day_or_their_cancellation() -> None:
    to_come = _booked(0, lead=20)
    given_up = _booked(0, lead=20, missed=None, cancelled_at=MONDAY + timedelta(days=3))

    assert _last(to_come, given_up, _booked(1, lead=2)).pending == 2
    assert _last(to_come, given_up, _booked(5, lead=2)).pending == 1
    assert _last(to_come, given_up, _booked(21, lead=2)).pending == 0


def test_a_cancelled_visit_is_no_part_of_the_record() -> None:
    given_up = _booked(0, lead=2, missed=None, cancelled_at=MONDAY + timedelta(days=1))

    assert _last(given_up, _booked(9)).prior_visits == 0


def test_other_peoples_visits_do_not_count() -> None:
    assert _last(_booked(0, missed=True, person="bo"), _booked(9)).prior_visits == 0


def test_the_newest_of_the_past_visits_is_the_last_one() -> None:
    past = [_booked(0, missed=True), _booked(7, missed=False)]

    known = _last(*past, _booked(17, hour=11))

    assert (known.prior_visits, known.prior_no_shows, known.last_was_no_show) == (2, 1, False)
    assert known.days_since_last == 10


def test_days_are_counted_by_the_clinics_clock() -> None:
    late = _booked(0, hour=23)
    tomorrow_morning = _booked(0, hour=23, lead=1)

    assert _last(tomorrow_morning).lead_days == 1
    assert _last(late, _booked(1, lead=0, hour=7)).prior_visits == 1


def test_bookings_made_together_are_counted() -> None:
    together = as_known([_booked(0, lead=days, hour=9 + days) for days in range(3)])

    assert [visit.booked_same_day for visit in together] == [0, 1, 2]


def test_a_placeholder_for_everybody_does_not_hold_the_learning_up() -> None:
    many = [_booked(day // 20, lead=1, hour=day % 20) for day in range(4_000)]

    assert max(visit.prior_visits for visit in as_known(many)) == 50
