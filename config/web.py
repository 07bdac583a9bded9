"""Starts the web server: `python -m config.web [--listener DESCRIPTOR]`; without one it listens on HOST and PORT."""

from __future__ import annotations

import argparse
import gc
import socket
from functools import cache

from config.wsgi import application

# isort: split
# What follows may have models: Django is set up by now.
from django.conf import settings
from django.template.loader import render_to_string

from aro import metrics
from aro.http import is_api
from aro.ops import listening
from aro.web import server
from aro.web.answer import Answer, for_people
from aro.web.limits import LIMITS, Treatment
from integrations.urls import patience

# A provider hangs up after 10 s (Square, Calendly) to 15 s (Twilio); one that sends again may as well do it soon.
DELIVERIES = Treatment(lane="deliveries", seconds=2.6, at_most=9.0)
PROBES = Treatment(lane="probes", seconds=2.6, at_most=2.6)
READS = Treatment(lane="reads", seconds=10.0, at_most=20.0)
WRITES = Treatment(lane="writes", seconds=10.0, at_most=20.0)
_PROBED = ("/ready", "/health", "/api/v1/health", "/metrics")
_SAFE = ("GET", "HEAD", "OPTIONS")


def treatment(method: str, path: str) -> Treatment:
    """How a request is treated, by what it may cost whom."""
    if path.startswith("/webhooks/"):
        seconds = patience(path)
        return DELIVERIES if seconds is None else Treatment(lane="replies", seconds=seconds, at_most=seconds + 2)
    if path.startswith(_PROBED):
        return PROBES
    return READS if method in _SAFE else WRITES


def polite(path: str, answer: Answer) -> Answer:
    """A refusal of the server's own, as people see it at `path`."""
    return answer if is_api(path) else for_people(answer, _page(int(answer.status[:3])))


@cache
def _page(status: int) -> bytes:
    return render_to_string("error.html", {"status": status}).encode()


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--listener", type=int)
    number = given.parse_args().listener
    listener = listening.listen(settings.HOST, settings.PORT) if number is None else socket.socket(fileno=number)
    _page(503)  # now, for later everything may be stuck
    gc.freeze()  # what is loaded stays: not looked through again at each collection
    serving = server.Server(
        application,
        treat=treatment,
        polite=polite,
        count=metrics.count_ended_connection,
        limits=server.fitting(LIMITS),
    )
    server.run(serving, listener)


if __name__ == "__main__":
    main()
