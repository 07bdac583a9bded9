"""Connections out that end with the deadline of the call that uses them, and may serve another call soon after.

A server that sends one byte per second never triggers a read time-out, not even in its headers, so the connection is
shut down when the time is up. The system's name lookup cannot be interrupted: it runs in a thread that is left behind.

A connection whose answer came whole is kept for a moment: docs/adr/0019-a-connection-serves-the-next-call-of-a-burst.md
"""

from __future__ import annotations

import os
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

from aro import deadlines

# Half of the shortest time that a server in common use keeps an idle connection (gunicorn 2 s; Apache and Node 5 s).
IDLE_SECONDS = 1.0


class Watch:
    """Follows one call: whether its request has left, and ends its connection when the time is up."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self.handed_over = False
        self.expired = False
        self._spare: socket.socket | None = None
        self._lock = threading.Lock()
        self._deadline = deadlines.add(seconds, self.expire)

    def left(self) -> float:
        """Seconds until the time is up."""
        return max(0.0, self._ends_at - time.monotonic())

    def attach(self, connection: socket.socket) -> None:
        """Keeps a duplicate: TLS takes the original away, and a shutdown of the duplicate ends both."""
        with self._lock:
            self._drop()
            self._spare = socket.socket(fileno=os.dup(connection.fileno()))
            if self.expired:
                self._shut()

    def let_go(self) -> bool:
        """From here on the connection is not this call's; False when it was cut off before."""
        with self._lock:
            self._drop()
            return not self.expired

    def expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut()

    def close(self) -> None:
        self._deadline.cancel()
        self.let_go()

    def _drop(self) -> None:
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def _shut(self) -> None:
        if self._spare is not None:
            with suppress(OSError):  # the other side was faster
                self._spare.shutdown(socket.SHUT_RDWR)


_watch: ContextVar[Watch] = ContextVar("watch")


@contextmanager
def watching(seconds: float) -> Iterator[Watch]:
    """The call that is made within ends within `seconds`."""
    watch = Watch(seconds)
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)
        watch.close()


class _Connecting:
    """Looks a name up and connects, in a thread, because neither the lookup nor the row of addresses has a deadline."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._left_behind = False
        self._result: queue.SimpleQueue[socket.socket | Exception] = queue.SimpleQueue()

    def within(self, seconds: float) -> socket.socket | None:
        """The connection, or None when there was none in time. Raises what connecting raised."""
        threading.Thread(target=self._run, name="connect", daemon=True).start()
        try:
            result = self._result.get(timeout=seconds)
        except queue.Empty:
            self._leave()
            return None
        if isinstance(result, Exception):
            raise result
        return result

    def _leave(self) -> None:
        with self._lock:
            self._left_behind = True
            if not self._result.empty():
                self._close(self._result.get())

    def _run(self) -> None:
        result = self._attempt()
        with self._lock:
            if self._left_behind:
                self._close(result)
            else:
                self._result.put(result)

    def _attempt(self) -> socket.socket | Exception:
        try:
            return self._connect()
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            return error

    @staticmethod
    def _close(result: socket.socket | Exception) -> None:
        if isinstance(result, socket.socket):
            result.close()


class _Watched:
    """Mixed into urllib3's connections: reports the socket and the moment the first byte of a request leaves."""

    sock: socket.socket | None
    _user: Watch | None = None

    def _new_conn(self) -> socket.socket:
        watch = _watch.get()
        made = _Connecting(super()._new_conn).within(watch.left())  # type: ignore[misc]
        if made is None:
            raise ConnectTimeoutError(self, "no connection within the deadline")
        self._follow(watch, made)
        return made

    def resume(self, connection: socket.socket) -> None:
        """It is this call's now."""
        self._follow(_watch.get(), connection)

    def leave(self) -> bool:
        """Its call is over; whether another may have it. Not after a deadline, and not when it has been closed."""
        user, self._user = self._user, None
        return self.sock is not None and user is not None and user.let_go()

    @property
    def is_quiet(self) -> bool:
        """Nothing to read: not the end, and nothing that nobody asked for. TLS may hold some that it has read."""
        held = self.sock.pending() if isinstance(self.sock, ssl.SSLSocket) else 0
        return not held and bool(self.is_connected)  # type: ignore[attr-defined]

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        _watch.get().handed_over = True
        super().send(data)  # type: ignore[misc]

    def _follow(self, watch: Watch, connection: socket.socket) -> None:
        watch.attach(connection)
        self._user = watch


class _PlainConnection(_Watched, HTTPConnection):
    pass


class _TlsConnection(_Watched, HTTPSConnection):
    pass


class _Kept:
    """Connections that no call uses, each for a moment; the newest is the first to be taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: dict[Any, deadlines.Deadline] = {}

    def put(self, connection: Any) -> None:
        with self._lock:
            self._idle[connection] = deadlines.add(IDLE_SECONDS, partial(self._retire, connection))

    def take(self) -> Any | None:
        while (found := self._newest()) is not None:
            if found.is_quiet:
                found.resume(found.sock)
                return found
            found.close()
        return None

    def _newest(self) -> Any | None:
        with self._lock:
            if not self._idle:
                return None
            connection, deadline = self._idle.popitem()
        deadline.cancel()
        return connection

    def _retire(self, connection: Any) -> None:
        with self._lock:
            is_idle = self._idle.pop(connection, None) is not None
        if is_idle:
            connection.close()


class _Keeping:
    """Mixed into urllib3's pools: a connection comes back as soon as its answer has been read whole, or has failed."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._kept = _Kept()

    def _get_conn(self, timeout: float | None = None) -> Any:  # noqa: ARG002 - urllib3's signature
        return self._kept.take() or self._new_conn()  # type: ignore[attr-defined]

    def _put_conn(self, connection: Any) -> None:
        if connection is None:
            return
        if connection.leave():
            self._kept.put(connection)
        else:
            connection.close()


class _PlainPool(_Keeping, HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(_Keeping, HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


POOLS = {"http": _PlainPool, "https": _TlsPool}
