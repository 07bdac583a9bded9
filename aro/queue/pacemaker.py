"""Keeps a worker's lanes going, whether or not anybody says "go and look": beat and the broker may be away.

One look tells for every lane when its next row is due. Then it sleeps until that moment, until somebody says that there
is something to do, or for `hints.LONGEST_SLEEP`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from django.db import connection

from aro import clock
from aro.queue import due, hints, lanes, looking, outage, work
from aro.queue.tick import PAUSE_SECONDS, Drainer
from aro.watch import health, pulse

# A worker that is asked to stop has eight seconds in all (aro/ops/supervise/programs.py).
END_SECONDS = 5.0

logger = logging.getLogger(__name__)


class Pacemaker:
    """Of a worker: looks at its lanes, and has each do what is due."""

    def __init__(self) -> None:
        self._drainers: dict[str, Drainer] = {}
        self._told = threading.Event()
        self._mark = looking.Mark()
        self._ending = False
        self._thread = threading.Thread(target=self._until_ended, name="pacemaker", daemon=True)

    def serve(self, names: Iterable[str]) -> None:
        """From now on it looks after these lanes, in threads of its own."""
        self._drainers = {name: Drainer(lanes.get(name), worked=self._worked) for name in names}
        for drainer in self._drainers.values():
            drainer.start()
        if self._drainers:
            self._thread.start()

    def end(self, seconds: float = END_SECONDS) -> bool:
        """Ends what it is at and begins nothing more; False when that took longer than `seconds`."""
        self._ending = True
        self._told.set()
        for drainer in self._drainers.values():
            drainer.end()
        deadline = time.monotonic() + seconds
        if self._thread.is_alive():
            self._thread.join(seconds)
        return all(drainer.join(max(0.0, deadline - time.monotonic())) for drainer in self._drainers.values())

    def wake(self, lane: str) -> bool:
        """Something is due in the lane; False when it is not one of ours."""
        drainer = self._drainers.get(lane)
        if drainer:
            drainer.go()
        return drainer is not None

    def look(self) -> float:
        """Has all be done that is due; returns the seconds until the next row is."""
        ready = [name for name, drainer in self._drainers.items() if drainer.is_ready()]
        moments = due.next_due(tuple(self._drainers))
        now, wait = clock.now(), hints.LONGEST_SLEEP
        for name in ready:
            at = moments[name]
            if at is not None and at <= now:
                self._go(name)
            elif at is not None:
                wait = min(wait, (at - now).total_seconds())
        return wait

    def _go(self, name: str) -> None:
        if self._drainers[name].is_ready():  # else it was woken meanwhile, and may be done with it
            self._drainers[name].go()

    def _worked(self) -> None:
        """More may follow at once: the next part of the same work, or a report from outside."""
        self._mark.wanted = True
        self._told.set()

    def _until_ended(self) -> None:
        while not self._ending:
            self._sleep(self._looked())
        connection.close()

    def _looked(self) -> float:
        """`look`, whatever happens."""
        try:
            with outage.endured(), pulse.working("look", at_most=work.HUNG_AFTER_LEASES * due.LEASE_SECONDS):
                work.tend_connection()
                often = self._mark.keep(tuple(self._drainers))
                wait = min(self.look(), looking.OFTEN_SECONDS if often else hints.LONGEST_SLEEP)
                self._beat()
                return wait
        except Exception:
            logger.exception("the lanes were not looked at")
        return PAUSE_SECONDS

    def _beat(self) -> None:
        """A worker is at work when it has looked and every lane can do what was found."""
        if all(drainer.lives() for drainer in self._drainers.values()):
            health.beat("worker")

    def _sleep(self, seconds: float) -> None:
        began = time.monotonic()
        self._told.wait(seconds)
        self._told.clear()
        time.sleep(max(0.0, min(seconds, looking.OFTEN_SECONDS) - (time.monotonic() - began)))


pacemaker = Pacemaker()
hints.wake_locally_with(pacemaker.wake)
