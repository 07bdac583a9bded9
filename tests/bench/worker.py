"""One worker process of the throughput measurement: `python -m tests.bench.worker strict|grouped|shipped`.

Waits for a line on standard input, works until nothing is due, and prints {done, began, ended} (Unix times).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import django
from django.db import transaction

django.setup()

from aro import clock  # noqa: E402
from aro.queue import due, lanes, work  # noqa: E402
from tests.bench import stories  # noqa: E402
from workflows.engine import runner  # noqa: E402

CLAIMED_AT_ONCE = 200


def strict() -> Iterator[int]:
    """A commit for each step."""
    while claims := due.claim(stories.LANE, now=clock.now(), limit=CLAIMED_AT_ONCE):
        for claim in claims:
            with transaction.atomic():
                runner.handle([claim], clock.now())
        yield len(claims)


def grouped() -> Iterator[int]:
    """A commit for all that was claimed."""
    while claims := due.claim(stories.LANE, now=clock.now(), limit=CLAIMED_AT_ONCE):
        with transaction.atomic():
            runner.handle(claims, clock.now())
        yield len(claims)


def shipped() -> Iterator[int]:
    """As an installation's worker does it: its own claims, its own transactions."""
    lane = replace(lanes.get("timers"), name=stories.LANE)
    while done := work.drain_once(lane):
        yield done


MODES: dict[str, Callable[[], Iterator[int]]] = {"strict": strict, "grouped": grouped, "shipped": shipped}


def main(mode: str) -> None:
    stories.register()
    sys.stdin.readline()
    began = time.time()
    done = sum(MODES[mode]())
    sys.stdout.write(json.dumps({"done": done, "began": began, "ended": time.time()}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
