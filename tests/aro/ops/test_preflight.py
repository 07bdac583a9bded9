"""What can be wrong before a start: each is one plain line with the way out."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from aro.console import PlainError
from aro.ops import preflight, settings_module
from aro.ops.unused_ports import unused_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT", "FLOWER_PORT"])
def test_a_port_in_use_is_named_with_the_setting_to_change(
    home: Path, monkeypatch: pytest.MonkeyPatch, taken_port: int, name: str
) -> None:
    monkeypatch.setenv("ARO_MODE", "sandbox")
    for other in ("PORT", "SANDBOX_PORT", "FLOWER_PORT"):
        monkeypatch.setenv(other, str(unused_port()))
    monkeypatch.setenv(name, str(taken_port))
    with pytest.raises(PlainError, match=f"Port {taken_port} is in use .*: {name}=") as said:
        preflight.check_ports(preflight.addresses())
    monkeypatch.setenv(name, str(said.value).rpartition("=")[2])
    preflight.check_ports(preflight.addresses())


def test_one_port_that_two_settings_name_is_told_with_both(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port, other = str(unused_port()), str(unused_port())
    monkeypatch.setenv("ARO_MODE", "sandbox")
    for name, value in (("PORT", port), ("SANDBOX_PORT", port), ("FLOWER_PORT", other)):
        monkeypatch.setenv(name, value)
    with pytest.raises(PlainError, match=f"PORT and SANDBOX_PORT both name port {port}") as said:
        preflight.check_ports(preflight.addresses())
    monkeypatch.setenv("SANDBOX_PORT", str(said.value).rpartition("=")[2])
    preflight.check_ports(preflight.addresses())


def test_live_mode_does_not_ask_for_the_sandbox_port(
    home: Path, monkeypatch: pytest.MonkeyPatch, taken_port: int
) -> None:
    monkeypatch.setenv("ARO_MODE", "live")
    monkeypatch.setenv("PORT", str(unused_port()))
    monkeypatch.setenv("FLOWER_PORT", str(unused_port()))
    monkeypatch.setenv("SANDBOX_PORT", str(taken_port))
    preflight.check_ports(preflight.addresses())


@pytest.mark.parametrize("text", ["http", "0", "70000", "-1", "3000.5", "３０００"])
def test_a_port_that_is_no_port_is_explained(home: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(PlainError, match="PORT is .*; it must be a port number such as 3000"):
        preflight.addresses()


def test_a_full_disk_is_said_before_anything_is_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(PlainError, match=r"Only \d+ MB are free .* Free some space"):
        preflight.check_machine()


def test_a_damaged_database_stops_the_start(home: Path) -> None:
    (home / "data" / "aro.db").write_bytes(b"garbage" * 1000)
    with pytest.raises(PlainError, match="is damaged"):
        preflight.check_machine()


def test_an_old_python_is_told_which_one_is_needed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "OLDEST_PYTHON", (99, 0))
    with pytest.raises(PlainError, match="ARO needs Python"):
        preflight.check_machine()


def test_a_broker_that_does_not_answer_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{unused_port()}/0")
    with pytest.raises(PlainError, match=r"No Redis or Valkey answers at 127\.0\.0\.1:.*correct REDIS_URL"):
        preflight.check_machine()


def test_what_listens_there_and_never_answers_is_no_redis(
    home: Path, monkeypatch: pytest.MonkeyPatch, taken_port: int
) -> None:
    monkeypatch.setattr(preflight, "BROKER_SECONDS", 0.3)
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{taken_port}/0")
    with pytest.raises(PlainError, match=rf"127\.0\.0\.1:{taken_port} does not answer like Redis.*Correct REDIS_URL"):
        preflight.check_broker()


def test_an_unknown_mode_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARO_MODE", "demo")
    with pytest.raises(SystemExit, match="ARO_MODE is 'demo'; use 'sandbox'"):
        settings_module.choose()
