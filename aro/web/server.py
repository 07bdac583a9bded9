"""Listens, knows all connections, looks after their deadlines, and stops without breaking what is under way."""

from __future__ import annotations

import asyncio
import errno
import resource
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from aro.web import answer as answers
from aro.web.answer import Answer
from aro.web.connection import Connection
from aro.web.limits import LIMITS, Limits, Treatment
from aro.web.request import Request
from aro.web.work import Application, Job, Work

ALIVE = "/health"
WANTED_FILES = 8192
# Files that are no connections: databases, logs, the broker, libraries.
_OTHER_FILES = 256
_HUNG_UP = (errno.ENOTCONN, errno.EPIPE, errno.ECONNRESET)


class Server:
    """`treat` says how a method and path are treated; `polite` turns a refusal into a page where people ask;
    `count` is told why a connection was ended, or a request answered in the application's place."""

    def __init__(
        self,
        application: Application,
        *,
        treat: Callable[[str, str], Treatment],
        polite: Callable[[Request | None, Answer], Answer],
        count: Callable[[str], None],
        limits: Limits = LIMITS,
    ) -> None:
        self.limits, self.stopping = limits, False
        self._application, self._treat, self._polite = application, treat, polite
        self.count = count
        self._connections: set[Connection] = set()
        self._jobs: dict[Connection, Job] = {}
        self._held = 0

    async def serve(self, listener: socket.socket, *, stop: asyncio.Event) -> None:
        """Until `stop` is set and what was under way has been answered."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_said_unless_hung_up)
        self._work = Work(self._application, partial(_tell, loop))
        server = await loop.create_server(lambda: Connection(self), sock=listener, backlog=1024)
        looking = loop.create_task(self._look_for_ever())
        await stop.wait()
        self.stopping = True
        server.close()
        await self._finish()
        looking.cancel()

    async def _look_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self.limits.look_seconds)
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Ends what is overdue, and tells who waits too long for the database to come again."""
        for connection in list(self._connections):
            job = self._jobs.get(connection)
            if job is not None and self._work.expired(job, now):
                self._jobs.pop(connection)
                self.count("database stalled")
                connection.answered(self._work.give_up(job))
            elif reason := connection.overdue(now):
                connection.end(reason)

    async def _finish(self) -> None:
        """Answers what was asked. A connection that has had no answer yet may still be sending its first request."""
        until = time.monotonic() + self.limits.stop_seconds
        for connection in [c for c in self._connections if c.served and not c.is_busy]:
            connection.transport.close()
        while self._connections and time.monotonic() < until:
            await asyncio.sleep(0.02)
        for connection in list(self._connections):
            connection.transport.abort()

    # -- what connections ask

    def opened(self, connection: Connection) -> None:
        self._connections.add(connection)
        if len(self._connections) > self.limits.connections:
            waiting = [c for c in self._connections if not c.is_busy]
            min(waiting or [connection], key=lambda c: c.since).end("too many connections")

    def closed(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self._jobs.pop(connection, None)

    def may_hold(self, more: int) -> bool:
        return self._held + more <= self.limits.large_bodies_bytes

    def holds(self, more: int) -> None:
        self._held += more

    def begin(self, request: Request, connection: Connection) -> Answer | None:
        """The answer, or None when it comes later."""
        path = request.path
        if path == ALIVE and request.method in ("GET", "HEAD"):
            return answers.alive()
        environ = request.environ(server=connection.here, client=connection.peer)
        job = Job(environ, self._treat(request.method, path), request.arrived, lambda a: self._done(connection, job, a))
        self._jobs[connection] = job
        if self._work.put(job):
            return None
        del self._jobs[connection]
        return answers.FULL

    def _done(self, connection: Connection, job: Job, answer: Answer) -> None:
        if self._jobs.get(connection) is job:
            del self._jobs[connection]
            connection.answered(answer)
        elif answer.file is not None:
            answer.file.close()

    def polite(self, request: Request | None, answer: Answer) -> Answer:
        return self._polite(request, answer) if answer.ours else answer


def _tell(loop: asyncio.AbstractEventLoop, call: Callable[..., Any], *arguments: Any) -> None:
    # Raised when the loop has ended, and with it everybody who could be told.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call, *arguments)


def fitting(limits: Limits) -> Limits:
    """No more connections than this process may have files open; it asks for more first (macOS gives 256)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # forbidden by the service manager: then fewer connections
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    most = limits.connections if soft == resource.RLIM_INFINITY else max(16, soft - _OTHER_FILES)
    return replace(limits, connections=min(limits.connections, most))


def _said_unless_hung_up(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """asyncio says good-bye once all is written; whoever has hung up by then is no fault of ours."""
    error = context.get("exception")
    if not isinstance(error, OSError) or error.errno not in _HUNG_UP:
        loop.default_exception_handler(context)


def run(server: Server, listener: socket.socket) -> None:
    """Serves until SIGTERM or SIGINT."""

    async def main() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await server.serve(listener, stop=stop)

    asyncio.run(main())
