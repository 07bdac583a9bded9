"""A host whose keys are not its database's own: every process that could touch people ends at once and says why."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aro.ops import trial
from aro.project import ROOT

COPY = "Copy keys/hmac_key from the ARO_HOME of a host that already works on this database"
PYTHON = (sys.executable,)
ARO = (sys.executable, str(ROOT / "manage.py"))
CELERY = (sys.executable, "-m", "celery", "-A", "config.celery")


class Host:
    """A data directory with a prepared database, in sandbox mode; nothing runs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = {**kept, "ARO_HOME": str(home), "ARO_MODE": "sandbox", **trial.free_ports()}

    def run(self, *command: str, seconds: float = 60, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=ROOT,
            env={**self.environment, **settings},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def key(self, name: str) -> Path:
        return self.home / "keys" / name


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """Its database was made with keys of its own."""
    one = Host(tmp_path_factory.mktemp("host"))
    for name in ("data", "keys", "run"):
        (one.home / name).mkdir(mode=0o700)
    made = one.run(*PYTHON, "-c", "from aro.ops import keys; keys.ensure()")
    assert made.returncode == 0, made.stderr
    prepared = one.run(*PYTHON, "-m", "aro.ops.bootstrap", seconds=120)
    assert prepared.returncode == 0, prepared.stderr
    return one


@pytest.fixture
def foreign(host: Host) -> Iterator[Host]:
    """The same, after somebody put another HMAC key there."""
    key = host.key("hmac_key")
    kept = key.read_text()
    key.write_text("made by another first start\n")
    yield host
    key.write_text(kept)


@pytest.mark.parametrize(
    "command",
    [
        (*PYTHON, "-c", "import config.wsgi"),
        (*CELERY, "worker", "--pool", "threads"),
        (*CELERY, "beat", "--pidfile="),
        (*PYTHON, "-m", "aro.ops.bootstrap"),
        (*ARO, "appointments:list"),
        (*ARO, "webhooks:replay", "--all"),
        (*ARO, "admin:password", "--yes"),
        (*ARO, "dumpdata"),
        (*ARO, "shell", "-c", "1"),
    ],
    ids=lambda command: " ".join(command[1:])[-30:],
)
def test_whoever_could_touch_people_ends_and_says_what_to_copy(foreign: Host, command: tuple[str, ...]) -> None:
    result = foreign.run(*command)
    assert result.returncode in (1, 2), result.stdout + result.stderr
    assert COPY in result.stderr
    assert f"to {foreign.key('hmac_key')}" in result.stderr
    assert "Traceback" not in result.stderr


def test_up_ends_with_the_reason_and_leaves_nobody_behind(foreign: Host) -> None:
    """At a first start on this data directory web and sandbox load meanwhile: they go, too."""
    result = foreign.run(*ARO, "up", seconds=120)
    assert result.returncode == 1
    assert COPY in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stdout + result.stderr
    assert json.loads((foreign.home / "run" / "children.json").read_text())["children"] == {}


def test_a_database_from_before_proofs_existed_is_taken_by_its_own_keys_only(host: Host) -> None:
    """The update brings the table; the signed end of the audit log tells whose keys it was made with."""
    assert host.run(*ARO, "kill-switch:off").returncode == 0  # changes nothing, and is audited
    own = host.key("hmac_key").read_text()
    with closing(sqlite3.connect(host.home / "data" / "aro.db")) as connection, connection:
        connection.execute("DELETE FROM aro_keyproof")
    host.key("hmac_key").write_text("made by another first start\n")
    refused = host.run(*PYTHON, "-m", "aro.ops.bootstrap")
    told = host.run(*ARO, "keys:check")
    host.key("hmac_key").write_text(own)
    assert (refused.returncode, COPY in refused.stderr) == (1, True)
    assert (told.returncode, "no proofs yet" in told.stdout) == (0, True)
    assert host.run(*PYTHON, "-m", "aro.ops.bootstrap").returncode == 0
    assert "are the ones" in host.run(*ARO, "keys:check").stdout


def test_diagnosis_runs_and_says_it(foreign: Host) -> None:
    result = foreign.run(*ARO, "keys:check")
    assert (result.returncode, COPY in result.stdout) == (1, True)
    told = json.loads(foreign.run(*ARO, "keys:check", "--json").stdout)
    assert told["ok"] is False
    assert COPY in told["problem"]


def test_what_looks_after_the_database_runs_and_says_it(foreign: Host) -> None:
    result = foreign.run(*ARO, "migrate", "--check")
    assert (result.returncode, COPY in result.stderr) == (0, True)


def test_what_needs_no_database_runs(foreign: Host) -> None:
    for command in (("check",), ("appointments:list", "--help"), ("help",)):
        assert foreign.run(*ARO, *command).returncode == 0


def test_with_its_own_keys_all_is_well(host: Host) -> None:
    assert host.run(*PYTHON, "-c", "import config.wsgi").returncode == 0
    assert host.run(*ARO, "appointments:list").returncode == 0
    told = host.run(*ARO, "keys:check")
    assert (told.returncode, "are the ones the database was made with" in told.stdout) == (0, True)


def test_a_key_from_a_setting_is_named_as_one(host: Host) -> None:
    result = host.run(*ARO, "appointments:list", ARO_HMAC_KEY="another")
    assert result.returncode == 1
    assert "to the setting ARO_HMAC_KEY." in result.stderr


def test_a_lost_encryption_key_is_refused_until_it_is_forgotten(host: Host) -> None:
    first = host.key("encryption_keys").read_text().strip()
    newer = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    host.key("encryption_keys").write_text(f"{newer}\n{first}\n")
    assert host.run(*ARO, "appointments:list").returncode == 0
    host.key("encryption_keys").write_text(f"{first}\n")
    refused = host.run(*ARO, "appointments:list")
    assert refused.returncode == 1
    assert "Copy keys/encryption_keys" in refused.stderr
    (lost,) = json.loads(host.run(*ARO, "keys:check", "--json").stdout)["lacking"]
    assert host.run(*ARO, "keys:forget", "0123456789ab", "--yes").returncode == 2
    assert host.run(*ARO, "keys:forget", lost).returncode == 0
    assert host.run(*ARO, "appointments:list").returncode == 1
    assert host.run(*ARO, "keys:forget", lost, "--yes").returncode == 0
    assert host.run(*ARO, "appointments:list").returncode == 0
    assert host.run(*ARO, "audit:verify").returncode == 0
