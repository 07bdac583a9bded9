"""HTTP calls out that surely end, with the limit that no HTTP library has.

The deadline holds for the whole call, from the connection to the last byte: a server that sends one byte per second
never triggers a read time-out, not even in its headers, so a timer shuts the connection down. A connection is never
reused: a reused one can die between our request and its answer, and then nobody knows whether the request was served.
The system's name lookup cannot be interrupted: it runs in a thread that is left behind when the time is up.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

_CHUNK = 65_536


class Watch:
    """Follows one call: whether its request has left, and ends its connection when the time is up."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self.handed_over = False
        self.expired = False
        self._spare: socket.socket | None = None
        self._lock = threading.Lock()

    def left(self) -> float:
        """Seconds until the time is up."""
        return max(0.0, self._ends_at - time.monotonic())

    def attach(self, connection: socket.socket) -> None:
        """Keeps a duplicate: TLS takes the original away, and a shutdown of the duplicate ends both."""
        with self._lock:
            self._spare = connection.dup()
            if self.expired:
                self._shut()

    def expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut()

    def close(self) -> None:
        with self._lock:
            if self._spare is not None:
                self._spare.close()
                self._spare = None

    def _shut(self) -> None:
        if self._spare is not None:
            with suppress(OSError):  # the other side was faster
                self._spare.shutdown(socket.SHUT_RDWR)


_watch: ContextVar[Watch] = ContextVar("watch")


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

    def _new_conn(self) -> socket.socket:
        watch = _watch.get()
        made = _Connecting(super()._new_conn).within(watch.left())  # type: ignore[misc]
        if made is None:
            raise ConnectTimeoutError(self, "no connection within the deadline")
        watch.attach(made)
        return made

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        _watch.get().handed_over = True
        super().send(data)  # type: ignore[misc]


class _PlainConnection(_Watched, HTTPConnection):
    pass


class _TlsConnection(_Watched, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _PlainPool, "https": _TlsPool}


class _WatchedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


@contextmanager
def session(*, seconds: float) -> Iterator[tuple[requests.Session, Watch]]:
    """A session for one call that ends within `seconds`, and what is known of the call.

    An answer that came without a length looks complete when the deadline cut it off: ask `Watch.expired` after reading.
    """
    watch = Watch(seconds)
    timer = threading.Timer(seconds, watch.expire)
    timer.daemon = True
    token = _watch.set(watch)
    timer.start()
    try:
        with _session() as made:
            yield made, watch
    finally:
        timer.cancel()
        _watch.reset(token)
        watch.close()


def _session() -> requests.Session:
    made = requests.Session()
    made.mount("http://", _WatchedAdapter())
    made.mount("https://", _WatchedAdapter())
    made.headers["Connection"] = "close"
    # Without this a ~/.netrc entry for the host would replace our Authorization header.
    made.auth = _leave_alone
    return made


def _leave_alone(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def body(response: requests.Response, *, largest: int) -> bytes:
    """The content of a response that was asked for with `stream=True`; `ValueError` when it is over `largest` bytes."""
    read = bytearray()
    for chunk in response.iter_content(_CHUNK):
        read += chunk
        if len(read) > largest:
            raise ValueError("the answer is too large")
    return bytes(read)
