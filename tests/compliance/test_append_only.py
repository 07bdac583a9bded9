from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from aro.ids import new_id
from compliance import append_only, events
from compliance.audit import chain
from compliance.models import AuditHead, AuditLog, Event
from tests.plugins import delete_all_rows

CHANGES: dict[str, Callable[[], object]] = {
    "an update of an event": lambda: Event.objects.update(actor_id="somebody else"),
    "a delete of an event": lambda: Event.objects.all()._raw_delete("default"),
    "an update of an audit entry": lambda: AuditLog.objects.update(action="nothing"),
    "a delete of an audit entry": lambda: AuditLog.objects.all()._raw_delete("default"),
    "a delete of the audit head": lambda: AuditHead.objects.all()._raw_delete("default"),
}


def some_proof() -> None:
    events.record(type="appointment.created", aggregate_type="appointment", aggregate_id=new_id())
    chain.write(action="appointment.cancel", actor="admin", resource_type="appointment")


def run_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_database_refuses(change: Callable[[], object]) -> None:
    some_proof()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()
    assert (Event.objects.count(), AuditLog.objects.count(), AuditHead.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("table", list(append_only.GUARDED))
def test_postgresql_refuses_to_truncate(table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE; its DELETE is refused")
    some_proof()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run_sql(f"TRUNCATE {table} CASCADE")


@pytest.mark.django_db
def test_sqlite_refuses_to_replace_a_row() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's own")
    some_proof()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run_sql("REPLACE INTO compliance_auditlog SELECT * FROM compliance_auditlog")


@pytest.mark.django_db
def test_retention_may_delete_within_suspended_and_nothing_may_after_it() -> None:
    some_proof()
    with append_only.suspended():
        Event.objects.all()._raw_delete("default")
    assert not Event.objects.exists()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditLog.objects.update(action="nothing")


@pytest.mark.django_db(transaction=True)
def test_the_guard_is_back_after_an_error_within_suspended() -> None:
    some_proof()
    with pytest.raises(RuntimeError), append_only.suspended():
        raise RuntimeError
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(actor_id="somebody else")


@pytest.mark.django_db
def test_the_triggers_can_be_taken_away_and_put_back_by_the_migration() -> None:
    some_proof()
    append_only.remove(connection)
    Event.objects.update(actor_id="corrected")
    append_only.install(connection)
    append_only.install(connection)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(actor_id="somebody else")


@pytest.mark.django_db(transaction=True)
def test_a_test_leaves_no_proof_and_the_next_ones_is_guarded_as_before() -> None:
    some_proof()
    delete_all_rows()
    assert not Event.objects.exists()
    assert not AuditLog.objects.exists()
    some_proof()
    with pytest.raises(DatabaseError, match="append-only"):
        CHANGES["a delete of an event"]()
