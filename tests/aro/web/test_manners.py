"""Bad manners: who sends slowly, reads slowly, or comes in crowds stops nobody else."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any

import psutil
import pytest

from aro.web import server
from aro.web.connection import Connection
from aro.web.limits import Limits
from tests.aro.web.conftest import SHORT, Running, echo, everything, served, until

ONE_BYTE_OF_A_BODY = b"POST /slow HTTP/1.1\r\nHost: here\r\nContent-Length: 400\r\n\r\n{"
HALF_A_HEAD = b"POST /slow HTTP/1.1\r\nHost: he"
NOTHING = b""


def is_closed(line: socket.socket) -> bool:
    line.settimeout(20)
    with suppress(ConnectionResetError):
        everything(line)
    return True


def is_waiting(line: socket.socket) -> bool:
    """Nothing has been said on it, nor was it closed."""
    line.setblocking(False)
    try:
        line.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    return False


@pytest.mark.parametrize("sent", [ONE_BYTE_OF_A_BODY, HALF_A_HEAD, NOTHING])
def test_five_hundred_slow_senders_stop_nobody_and_are_ended(sent: bytes) -> None:
    process, limits = psutil.Process(), replace(SHORT, head_seconds=4.0, body_seconds=4.0)
    with served(echo, limits) as running, ExitStack() as held:
        before = process.memory_info().rss
        lines = [held.enter_context(running.connect()) for _ in range(500)]
        for line in lines:
            line.sendall(sent)
        assert running.get("/health").startswith(b"HTTP/1.1 200")
        assert running.get("/hello").startswith(b"HTTP/1.1 200")
        assert is_waiting(lines[0]), "the others had to wait for the end of the slow ones"
        assert process.memory_info().rss - before < 50 * 1024 * 1024
        assert all(is_closed(line) for line in lines)


@pytest.mark.parametrize(
    "first", [b"POST /slow HTTP/1.1\r\nHost: here\r\nContent-Length: 400\r\n\r\n", b"GET /slow HTTP/1.1\r\nX: "]
)
def test_a_byte_now_and_then_extends_nothing(first: bytes) -> None:
    """The deadline is for the whole, so that dripping costs the same as falling silent."""
    with served(echo) as running, running.connect() as line:
        began, said = time.monotonic(), b""
        line.sendall(first)
        line.settimeout(0.1)
        with suppress(OSError):
            while time.monotonic() - began < 6:
                line.sendall(b"a")
                with suppress(TimeoutError):
                    said += line.recv(1000)
        assert said.startswith(b"HTTP/1.1 408")
        assert 0.8 < time.monotonic() - began < 6


def test_a_large_body_on_a_slow_line_has_the_time_it_needs() -> None:
    limits = replace(SHORT, bytes_a_second=5_000)
    with served(echo, limits) as running, running.connect() as line:
        line.sendall(b"POST /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 60000\r\n\r\n")
        for _ in range(15):
            line.sendall(b"x" * 4000)
            time.sleep(0.12)
        assert everything(line).startswith(b"HTTP/1.1 200")


def test_bodies_share_one_room_and_small_ones_always_find_a_place() -> None:
    limits = replace(SHORT, large_bodies_bytes=300_000, body_seconds=5.0)
    large = b"POST /x HTTP/1.1\r\nHost: here\r\nContent-Length: 200001\r\n\r\n" + b"x" * 200_000
    small = b"POST /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 9000\r\n\r\n" + b"x" * 9000
    with served(echo, limits) as running:
        with running.connect() as holding:
            holding.sendall(large)
            until(lambda: running.server._held >= 200_000 - limits.small_body_bytes)
            assert running.ask(large).startswith(b"HTTP/1.1 503")
            assert running.ask(small).startswith(b"HTTP/1.1 200")
        until(lambda: not running.server._held)
        with running.connect() as after:  # what a lost connection held is free again
            after.sendall(large + b"x")
            assert after.recv(15) == b"HTTP/1.1 200 OK"


def test_when_there_are_too_many_connections_the_one_that_keeps_us_waiting_longest_goes() -> None:
    limits = replace(SHORT, connections=20, head_seconds=30.0)
    with served(echo, limits) as running, ExitStack() as held:
        lines = [held.enter_context(running.connect()) for _ in range(20)]
        time.sleep(0.2)
        assert all(running.get().startswith(b"HTTP/1.1 200") for _ in range(5))
        assert is_closed(lines[0])


def big(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"x" * 20_000_000]


def test_who_does_not_take_the_answer_is_ended_and_costs_no_thread() -> None:
    with served(big, replace(SHORT, bytes_a_second=1_000_000)) as running, ExitStack() as held:
        lines = [held.enter_context(running.connect()) for _ in range(6)]
        for line in lines:
            line.sendall(b"GET /big HTTP/1.1\r\nHost: here\r\n\r\n")
        time.sleep(0.5)
        assert len(running.get("/big")) > 20_000_000
        until(lambda: not [c for c in running.server._connections if c.is_busy])


def test_idle_connections_are_kept_for_a_while_and_then_closed(running: Running) -> None:
    with running.connect() as line:
        began = time.monotonic()
        line.sendall(b"GET /x HTTP/1.1\r\nHost: here\r\n\r\n")
        assert line.recv(15) == b"HTTP/1.1 200 OK"
        assert is_closed(line)
        assert time.monotonic() - began > 1.2


def test_the_shipped_limits_outlast_proxies_and_beat_the_providers() -> None:
    shipped = Limits()
    assert shipped.idle_seconds > 60
    assert shipped.head_seconds <= 10
    assert shipped.body_seconds + shipped.body_bytes / shipped.bytes_a_second < 40
    each = shipped.head_bytes + shipped.small_body_bytes + shipped.piece_bytes
    assert shipped.connections * each < 128 * 1024 * 1024


def test_whoever_hangs_up_at_the_last_moment_leaves_no_traceback() -> None:
    class Gone:
        def can_write_eof(self) -> bool:
            return True

        def is_closing(self) -> bool:
            return False

        def write_eof(self) -> None:
            raise OSError(107, "Transport endpoint is not connected")

    connection = Connection.__new__(Connection)
    connection.transport = Gone()  # type: ignore[assignment]
    connection._leave()
    assert connection._deaf


def test_who_has_hung_up_before_our_good_bye_is_no_error_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    for error in (OSError(errno.ENOTCONN, "gone"), BrokenPipeError(errno.EPIPE, "gone")):
        server._said_unless_hung_up(loop, {"message": "Exception in callback None()", "exception": error})
    assert caplog.records == []
    server._said_unless_hung_up(loop, {"message": "Exception in callback", "exception": ValueError()})
    assert len(caplog.records) == 1
    loop.close()
