"""Answers whole requests in a few threads per lane, and takes back what a stalled database keeps waiting."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from aro.stores import patience
from aro.web.answer import BUSY, FAILED, Answer, whole
from aro.web.limits import LANES, Treatment
from aro.web.request import File

# The application's own answer, which says more, comes before the server's.
_EARLIER_SECONDS = 0.3
_LONGEST_QUEUE = 1000

logger = logging.getLogger(__name__)
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True, eq=False)
class Job:
    """A request on its way to its answer. Times are of the monotonic clock.

    `answered`: called once, in the reading thread, unless the job was given up before.
    """

    environ: dict[str, Any]
    treatment: Treatment
    arrived: float
    answered: Callable[[Answer], None]
    ends: float | None = None
    given_up: bool = False
    finished: bool = False
    connection: Any = None


@dataclass(slots=True)
class _Start:
    """WSGI's `start_response`."""

    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status, self.headers = status, headers


class Lane:
    """Threads for one kind of work, started when they are needed. `put` is called by the reading thread only."""

    def __init__(self, name: str, threads: int, perform: Callable[[Job], None]) -> None:
        self.moved_at = float("-inf")
        """When a job of this lane was last done without trouble."""
        self._name, self._most, self._perform = name, threads, perform
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads = 0

    def put(self, job: Job) -> bool:
        """False when too many wait already."""
        if self._jobs.qsize() >= _LONGEST_QUEUE:
            return False
        self._jobs.put(job)
        if not self._idle.acquire(blocking=False) and self._threads < self._most:
            self._threads += 1
            threading.Thread(target=self._run, name=f"{self._name}-{self._threads}", daemon=True).start()
        return True

    def _run(self) -> None:
        while True:
            if self._jobs.empty():
                self._idle.release()
            job = self._jobs.get()
            if not job.given_up:
                self._perform(job)

    def expires(self, job: Job) -> float:
        """When the sender is told to come again. One that waits has its time from the moment at which the lane last
        moved, because a queue that moves is load and no fault; from its start on, the moment stays."""
        if job.ends is not None:
            return job.ends
        return min(max(job.arrived, self.moved_at) + job.treatment.seconds, job.arrived + job.treatment.at_most)


class Work:
    """All lanes. `tell(function, ...)` has the reading thread call it."""

    def __init__(self, application: Application, tell: Callable[..., Any]) -> None:
        self._application, self._tell = application, tell
        self._lanes = {name: Lane(name, threads, self._perform) for name, threads in LANES.items()}
        self._stuck: SimpleQueue[Job] = SimpleQueue()
        threading.Thread(target=self._free, name="patience", daemon=True).start()

    def put(self, job: Job) -> bool:
        return self._lanes[job.treatment.lane].put(job)

    def expired(self, job: Job, now: float) -> bool:
        return now > self._lanes[job.treatment.lane].expires(job)

    def give_up(self, job: Job) -> Answer:
        """What its sender is told. The thread that has the job, if any, is freed of its wait."""
        job.given_up = True
        if job.ends is not None:
            self._stuck.put(job)
        logger.warning("a request was given up, the database did not answer", extra={"lane": job.treatment.lane})
        return BUSY

    def _perform(self, job: Job) -> None:
        job.connection = connections[DEFAULT_DB_ALIAS]
        job.ends = self._lanes[job.treatment.lane].expires(job)
        with patience.until(job.ends - _EARLIER_SECONDS):
            answer = self._answer(job)
        job.finished = True
        if not answer.status.startswith("503"):
            self._lanes[job.treatment.lane].moved_at = time.monotonic()
        self._tell(job.answered, answer)

    def _answer(self, job: Job) -> Answer:
        try:
            return ask(self._application, job.environ)
        except Exception:
            logger.exception("a request failed outside the application")
            return FAILED

    def _free(self) -> None:
        while True:
            job = self._stuck.get()
            try:
                patience.give_up(job.connection, while_=lambda job=job: not job.finished)  # type: ignore[misc]
            except Exception:
                logger.exception("a thread could not be freed")


def ask(application: Application, environ: dict[str, Any]) -> Answer:
    """The application's answer; a file is left open, for it is read while it is sent."""
    start = _Start()
    result: Any = application(environ, start)
    if isinstance(result, File):
        return Answer(start.status, start.headers, file=result)
    try:
        return Answer(start.status, start.headers, whole(result))
    finally:
        if hasattr(result, "close"):
            result.close()
