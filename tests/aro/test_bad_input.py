"""Bad input to every option and argument of every command: a plain line and a status, never a traceback."""

from __future__ import annotations

import argparse
import importlib
import io
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.core.management.base import BaseCommand, OutputWrapper

from aro.ops import commands, run_command

pytestmark = pytest.mark.django_db

NOBODY = str(UUID(int=0))
BAD = [
    "",
    " ",
    "-1",
    "0",
    "nan",
    "inf",
    "-inf",
    "1e300",
    "9" * 400,
    "1.5",
    "a\0b",
    "\udcff\udc80",
    "\ud800",
    "x" * 100_000,
    "%s%n{0}{{x}}",
    "\u202e\u0000é😀",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59-14:00",
    "99999d",
    "../../etc/passwd",
    "{" * 5000,
    NOBODY,
]
STREAMS = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"{",
    b"[]",
    b"null",
    b"1e999",
    b"NaN",
    b"9" * 5000,
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"id":1,"text":5}',
    b'{"id":1,"text":"\\ud800 \\u0000"}',
    b'{"id":1e999,"text":"C","visit":"x","context":5,"prompt":[1]}',
    b'{"id":1,"text":"C","prompt":"confirm","visit":{"starts_at":"x","timezone":"y"}}',
    b'{"id":1,"text":"C","visit":{"starts_at":"9999-12-31T23:59:59-14:00","timezone":"Asia/Tokyo"}}',
    b'{"id":1,"text":"C","visit":{"starts_at":"2027-01-01T10:00:00Z","timezone":"../x"}}',
    b'{"starts_at":5,"phone":5,"name":{}}',
    b'{"starts_at":"0001-01-01T00:00:00+14:00"}',
    b'{"starts_at":"9999-12-31T23:59:59Z","timezone":"Pacific/Kiritimati"}',
    b'{"starts_at":"2027-01-01T10:00:00Z","timezone":5,"customer":"x"}',
    b'{"starts_at":"2027-01-01T10:00:00Z","timezone":"a\\u0000b","phone":"\\ud800"}',
    b'{"starts_at":"2027-01-01T10:00:00Z","duration_minutes":1e300,"booked_at":"0001-01-01T00:00:00Z"}',
    b"AppointmentID,lead\nx,notanumber\n",
    b"AppointmentID,lead\nx,1e999\ny,nan\nz,-5\n",
    b"AppointmentID,lead\nx\n",
    b"AppointmentID,lead,sched\nx,1,9999-99-99\n",
    b"AppointmentID,lead\n" + b"x" * 200_000 + b",1\n",
    b'AppointmentID,lead\n"' + b"x\n" * 100_000,
]


def parser_of(name: str) -> argparse.ArgumentParser:
    command: BaseCommand = importlib.import_module(commands.module(name)).Command()
    return command.create_parser("aro", name)


def own_actions(name: str) -> list[argparse.Action]:
    djangos = {action.dest for action in BaseCommand().create_parser("aro", "x")._actions}
    return [one for one in parser_of(name)._actions if one.dest not in djangos]


def filled(name: str, but: argparse.Action) -> list[str]:
    """What else the command demands."""
    others = [one for one in own_actions(name) if one.required and one is not but and one.dest != but.dest]
    return [word for one in others for word in ([*one.option_strings[:1], NOBODY])]


def tries(name: str) -> Iterator[list[str]]:
    for action in own_actions(name):
        if action.nargs == 0:
            continue
        for bad in BAD:
            given = [f"{action.option_strings[0]}={bad}"] if action.option_strings else ["--", bad]
            yield [*filled(name, action), *given]


def played(arguments: list[str]) -> int:
    try:
        return run_command.run(arguments)
    except SystemExit as done:
        return int(done.code or 0)


@pytest.fixture(autouse=True)
def no_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, b"")
    # Nothing runs that `prove` could disturb, and it need not wait for it.
    monkeypatch.setattr("integrations.proving.sandbox.ANSWER_SECONDS", 0.05)


def give(monkeypatch: pytest.MonkeyPatch, stream: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stream), encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(commands.ours()))
def test_no_value_of_an_option_ends_a_command_with_a_traceback(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = [(words, status) for words in tries(name) if (status := played([name, *words])) not in (0, 1, 2, 3)]
    assert odd == []


@pytest.mark.parametrize("name", ["replies_classify", "risk_score", "workflows_simulate"])
def test_nothing_on_standard_input_does_either(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in STREAMS:
        give(monkeypatch, stream)
        assert played([name]) in (0, 1, 2, 3), stream[:80]


def test_values_that_mean_nothing_are_usage_errors(capsys: pytest.CaptureFixture[str]) -> None:
    for hours in ("nan", "inf", "1e300", "-1", "0", "x"):
        assert played(["circuit-breaker:history", f"--hours={hours}"]) == 2
    assert "number of hours" in capsys.readouterr().err
    assert played(["appointments:show", "x" * 100_000]) == 2


def test_it_can_fail() -> None:
    assert isinstance(OutputWrapper(io.StringIO()), io.TextIOBase)
    assert len(list(tries("circuit_breaker_history"))) == 2 * len(BAD)
