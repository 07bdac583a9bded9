"""What a limit on the score does in practice: the figures shown beside it, so that nobody trusts it blindly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

from appointments.risk.rank import HIGH_FROM


@dataclass(frozen=True, slots=True)
class Flagging:
    """Shares 0..1; None where nothing was there to take a share of."""

    flagged: float | None
    """Of all visits, those at or above the limit."""
    caught: float | None
    """Of the missed visits, those that had been flagged."""
    wrongly_flagged: float | None
    """Of the flagged visits, those that were kept after all."""


def flagging(scored: Iterable[tuple[float, bool]], *, threshold: float = HIGH_FROM) -> Flagging:
    """Past visits as (score, was it missed?) against a limit such as the deposit threshold."""
    visits = list(scored)
    flagged = [missed for score, missed in visits if score >= threshold]
    missed_in_all = sum(missed for _, missed in visits)
    return Flagging(
        flagged=_share(len(flagged), len(visits)),
        caught=_share(sum(flagged), missed_in_all),
        wrongly_flagged=_share(len(flagged) - sum(flagged), len(flagged)),
    )


def auc(scored: Iterable[tuple[float, bool]]) -> float:
    """How often a missed visit has the higher score of a missed and a kept one; equal scores count half.

    0.5 is chance, 1 perfect. Raises ZeroDivisionError without visits of both kinds.
    """
    higher, kept_below, missed_in_all = 0.0, 0, 0
    for _, equals in groupby(sorted(scored), key=lambda visit: visit[0]):
        outcomes = [missed for _, missed in equals]
        missed, kept = sum(outcomes), len(outcomes) - sum(outcomes)
        higher += missed * (kept_below + kept / 2)
        kept_below, missed_in_all = kept_below + kept, missed_in_all + missed
    return higher / (missed_in_all * kept_below)


def brier(predicted: Iterable[tuple[float, bool]]) -> float:
    """Mean squared distance between probability and outcome: lower is better. Raises StatisticsError without visits."""
    return fmean((probability - missed) ** 2 for probability, missed in predicted)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
