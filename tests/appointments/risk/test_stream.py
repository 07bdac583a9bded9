"""A CSV of visits in, risks out."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.risk.features import Visit
from appointments.risk.score import assess
from appointments.risk.stream import BadRowError, Scored, score

HEADER = (
    "AppointmentID,PatientId,sched,lead,Age,Gender,sched_hour,appt_dow,prior,prior_noshow,pending,"
    "days_since_last,last_noshow"
)


def _probabilities(scored: list[Scored]) -> list[float]:
    return [visit.assessment.probability for visit in scored]


def test_every_used_column_reaches_the_score() -> None:
    [scored] = score([HEADER, "71,900.0,2024-03-04 07:30:00,12,44,F,7,4,3,1,2,9,1"])

    expected = Visit(
        lead_days=12,
        prior_visits=3,
        prior_no_shows=1,
        last_was_no_show=True,
        days_since_last=9,
        pending=2,
        booked_hour=7,
        weekday=4,
    )
    assert scored.appointment_id == "71"
    assert scored.assessment == assess(expected)


def test_age_and_gender_make_no_difference() -> None:
    rows = [f"{number},,,12,{age},{gender},9,2,0,0,0,-1,-1" for number, age, gender in ((1, 19, "M"), (2, 80, "F"))]

    young, old = _probabilities(score([HEADER, *rows]))

    assert young == old


def test_optional_columns_may_be_missing_or_unknown() -> None:
    bare = score(["AppointmentID,lead", "1,3"])
    unknown = score([HEADER, "1,,,3,,,-1,,-1,,,-1,-1"])

    assert _probabilities(bare) == _probabilities(unknown) == [assess(Visit(lead_days=3)).probability]


def test_whole_numbers_may_be_written_as_decimals() -> None:
    assert score(["AppointmentID,lead", "1,3.0"])[0].assessment == assess(Visit(lead_days=3))


def test_results_keep_the_order_of_the_file() -> None:
    scored = score(["AppointmentID,lead,sched", "9,1,2024-03-05", "3,0,2024-03-04", "5,9,2024-03-01"])

    assert [visit.appointment_id for visit in scored] == ["9", "3", "5"]


def test_bookings_made_together_are_counted_in_the_order_they_were_made() -> None:
    rows = ["1,8,2024-03-04 10:05:00,5", "2,8,2024-03-04 09:00:00,5", "3,8,2024-03-05 09:00:00,5"]

    second, first, next_day = _probabilities(score(["AppointmentID,PatientId,sched,lead", *rows]))

    assert first == next_day == assess(Visit(lead_days=5)).probability
    assert second == assess(Visit(lead_days=5, booked_same_day=1)).probability


def test_visits_without_a_person_are_never_taken_for_the_same_person() -> None:
    first, second = _probabilities(score(["AppointmentID,PatientId,sched,lead", *["1,,2024-03-04,5"] * 2]))

    assert first == second


def test_a_later_row_does_not_change_an_earlier_probability() -> None:
    rows = ["1,8,2024-03-04 10:00:00,5,0,0", "2,8,2024-03-20 10:00:00,5,1,1"]
    header = "AppointmentID,PatientId,sched,lead,prior,prior_noshow"

    assert _probabilities(score([header, *rows]))[0] == _probabilities(score([header, rows[0]]))[0]


def test_the_riskiest_tenth_of_the_file_scores_seventy_or_more() -> None:
    rows = [f"{number},{number % 31},{number % 7},{number % 4}" for number in range(3_000)]

    scored = score(["AppointmentID,lead,appt_dow,pending", *rows])

    assert sum(visit.score >= 70 for visit in scored) / 3_000 == pytest.approx(0.1, abs=0.02)
    assert sum(visit.score >= 40 for visit in scored) / 3_000 == pytest.approx(0.4, abs=0.02)


def test_a_header_alone_gives_nothing() -> None:
    assert score(["AppointmentID,lead"]) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("lead", "-1"),
        ("lead", ""),
        ("lead", "soon"),
        ("lead", "2.5"),
        ("lead", "99999999999"),
        ("lead", "\N{SUPERSCRIPT TWO}"),
        ("prior", "-2"),
        ("prior_noshow", "x"),
        ("last_noshow", "2"),
        ("sched_hour", "24"),
        ("appt_dow", "7"),
        ("pending", "1e3"),
        ("days_since_last", "nan"),
    ],
)
def test_a_bad_number_is_reported_with_line_and_column_but_not_repeated(column: str, value: str) -> None:
    good = dict.fromkeys(HEADER.split(","), "0")
    rows = [",".join(row.values()) for row in (good, good | {column: value})]

    with pytest.raises(BadRowError, match=rf"^line 3: {column} must be a whole number from 0") as caught:
        score([HEADER, *rows])
    assert len(value) < 2 or value not in str(caught.value)


def test_more_missed_than_past_visits_is_an_error() -> None:
    with pytest.raises(BadRowError, match=r"^line 2: prior_noshow is larger than prior"):
        score(["AppointmentID,lead,prior,prior_noshow", "1,3,1,2"])


@pytest.mark.parametrize("row", ["1", "1,2,3", '1,"2'])
def test_a_row_of_the_wrong_shape_is_an_error(row: str) -> None:
    with pytest.raises(BadRowError, match="line 2: "):
        score(["AppointmentID,lead", row])


def test_a_visit_without_an_id_is_an_error() -> None:
    with pytest.raises(BadRowError, match="line 2: AppointmentID is empty"):
        score(["AppointmentID,lead", ",3"])


@pytest.mark.parametrize(("header", "missing"), [([], "AppointmentID and lead"), (["AppointmentID,wait"], "lead")])
def test_a_missing_column_is_named(header: list[str], missing: str) -> None:
    with pytest.raises(BadRowError, match=f"line 1: column {missing} missing"):
        score(header)


@given(st.text(max_size=40))
def test_whatever_comes_in_is_scored_or_refused_in_words(text: str) -> None:
    with suppress(BadRowError):
        assert all(0 <= visit.score <= 100 for visit in score(["AppointmentID,lead,prior\n", text]))
