from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from aro import cli
from aro.ops import commands, os_errors
from aro.project import ROOT
from aro.version import VERSION
from config import env


def aro(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    "spelling",
    [["audit:verify"], ["audit", "verify"], ["audit_verify"]],
)
def test_family_and_verb_may_be_joined_or_not(spelling: list[str]) -> None:
    assert commands.find([*spelling, "--json"]) == ("audit_verify", ["--json"])


def test_what_follows_a_command_is_its_own() -> None:
    assert commands.find(["audit:verify", "verify", "again"]) == ("audit_verify", ["verify", "again"])


def test_an_unknown_command_is_nobodys() -> None:
    assert commands.find(["audits:verify"]) == ("", ["audits:verify"])


def test_every_command_of_ours_has_a_line_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help"]) == 0
    shown = capsys.readouterr().out
    for name in commands.ours():
        assert f"aro {commands.spelling(name)} " in shown
        assert len(commands.summary(name)) > 10, f"{name} needs a module docstring"


def test_the_version_needs_no_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"aro {VERSION}\n"


def test_a_misspelt_command_gets_the_nearest_ones_and_status_2() -> None:
    result = aro("audit:verfy")
    assert result.returncode == 2
    assert result.stderr == "There is no command 'audit:verfy'. Did you mean audit:verify?\n"


def test_a_wrong_option_is_status_2() -> None:
    assert aro("risk:score", "--no-such-option").returncode == 2


def test_a_misspelt_setting_is_one_plain_line() -> None:
    environment = {**os.environ, "ARO_HOEM": "/tmp/x"}
    command = [sys.executable, str(ROOT / "manage.py"), "audit:verify"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("Unknown setting ARO_HOEM.")
    assert len(result.stderr.splitlines()) == 1


def test_a_log_level_that_is_none_is_one_plain_line() -> None:
    environment = {**os.environ, "ARO_LOG_LEVEL": "LOUD"}
    command = [sys.executable, str(ROOT / "manage.py"), "audit:verify"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode in (1, 2)
    assert result.stderr.startswith("ARO_LOG_LEVEL must be one of DEBUG, INFO,")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "command", ["appointments_list", "dlq_list", "webhooks_list", "dlq_replay", "webhooks_replay", "payments_sync"]
)
@pytest.mark.parametrize("limit", ["-5", "0", "x", "9" * 5000])
def test_a_limit_that_is_none_is_status_2_and_no_traceback(
    command: str, limit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded = load_command_class(get_commands()[command], command)
    loaded._called_from_command_line = True  # type: ignore[attr-defined]
    parser = loaded.create_parser("aro", command)
    with pytest.raises(SystemExit) as left:
        parser.parse_args(["--limit", limit])
    assert left.value.code == 2
    assert "argument --limit: give a whole number from 1 to" in capsys.readouterr().err


def test_a_database_that_is_away_is_one_plain_line(tmp_path: Path) -> None:
    url = "postgresql://aro:hidden@127.0.0.1:9/aro"
    environment = {**os.environ, "ARO_HOME": str(tmp_path), "DATABASE_URL": url}
    command = [sys.executable, str(ROOT / "manage.py"), "audit:verify"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("PostgreSQL at 127.0.0.1:9/aro cannot be used (")
    assert len(result.stderr.splitlines()) == 1
    assert "hidden" not in result.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://aro:hidden@127.0.0.1:9,127.0.0.1:10/aro", "PostgreSQL at 127.0.0.1:9,127.0.0.1:10/aro cannot be"),
        ("'postgresql://aro:hidden@127.0.0.1:9/aro' ", "PostgreSQL at 127.0.0.1:9/aro cannot be used ("),
        ("postgres://aro:hidden@127.0.0.1:9", "DATABASE_URL names no database. Write its name behind the host"),
        ("postgresql://aro:hidden@127.0.0.1:9/", "DATABASE_URL names no database. Write its name behind the host"),
        ("host=127.0.0.1 password=hidden", "DATABASE_URL cannot be read. Write it like postgresql://"),
    ],
)
def test_so_is_an_address_with_two_hosts_without_a_name_or_in_quotes(tmp_path: Path, url: str, said: str) -> None:
    environment = {**os.environ, "ARO_HOME": str(tmp_path), "DATABASE_URL": url}
    command = [sys.executable, str(ROOT / "manage.py"), "audit:verify"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1), result.stderr
    assert result.stderr.startswith(said)
    assert "hidden" not in result.stderr


def test_the_name_of_a_database_may_stand_behind_a_question_mark() -> None:
    assert env.database("postgresql://aro@db.example/?dbname=clinic")["NAME"] == "clinic"
    assert env.database("postgresql://aro@a:1,b:2/clinic")["HOST"] == "a,b"


def test_a_directory_where_nothing_was_ever_started_is_named_with_the_way_out(tmp_path: Path) -> None:
    without = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, str(ROOT / "manage.py"), "appointments:list"]
    environment = {**without, "ARO_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings.sandbox"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert result.stderr.startswith(f"No ARO has ever been started in {tmp_path}. Set ARO_HOME")


def test_a_reader_that_has_seen_enough_causes_no_complaint() -> None:
    command = f"{sys.executable} manage.py help | head -1"
    result = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert result.stderr == ""


def test_stop_and_status_without_an_installation_say_how_to_start(tmp_path: Path) -> None:
    environment = {**os.environ, "ARO_HOME": str(tmp_path)}
    for word in ("stop", "status"):
        command = [sys.executable, str(ROOT / "manage.py"), word]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert result.returncode == 1
        assert "Start it with `aro up`." in result.stdout + result.stderr


@pytest.mark.parametrize("word", ["up", "stop", "status", "version", "help"])
@pytest.mark.parametrize("wish", ["--help", "-h"])
def test_who_asks_what_a_command_does_only_reads_it(
    word: str, wish: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("up", "supervised"):
        monkeypatch.setattr(cli, name, None)  # whatever it did would fail
    with contextlib.suppress(SystemExit):
        assert cli.main([word, wish]) == 0
    assert "aro" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["stop", "now"], ["stop", "--force"], ["up", "web"], ["status", "--jsn"]])
def test_what_they_do_not_know_is_status_2_and_nothing_happens(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("up", "supervised"):
        monkeypatch.setattr(cli, name, None)
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert arguments[1] in capsys.readouterr().err


def test_help_explains_the_command_that_is_named() -> None:
    assert aro("help", "why").stdout == aro("why", "--help").stdout
    assert aro("help", "appointments", "list").stdout.startswith("usage: aro appointments:list")
    assert aro("help", "wy").returncode == 2


@pytest.mark.parametrize("command", [["status"], ["help"], ["appointments:list"]])
def test_output_that_finds_no_room_is_one_plain_line_and_status_1(tmp_path: Path, command: list[str]) -> None:
    environment = {**os.environ, "ARO_HOME": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/aro.db"}
    arguments = [sys.executable, str(ROOT / "manage.py")]
    if command == ["appointments:list"]:
        subprocess.run([*arguments, "migrate"], env=environment, capture_output=True, timeout=120, check=True)
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [*arguments, *command],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    said = "What this command writes, or where its output goes, cannot be used (No space left on device)."
    assert result.stderr.startswith(said)
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)


def test_a_file_that_the_system_refuses_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "run" / "aro.lock").parent.mkdir()
    (tmp_path / "run" / "aro.lock").write_text("")
    (tmp_path / "run" / "environment.json").symlink_to("/proc/self/mem")  # is there, and cannot be read
    environment = {**os.environ, "ARO_HOME": str(tmp_path)}
    command = [sys.executable, str(ROOT / "manage.py"), "appointments:list"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert "cannot be used (Input/output error)" in result.stderr


def test_the_way_on_hangs_on_what_the_system_says() -> None:
    read_only = OSError(errno.EROFS, "Read-only file system", "/srv/aro/data/aro.db.turn")
    assert os_errors.advice(read_only).startswith("/srv/aro/data/aro.db.turn cannot be used (Read-only file system).")
    assert "not mounted read-only" in os_errors.advice(read_only)
    assert "Make room" in os_errors.advice(OSError(errno.ENOSPC, "No space left on device"))
    assert os_errors.advice(ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")).startswith("A file or an")
