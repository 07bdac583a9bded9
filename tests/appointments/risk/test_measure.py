"""What a limit on the score does."""

from statistics import StatisticsError

import pytest

from appointments.risk.measure import Flagging, auc, brier, flagging


def test_shares_flagged_caught_and_wrongly_flagged() -> None:
    scored = [(90.0, True), (75.0, False), (70.0, False), (60.0, True), *[(10.0, False)] * 6]

    assert flagging(scored) == Flagging(flagged=3 / 10, caught=1 / 2, wrongly_flagged=2 / 3)


def test_another_threshold_counts_otherwise() -> None:
    assert flagging([(60.0, True), (20.0, False)], threshold=50) == Flagging(0.5, 1.0, 0.0)


def test_no_share_is_made_up_where_there_is_nothing_to_count() -> None:
    assert flagging([]) == Flagging(None, None, None)
    assert flagging([(10.0, False)]) == Flagging(0.0, None, None)


def test_auc_is_one_when_every_missed_visit_scores_higher_and_zero_the_other_way_round() -> None:
    visits = [(0.1, False), (0.2, False), (0.3, True), (0.4, True)]

    assert auc(visits) == 1
    assert auc([(score, not missed) for score, missed in visits]) == 0


def test_equal_scores_count_half() -> None:
    assert auc([(0.2, True), (0.2, False), (0.1, False), (0.3, False)]) == (0.5 + 1 + 0) / 3


def test_the_brier_score_is_the_mean_squared_distance() -> None:
    assert brier([(0.5, True), (0.1, False)]) == pytest.approx((0.25 + 0.01) / 2)


def test_figures_of_nothing_are_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        auc([(0.5, True)])
    with pytest.raises(StatisticsError):
        brier([])
