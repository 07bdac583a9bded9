"""Brings the database to where serving can begin: `python -m aro.ops.bootstrap`.

Every step looks first and does only what is missing, so that an interrupted first start is simply continued.
A process of its own, so that the supervisor stays small. Prints progress; ends with 1 and one plain line on failure.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from aro import errors, paths
from aro.console import PlainError, complain, say
from aro.ops import key_proofs, os_errors, settings_module
from aro.ops.files import write_private
from aro.ops.stores import other_database
from aro.secrets import NotPreparedError, SecretError
from aro.stores import full_disk, read_only
from aro.web import client

ADMIN = "admin"
# Any number, as long as it is always the same one.
_PREPARING = 4_170_119


def main() -> int:
    """Exit status 0 when the database is ready."""
    try:
        _run()
    except (PlainError, ImproperlyConfigured, CommandError, SecretError) as error:
        complain(str(error))
        return 1
    except DatabaseError as error:
        complain(database_advice(error))
        return 1
    except OSError as error:
        complain(os_errors.advice(error))
        return 1
    return 0


def _run() -> None:
    settings_module.choose()
    if paths.chosen_database_url() == paths.embedded_database_url():
        _create_embedded_database()
    django.setup()
    client.networks(settings.TRUSTED_PROXIES)  # else every request would fail on it
    with _alone():
        _refuse_foreign()
        other_database.look(empty=_is_empty())
        migrate()
        key_proofs.ensure()
        if settings.ARO_MODE == "sandbox":
            seed_demo()
        create_admin()


def _refuse_foreign() -> None:
    """A host whose keys are not the database's changes nothing there, no migration either."""
    with suppress(NotPreparedError):
        key_proofs.compare()


def _is_empty() -> bool:
    """Whether nothing was ever made in this database."""
    return not connection.introspection.table_names()


@contextmanager
def _alone() -> Iterator[None]:
    """Hosts that start at once on one PostgreSQL prepare it one after the other; an SQLite file has one host only."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.wrap_database_errors:
        waiting = psycopg.connect(**connection.get_connection_params())
    with waiting:
        waiting.execute("SELECT pg_advisory_lock(%s)", [_PREPARING])
        yield


def _create_embedded_database() -> None:
    with psycopg.connect(f"postgresql://aro@/postgres?host={paths.socket_directory()}", autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = 'aro'").fetchone():
            server.execute("CREATE DATABASE aro")


def migrate() -> None:
    """Applies what is not yet applied. Raises `PlainError` when the database is newer than this program."""
    executor = MigrationExecutor(connection)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
    ours = {config.label for config in apps.get_app_configs()}
    newer = sorted(f"{app}.{name}" for app, name in unknown if app in ours)
    if newer and not executor.loader.replacements:
        raise PlainError(
            f"The database was made by a newer ARO (it has {newer[0]}). "
            "Install that version again, or restore a backup of this one."
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)


def seed_demo() -> None:
    """A clinic to play with, when there is no business at all. Whole or not at all."""
    if "demo" not in get_commands():
        return
    answer = io.StringIO()
    with transaction.atomic():
        call_command("demo", "--json", stdout=answer)
    if json.loads(answer.getvalue())["created"]:
        say("A demo clinic is set up.")


def create_admin() -> None:
    """The first login. Its password waits in `keys/first_login` until it has been shown once."""
    waiting = paths.home() / "keys" / "first_login"
    users = get_user_model().objects
    if users.exists() and not waiting.is_file():
        return
    password = secrets.token_urlsafe(12)
    write_private(waiting, json.dumps({"user": ADMIN, "password": password}))
    set_password(password)


def set_password(password: str) -> None:
    """Makes the user `admin`, or gives it `password` and its rights back."""
    user, _ = get_user_model().objects.get_or_create(username=ADMIN)
    user.is_staff = user.is_superuser = user.is_active = True
    user.set_password(password)
    user.save()


def database_advice(error: DatabaseError) -> str:
    """One plain line with the way out for a database that cannot be used."""
    file = paths.sqlite_file(paths.database_url())
    if errors.is_locked(error):
        return _locked(file)
    if full_disk.is_full(error) or full_disk.has_no_room():
        return (
            f"The disk of {paths.home()} is full. Make room on it and try again; ARO itself goes on as soon as it can."
        )
    if read_only.is_told_by(error) or _may_not_be_written(file):
        return _read_only(file)
    if file and not Path(file).exists() and not paths.remembered():
        return (
            f"No ARO has ever been started in {paths.home()}. Set ARO_HOME to the data directory of the one you mean "
            "(`make run` keeps its own in ./.aro), or start one: aro up."
        )
    if file:
        return (
            f"The database {file} cannot be used ({_first_line(error)}). Check the disk, or restore your last backup."
        )
    if paths.database_url() == paths.embedded_database_url():
        return f"The embedded PostgreSQL of {paths.home()} is not running ({_first_line(error)}). Start ARO: aro up"
    return (
        f"{other_database.place(paths.database_url())} cannot be used ({_first_line(error)}). Check that it is running "
        "and that DATABASE_URL is right; unset DATABASE_URL to use SQLite."
    )


def _may_not_be_written(file: Path | None) -> bool:
    """SQLite cannot even open some files that may only be read, and does not say why."""
    return file is not None and file.is_file() and not os.access(file, os.W_OK)


def _read_only(file: Path | None) -> str:
    if file:
        return (
            f"The database {file} can be read but not written, so nothing was changed. Check its owner and mode, and "
            "that its disk is not mounted read-only; ARO then goes on by itself."
        )
    embedded = paths.database_url() == paths.embedded_database_url()
    which = f"The embedded PostgreSQL of {paths.home()}" if embedded else other_database.place(paths.database_url())
    return (
        f"{which} can be read but not written, so nothing was changed: it is a standby (after a failover), or was made "
        "read-only (full, frozen, maintenance). Point DATABASE_URL at the one that can be written, or make this one "
        "writable (`SHOW default_transaction_read_only`); ARO then goes on by itself."
    )


def _locked(file: Path | None) -> str:
    look = (
        f"`fuser {file}` shows which (a backup, a copy, a database browser)"
        if file
        else ("`SELECT pid, query FROM pg_stat_activity WHERE state <> 'idle'` shows which")
    )
    return (
        "Another program holds the database and has not let go of it. Nothing is broken, and nothing was changed. "
        f"{look}; end it or wait for it, then try again."
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


if __name__ == "__main__":
    sys.exit(main())
