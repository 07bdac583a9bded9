"""Rows in bulk: what goes in comes out, on both databases, and whoever was first wins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment, Message
from aro.ids import new_id
from aro.models import DeadLetter, Due
from aro.queue import due, rows
from compliance.models import Event, StreamHead
from tests.factories import AppointmentFactory

NOW = datetime(2026, 11, 24, 15, 0, 0, 123456, tzinfo=UTC)
COLUMNS = ("lane", "due_at", "ref", "fence", "lease", "attempts")
pytestmark = pytest.mark.django_db(transaction=True)


def letter(**more: object) -> DeadLetter:
    fields = {
        "context": {"a": [1, None, "ü"]},
        "error_message": "it's %s\n",
        "attempts": 3,
        "last_attempt_at": NOW,
    } | more
    return DeadLetter(lane="x", ref=new_id(), first_attempt_at=NOW, **fields)


def put(count: int) -> list[tuple[int, int]]:
    rows.insert(Due, COLUMNS, [("x", NOW, new_id(), 0, None, 0) for _ in range(count)])
    return list(Due.objects.order_by("id").values_list("id", "fence"))


@pytest.mark.parametrize("count", [1, 3])
def test_what_goes_in_comes_out(count: int) -> None:
    written = [letter(replayed_at=NOW if n else None) for n in range(count)]
    rows.insert_all(DeadLetter, written)
    found = {one.id: one for one in rows.fetch(DeadLetter, [one.id for one in written])}
    by_orm = DeadLetter.objects.in_bulk([one.id for one in written])
    for one in written:
        values = [(field.attname, getattr(one, field.attname)) for field in DeadLetter._meta.concrete_fields]
        assert values == [(name, getattr(found[one.id], name)) for name, _ in values]
        assert values == [(name, getattr(by_orm[one.id], name)) for name, _ in values]


def test_one_row_is_found_by_its_values_also_by_what_is_absent() -> None:
    old, new = letter(), letter(last_attempt_at=NOW + timedelta(days=1), replayed_at=NOW)
    rows.insert_all(DeadLetter, [new, old])
    assert rows.first(DeadLetter, lane="x", replayed_at=None) == old
    assert rows.first(DeadLetter, lane="x", replayed_at=NOW) == new
    assert rows.first(DeadLetter, lane="x", newest="last_attempt_at") == new
    assert rows.first(DeadLetter, lane="y") is None
    with transaction.atomic():
        assert rows.first(DeadLetter, hold=True, id=old.id) == old


def test_a_row_is_written_and_read_anew_by_its_key() -> None:
    one = letter()
    rows.insert_all(DeadLetter, [one])
    other = DeadLetter.objects.get()
    one.attempts, one.error_message = 8, "not written"
    rows.save(one, "attempts")
    rows.refresh(other)
    assert (other.attempts, other.error_message) == (8, "it's %s\n")
    DeadLetter.objects.all().delete()
    with pytest.raises(rows.TakenError):
        rows.save(one, "attempts")
    with pytest.raises(rows.TakenError):
        rows.refresh(one)


def test_a_new_row_is_written_once() -> None:
    head = StreamHead(tenant_id="x", cursor=1)
    assert rows.insert_new(head, unique=("tenant_id",))
    assert not rows.insert_new(StreamHead(tenant_id="x", cursor=2), unique=("tenant_id",))
    assert StreamHead.objects.get().cursor == 1


def test_foreign_keys_are_followed_by_one_statement_each() -> None:
    visits = [AppointmentFactory.create() for _ in range(3)]
    read = rows.fetch(Appointment, [visit.id for visit in visits])
    with CaptureQueriesContext(connection) as queries:
        rows.follow(read, "customer")
        assert {visit.customer for visit in read} == {visit.customer for visit in visits}
    assert len(queries) == 1
    assert {visit.service_cost for visit in read} == {visit.service_cost for visit in visits}


def test_money_goes_in_and_comes_out() -> None:
    message = Message(direction="out", kind="review", status="planned", key="x", price=Decimal("0.0079"))
    assert rows.insert_new(message, unique=("tenant_id", "key"))
    assert rows.first(Message, key="x").price == Message.objects.get().price == Decimal("0.0079")  # type: ignore[union-attr]


def test_ids_that_are_not_there_are_left_out() -> None:
    assert rows.fetch(DeadLetter, []) == rows.fetch(DeadLetter, [new_id()]) == []


@pytest.mark.parametrize("count", [1, 3])
def test_one_lost_row_is_enough_to_refuse(count: int) -> None:
    owned = put(count)
    stale = [*owned[:-1], (owned[-1][0], owned[-1][1] + 1)]
    with pytest.raises(rows.TakenError), transaction.atomic():
        rows.delete(Due, stale)
    with pytest.raises(rows.TakenError), transaction.atomic():
        rows.update(Due, ("attempts",), [(7, *key) for key in stale])
    assert list(Due.objects.values_list("attempts", flat=True)) == [0] * count
    rows.update(Due, ("attempts",), [(7, *key) for key in owned], also="fence = fence + 1")
    assert set(Due.objects.values_list("attempts", "fence")) == {(7, 1)}


def test_what_is_there_already_is_refused_when_told_so() -> None:
    one = letter()
    rows.insert_all(DeadLetter, [one], on_conflict="ON CONFLICT DO NOTHING")
    with pytest.raises(rows.TakenError):
        rows.insert_all(DeadLetter, [one], on_conflict="ON CONFLICT DO NOTHING")


def test_writes_together_are_all_or_nothing() -> None:
    ((id_, fence),) = put(1)

    def write(fence: int) -> UUID:
        one = letter()
        with transaction.atomic(), rows.together():
            rows.insert_all(DeadLetter, [one])
            rows.delete(Due, [(id_, fence)])
        return one.id

    with pytest.raises(rows.TakenError):
        write(fence + 1)
    assert not DeadLetter.objects.exists()
    assert Due.objects.exists()
    assert DeadLetter.objects.filter(pk=write(fence)).exists()
    assert not Due.objects.exists()


def test_a_database_error_comes_as_the_frameworks_own() -> None:
    one = letter()
    rows.insert_all(DeadLetter, [one])
    with pytest.raises(Exception, match=r"(?i)unique") as caught, transaction.atomic(), rows.together():
        rows.insert_all(DeadLetter, [one])
    assert type(caught.value).__module__ == "django.db.utils"


def test_a_foreign_key_comes_back_as_its_targets_type() -> None:
    event = Event(type="x", profile="healthcare", aggregate_type="x", aggregate_id=new_id(), occurred_at=NOW)
    event.correlation_id = event.id
    rows.insert_all(Event, [event])
    (found,) = rows.fetch(Event, [event.id])
    assert (found.aggregate_id, found.payload) == (event.aggregate_id, {})


def test_whoever_counts_statements_sees_them() -> None:
    with CaptureQueriesContext(connection) as seen:
        due.put("x", new_id(), NOW)
    assert sum("INSERT INTO aro_due" in query["sql"] for query in seen.captured_queries) == 1
