"""A web server of its own for a test: a thread, a port, short deadlines and an application that does as it is told."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from aro.ops.supervise import listening
from aro.web.answer import Answer
from aro.web.limits import Limits, Treatment
from aro.web.request import Request
from aro.web.server import Server

SHORT = Limits(
    head_seconds=1.0, body_seconds=1.0, answer_seconds=1.0, idle_seconds=1.5, farewell_seconds=0.5, look_seconds=0.05
)
LANE_OF = {"slow": "deliveries", "reply": "replies", "write": "writes"}


class Running:
    """A server that runs, and a way to talk to it byte by byte."""

    def __init__(self, server: Server, port: int) -> None:
        self.server, self.port = server, port

    def connect(self) -> socket.socket:
        # As patient as Twilio, the most patient sender.
        return socket.create_connection(("127.0.0.1", self.port), timeout=15)

    def ask(self, raw: bytes) -> bytes:
        """Sends `raw` and returns all that comes until the other side closes."""
        with self.connect() as line:
            line.sendall(raw)
            return everything(line)

    def get(self, path: str = "/hello", extra: str = "") -> bytes:
        return self.ask(f"GET {path} HTTP/1.1\r\nHost: here\r\n{extra}Connection: close\r\n\r\n".encode())


def everything(line: socket.socket) -> bytes:
    found = bytearray()
    while piece := line.recv(65536):
        found += piece
    return bytes(found)


def until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    """Waits until it holds: how long that takes depends on what else this machine does."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def treat(method: str, path: str) -> Treatment:
    """Short where a test waits for the end of it, long where nobody should have to come again."""
    lane = LANE_OF.get(path.strip("/").split("/")[0], "reads")
    return Treatment(lane=lane, seconds=0.6 if lane == "deliveries" else 10.0, at_most=30.0)


def polite(request: Request | None, answer: Answer) -> Answer:
    return answer


@contextmanager
def served(application: Any, limits: Limits = SHORT) -> Iterator[Running]:
    listener = listening.listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = Server(
        application,
        treat=lambda method, path: treat(method, path),
        polite=polite,
        count=lambda reason: None,
        limits=limits,
    )
    ready: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def main() -> None:
        stop = asyncio.Event()
        ready.append((asyncio.get_running_loop(), stop))
        await server.serve(listener, stop=stop)

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    while not ready:
        time.sleep(0.01)
    running = Running(server, port)
    try:
        yield running
    finally:
        ready[0][0].call_soon_threadsafe(ready[0][1].set)
        thread.join(10)
        assert not thread.is_alive()


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Says what it was asked."""
    body = environ["wsgi.input"].read()
    lines = [
        f"{name}={environ[name]}" for name in sorted(environ) if name.startswith(("HTTP_", "CONTENT", "REQ", "PATH"))
    ]
    said = "\n".join([*lines, f"QUERY={environ['QUERY_STRING']}", "BODY="]).encode() + body
    start("200 OK", [("Content-Type", "text/plain")])
    return [said]


@pytest.fixture
def running() -> Iterator[Running]:
    with served(echo) as server:
        yield server
