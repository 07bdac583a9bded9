"""Triggers that make proof append-only, on both databases, and the one documented way round them.

Events and audit entries can be neither changed nor deleted, and the audit chain's head cannot be deleted. A table that
a migration rebuilds on SQLite loses its triggers: such a migration has to call `install` again (the tests notice).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# Which statements are refused on which table.
GUARDED: dict[str, tuple[str, ...]] = {
    "compliance_event": ("UPDATE", "DELETE"),
    "compliance_auditlog": ("UPDATE", "DELETE"),
    "compliance_audithead": ("DELETE",),
}
# TRUNCATE fires no row trigger, so it has a trigger of its own, per statement.
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION aro_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('aro.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(database: BaseDatabaseWrapper) -> None:
    """Creates the triggers; those that exist already stay."""
    with database.cursor() as cursor:
        for statement in _creations(database.vendor):
            cursor.execute(statement)


def remove(database: BaseDatabaseWrapper) -> None:
    """Drops the triggers."""
    with database.cursor() as cursor:
        for statement in _removals(database.vendor):
            cursor.execute(statement)


@contextmanager
def suspended() -> Iterator[None]:
    """Within the block this transaction, and no other, may change and delete proof.

    For retention, erasure and emptying a test database only. The caller audits what it does with it.
    """
    with transaction.atomic():
        _suspend()
        yield
        _resume()


def _suspend() -> None:
    if connection.vendor == "postgresql":
        _set_maintenance("on")
    else:
        remove(connection)


def _resume() -> None:
    """Not in a `finally`: after an error the transaction is rolled back, and what was suspended with it."""
    if connection.vendor == "postgresql":
        _set_maintenance("off")
    else:
        install(connection)


def _set_maintenance(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('aro.maintenance', %s, true)", [value])


def _creations(vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [_POSTGRESQL_FUNCTION, *(one for table in GUARDED for one in _postgresql_triggers(table))]
    return [_sqlite_trigger(table, verb) for table, verbs in GUARDED.items() for verb in verbs]


def _postgresql_triggers(table: str) -> list[str]:
    verbs = " OR ".join(GUARDED[table])
    return [
        f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE {verbs} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION aro_refuse_change()",
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION aro_refuse_change()",
    ]


def _sqlite_trigger(table: str, verb: str) -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb} refused'); END"
    )


def _removals(vendor: str) -> list[str]:
    if vendor == "postgresql":
        triggers = [(f"{table}_{kind}", table) for table in GUARDED for kind in ("append_only", "no_truncate")]
        dropped = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in triggers]
        return [*dropped, "DROP FUNCTION IF EXISTS aro_refuse_change()"]
    return [f"DROP TRIGGER IF EXISTS {t}_no_{verb.lower()}" for t, verbs in GUARDED.items() for verb in verbs]
