"""One worker process of the throughput measurement: `python -m tests.bench.worker strict|grouped`.

Waits for a line on standard input, works until nothing is due, and prints {done, began, ended} (Unix times).
"""

from __future__ import annotations

import json
import sys
import time

import django
from django.db import transaction

django.setup()

from aro import clock  # noqa: E402
from aro.queue import due  # noqa: E402
from tests.bench import stories  # noqa: E402
from workflows.engine import runner  # noqa: E402

CLAIMED_AT_ONCE = 200


def main(mode: str) -> None:
    stories.register()
    sys.stdin.readline()
    began, done = time.time(), 0
    while claims := due.claim(stories.LANE, now=clock.now(), limit=CLAIMED_AT_ONCE):
        portions = [[claim] for claim in claims] if mode == "strict" else [claims]
        for portion in portions:
            with transaction.atomic():
                runner.handle(portion, clock.now())
        done += len(claims)
    sys.stdout.write(json.dumps({"done": done, "began": began, "ended": time.time()}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
