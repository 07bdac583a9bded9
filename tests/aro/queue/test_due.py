"""The queue: once per lane and ref, leases and fences, on the database people use."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aro.ids import new_id
from aro.models import Due
from aro.queue import due
from aro.queue.due import LostClaimError
from tests.plans import plan_of

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db


def claim_one(lane: str = "timers", *, lease_seconds: float = 30) -> due.Claim:
    (claim,) = due.claim(lane, now=NOW, limit=10, lease_seconds=lease_seconds)
    return claim


def test_putting_twice_moves_the_one_row() -> None:
    ref = new_id()
    due.put("timers", ref, NOW)
    due.put("timers", ref, LATER)
    assert list(Due.objects.values_list("ref", "due_at")) == [(ref, LATER)]


def test_the_same_ref_may_be_due_in_two_lanes() -> None:
    ref = new_id()
    due.put("timers", ref, NOW)
    due.put("sweeps", ref, NOW)
    assert Due.objects.count() == 2


def test_what_is_gathered_is_written_at_the_end_by_one_statement_for_each_lane() -> None:
    moved, dropped = new_id(), new_id()
    with CaptureQueriesContext(connection) as queries, due.together():
        due.put("timers", moved, NOW)
        due.put("timers", dropped, NOW)
        due.put("sweeps", moved, NOW)
        due.put("timers", moved, LATER)
        due.drop("timers", dropped)
        assert not Due.objects.exists()
    assert set(Due.objects.values_list("lane", "ref", "due_at")) == {("timers", moved, LATER), ("sweeps", moved, NOW)}
    assert sum(query["sql"].startswith("INSERT") for query in queries.captured_queries) == 2


def test_what_was_gathered_before_a_failure_is_not_written() -> None:
    @due.together()
    def fails() -> None:
        due.put("timers", new_id(), NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    due.put("sweeps", new_id(), NOW)
    assert list(Due.objects.values_list("lane", flat=True)) == ["sweeps"]


def test_what_is_not_due_is_not_claimed() -> None:
    due.put("timers", new_id(), LATER)
    assert due.claim("timers", now=NOW, limit=10) == []


def test_the_oldest_is_claimed_first_and_no_more_than_asked_for() -> None:
    refs = [new_id() for _ in range(3)]
    due.put_many("timers", [(ref, NOW - timedelta(minutes=n)) for n, ref in enumerate(refs)])
    claims = due.claim("timers", now=NOW, limit=2)
    assert [claim.ref for claim in claims] == [refs[2], refs[1]]


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends() -> None:
    due.put("timers", new_id(), NOW)
    first = claim_one(lease_seconds=30)
    assert due.claim("timers", now=NOW, limit=10) == []
    Due.objects.update(lease=datetime(2020, 1, 1, tzinfo=UTC))
    second = claim_one()
    assert (second.id, second.attempts) == (first.id, 2)
    assert second.fence > first.fence


def test_moving_the_clock_takes_no_work_from_its_owner() -> None:
    due.put("timers", new_id(), NOW)
    claim_one()
    assert due.claim("timers", now=NOW + timedelta(days=400), limit=10) == []


def test_an_owner_who_lost_the_row_can_keep_nothing() -> None:
    due.put("timers", new_id(), NOW)
    old = claim_one(lease_seconds=-1)
    claim_one()
    with pytest.raises(LostClaimError), transaction.atomic():
        due.finish(old)
    with pytest.raises(LostClaimError), transaction.atomic():
        due.again(old, LATER)
    with pytest.raises(LostClaimError), transaction.atomic():
        due.renew(old, 30)
    assert Due.objects.count() == 1


def test_a_change_fences_off_the_owner() -> None:
    ref = new_id()
    due.put("timers", ref, NOW)
    claim = claim_one()
    due.put("timers", ref, LATER)
    with pytest.raises(LostClaimError), transaction.atomic():
        due.finish(claim)


def test_dropping_fences_off_the_owner() -> None:
    ref = new_id()
    due.put("timers", ref, NOW)
    claim = claim_one()
    due.drop("timers", ref)
    with pytest.raises(LostClaimError), transaction.atomic():
        due.finish(claim)


def test_finishing_many_is_all_or_nothing() -> None:
    refs = [new_id(), new_id()]
    due.put_many("timers", [(ref, NOW) for ref in refs])
    claims = due.claim("timers", now=NOW, limit=10)
    due.drop("timers", refs[0])
    with pytest.raises(LostClaimError), transaction.atomic():
        due.finish_many(claims)
    assert Due.objects.count() == 1


def test_a_postponed_row_starts_its_attempts_anew_unless_it_failed() -> None:
    due.put("timers", new_id(), NOW)
    due.again(claim_one(), NOW)
    failed = claim_one()
    assert failed.attempts == 1
    due.again(failed, NOW, keep_attempts=True)
    assert claim_one().attempts == 2


def test_the_next_due_moment_leaves_out_what_is_owned() -> None:
    due.put("timers", new_id(), NOW)
    due.put("timers", new_id(), LATER)
    assert due.next_due(["timers"]) == {"timers": NOW}
    claim_one()
    assert due.next_due(["timers"]) == {"timers": LATER}


def test_one_statement_looks_at_every_lane() -> None:
    due.put("events", new_id(), LATER)
    due.put("timers", new_id(), NOW)
    with CaptureQueriesContext(connection) as queries:
        found = due.next_due(["receipts", "events", "timers"])
    assert found == {"receipts": None, "events": LATER, "timers": NOW}
    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_many_claimers_at_once_share_the_rows_without_overlap() -> None:
    due.put_many("timers", [(new_id(), NOW) for _ in range(200)])
    taken: list[int] = []
    guard = threading.Lock()

    def take() -> None:
        try:
            while claims := due.claim("timers", now=NOW, limit=7):
                with guard:
                    taken.extend(claim.id for claim in claims)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(taken) == 200
    assert len(set(taken)) == 200


def test_a_row_whose_owner_died_is_the_next_one_again() -> None:
    due.put("timers", new_id(), NOW)
    claim_one(lease_seconds=-1)
    assert due.next_due(["timers"]) == {"timers": NOW}


def test_looking_for_the_next_row_reads_the_index_and_does_not_walk_the_sleepers() -> None:
    due.put_many("timers", [(new_id(), LATER) for _ in range(50)])
    with CaptureQueriesContext(connection) as queries:
        due.next_due(["events", "timers"])
    plan = plan_of(queries)
    assert plan.count("due_lane_due_at") == 2
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
