"""What a fault has at hand: the sandbox, the installation's address, chance, and who must have heard what."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import requests
from django.conf import settings
from django.db import connection
from redis import Redis

from aro import paths
from integrations.proving import machine, rows
from integrations.proving.sandbox import Sandbox

LONGEST_RECOVERY_SECONDS = 120.0
_SOCKET = "redis+socket://"


@dataclass
class Field:
    """One round's. `wanted` counts the different texts that each phone must have by now; `quiet` names those who must
    hear no more, with the number of texts they had when that began."""

    sandbox: Sandbox
    random: random.Random
    say: Callable[[str], None]
    phones: Iterator[str]
    wanted: dict[str, int] = field(default_factory=dict)
    quiet: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    """Seconds from a blow until work went on."""
    later: list[Callable[[], None]] = field(default_factory=list)
    """What is looked at when the round is over."""

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{settings.PORT}"

    def hit(self, blow: Callable[[], object]) -> None:
        """Strikes, then measures how long it takes until all that was due at that moment is worked on again and the
        pages are ready."""
        backlog, began = rows.due_now(), time.monotonic()
        blow()
        time.sleep(0.1)
        while not self._works_again(backlog):
            if time.monotonic() - began > LONGEST_RECOVERY_SECONDS:
                self.broke(f"Work had not gone on {LONGEST_RECOVERY_SECONDS:.0f} s after it was hit.")
                break
            time.sleep(0.1)
        self.recoveries.append(time.monotonic() - began)

    def _works_again(self, backlog: rows.Backlog) -> bool:
        return not rows.untouched(backlog) and machine.all_up() and _status(f"{self.web}/ready") == requests.codes.ok

    def broke(self, words: str) -> None:
        """Notes what a fault itself saw go wrong."""
        self.broken.append(words)

    def got(self) -> Counter[str]:
        """How many different texts each phone has."""
        return Counter(phone for phone, _ in set(self.sandbox.due_texts()))

    def missing(self) -> int:
        """How many texts have not come yet."""
        got = self.got()
        return sum(max(0, count - got[phone]) for phone, count in self.wanted.items())

    @contextmanager
    def meanwhile(self, *steps: Callable[[], object]) -> Iterator[None]:
        """Does `steps` at random moments while the block works; leaves when both have ended. Errors come out here."""
        failed: list[Exception] = []
        pauses = [self.random.uniform(0.05, 0.9) for _ in steps]

        def play() -> None:
            for pause, step in zip(pauses, steps, strict=True):
                time.sleep(pause)
                step()

        def guarded() -> None:
            try:
                play()
            except Exception as error:  # noqa: BLE001 - raised again below, in the thread that can stop the run
                failed.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=guarded, name="fault", daemon=True)
        thread.start()
        yield
        thread.join()
        if failed:
            raise failed[0]


def broker() -> Redis:
    """A connection to the installation's broker."""
    url = paths.broker_url()
    if url.startswith(_SOCKET):
        return Redis(unix_socket_path=url.removeprefix(_SOCKET).partition("?")[0], socket_timeout=5)
    return Redis.from_url(url, socket_timeout=5)


class Watch(threading.Thread):
    """Asks `/ready` twice a second and remembers the answers."""

    def __init__(self, web: str) -> None:
        super().__init__(name="ready", daemon=True)
        self._url, self._over = f"{web}/ready", threading.Event()
        self.answers: list[tuple[float, int]] = []
        """Monotonic time of asking, and the status; 0 for none within three seconds."""

    def run(self) -> None:
        while not self._over.wait(0.5):
            at = time.monotonic()
            self.answers.append((at, _status(self._url)))

    def stop(self) -> None:
        self._over.set()
        self.join()

    def refused_between(self, start: float, end: float) -> bool:
        """Whether it was ever not ready in between."""
        return any(status != requests.codes.ok for at, status in self.answers if start <= at <= end)

    def wait_until_ready(self, *, seconds: float) -> float | None:
        """Seconds until an answer of 200 to a question asked from now on, or None."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if any(at >= began and status == requests.codes.ok for at, status in self.answers[-4:]):
                return time.monotonic() - began
            time.sleep(0.1)
        return None


def _status(url: str) -> int:
    try:
        return requests.get(url, timeout=3).status_code
    except requests.RequestException:
        return 0


def embedded_only(url: str, what: str) -> str:
    """Why a store cannot be hit: it is not ours."""
    return "" if url.startswith((_SOCKET, paths.embedded_database_url())) else f"the {what} is not ARO's own"


def moment(text: datetime) -> str:
    """As Calendly writes it."""
    return text.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
