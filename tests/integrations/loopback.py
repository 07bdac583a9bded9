"""A provider's server on loopback that misbehaves as told, on raw sockets: it can do what no HTTP library would."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

Answer = Callable[[socket.socket], None]


def http(status: int, body: bytes | Any, *, headers: dict[str, str] | None = None) -> Answer:
    """An ordinary answer, and the connection's last one; anything but bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Type": "application/json", "Content-Length": str(len(content)), "Connection": "close"}
    lines |= headers or {}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return lambda connection: connection.sendall(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + content)


def hang_up(connection: socket.socket) -> None:
    """Takes the request and closes without a word."""


class Loopback:
    """Answers each connection with the next of `answers`; the last one is repeated. With `keeps`, each request."""

    def __init__(self) -> None:
        self.keeps = False
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.answers: list[Answer] = [hang_up]
        self.requests: list[bytes] = []
        self.closing = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Loopback:
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def drip(self, connection: socket.socket) -> None:
        """A header that never ends, one byte at a time: each byte comes well within any read time-out."""
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.closing.wait(0.05):
            connection.sendall(b"x")

    def drip_body(self, connection: socket.socket) -> None:
        """An answer of no told length that never ends, each byte a valid beginning of JSON."""
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
        while not self.closing.wait(0.05):
            connection.sendall(b" ")

    def hang(self, connection: socket.socket) -> None:
        """Takes the request and says nothing."""
        self.closing.wait(20)

    def form(self, number: int = -1) -> bytes:
        """The body of a request that came."""
        return self.requests[number].partition(b"\r\n\r\n")[2]

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self.closing.is_set():
                connection, _ = self._listener.accept()
                self.connections += 1
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self._answer(connection)
            while self.keeps:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        self.requests.append(_read(connection))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        answer(connection)


def _read(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    found = connection.recv(65_536)
    if not found:
        raise ConnectionResetError("the caller is gone")
    return found
