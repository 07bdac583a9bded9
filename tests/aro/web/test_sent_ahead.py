"""Requests sent before earlier answers were taken: answered in order, within bounds, and nobody is stuck for them."""

from __future__ import annotations

import gc
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any

import pytest

from aro.web.connection import Connection
from aro.web.limits import Limits
from aro.web.request import Request
from aro.web.server import Server
from tests.aro.web.conftest import SHORT, Running, echo, everything, polite, served, treat, until

PROBE = b"GET /health HTTP/1.1\r\nHost: here\r\n\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"


def greedy(running: Running) -> socket.socket:
    """A sender with little room for answers, so that they soon wait for it."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(15)
    line.connect(("127.0.0.1", running.port))
    return line


def send_much(line: socket.socket, what: bytes) -> int:
    """As much as is taken without an answer being read."""
    line.settimeout(0.5)
    sent = 0
    with suppress(TimeoutError):
        while sent < len(what):
            sent += line.send(what[sent : sent + 65536])
    line.settimeout(15)
    return sent


def test_thousands_sent_ahead_are_all_answered_and_leave_no_connection_behind() -> None:
    with served(echo, replace(SHORT, answer_seconds=10.0)) as running, ExitStack() as held:
        lines = [held.enter_context(greedy(running)) for _ in range(6)]
        whole = [send_much(line, PROBE * 3000) // len(PROBE) for line in lines]
        for line, asked in zip(lines, whole, strict=True):
            said = b""
            while said.count(b'{"status": "ok"}') < asked:
                piece = line.recv(65536)
                assert piece, "ended before all was answered"
                said += piece
        until(lambda: not [c for c in running.server._connections if c.is_busy])
        assert all(everything(line) == b"" for line in lines), "an idle connection is closed in time"


def hold(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    time.sleep(0.5)
    return echo(environ, start)


def test_what_is_sent_ahead_is_not_read_ahead() -> None:
    """It stays in the sender's own room and the network's; of ours it takes one piece."""
    request = b"GET /x HTTP/1.1\r\nHost: here\r\n\r\n"
    with served(hold) as running, running.connect() as line:
        send_much(line, request * 200_000)
        (connection,) = running.server._connections
        until(lambda: connection.is_busy)
        assert len(connection._incoming) <= running.server.limits.piece_bytes
        gc.collect()
        assert len([one for one in gc.get_objects() if isinstance(one, Request)]) <= 2


def test_good_requests_in_one_piece_with_the_beginning_of_the_next_are_no_large_head(running: Running) -> None:
    """What counts as a head is that one head, wherever the pieces of the network end."""
    post = b"POST /x HTTP/1.1\r\nHost: here\r\nContent-Length: 12000\r\n\r\n" + b"x" * 12_000
    chunked = b"POST /x HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked += b"2EE0\r\n" + b"\r\n" * 6000 + b"\r\n0\r\n\r\n"
    said = running.ask((PROBE * 1500 + post * 4 + chunked * 4) * 2 + LAST)
    assert said.count(b"HTTP/1.1 200 OK") == (1500 + 4 + 4) * 2 + 1
    assert said.count(b"\nCONTENT_LENGTH=12000") == 16


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7, 64])
def test_it_does_not_matter_where_the_pieces_of_the_network_end(step: int) -> None:
    chunked = b"POST /c HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n0\r\nA: b\r\n\r\n"
    post = b"\r\nPOST /p HTTP/1.1\r\nHost: here\r\nContent-Length: 8\r\n\r\n\r\n\r\n\r\n\r\n"
    with served(echo, replace(SHORT, piece_bytes=step, head_seconds=10.0)) as running:
        said = running.ask(PROBE + chunked + post + PROBE + post + chunked + LAST)
    assert said.count(b"HTTP/1.1 200 OK") == 7
    assert said.count(b"\nCONTENT_LENGTH=4") == 2
    assert said.count(b"\nCONTENT_LENGTH=8") == 2


def test_empty_lines_without_a_request_do_not_go_on_for_ever(running: Running) -> None:
    assert running.ask(b"\r\n" * 40_000).startswith(b"HTTP/1.1 431")


def test_no_connection_outstays_its_request_whatever_became_of_it() -> None:
    house = Server(echo, treat=treat, polite=polite, count=lambda reason: None)
    connection = Connection(house)
    connection._answering = Request()
    assert connection.overdue(time.monotonic() + 30) == ""
    assert connection.overdue(time.monotonic() + Limits().unanswered_seconds + 1) == "unanswered"
