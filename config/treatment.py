"""How the web server treats a request: which threads answer it, how long it waits, what a refusal looks like."""

from __future__ import annotations

from functools import cache

from django.template.loader import render_to_string

from aro.watch.http import is_api
from aro.web.answer import Answer, for_people
from aro.web.limits import Treatment
from integrations.urls import patience

# A provider hangs up after 10 s (Square, Calendly) to 15 s (Twilio); one that sends again may as well do it soon.
DELIVERIES = Treatment(lane="deliveries", seconds=2.0, at_most=9.0)
PROBES = Treatment(lane="probes", seconds=2.0, at_most=2.0)
READS = Treatment(lane="reads", seconds=10.0, at_most=20.0)
WRITES = Treatment(lane="writes", seconds=10.0, at_most=20.0)
_PROBED = ("/ready", "/health", "/api/v1/health", "/metrics")
_SAFE = ("GET", "HEAD", "OPTIONS")


def of(method: str, path: str) -> Treatment:
    """How a request is treated, by what it may cost whom."""
    if path.startswith("/webhooks/"):
        seconds = patience(path)
        return DELIVERIES if seconds is None else Treatment(lane="replies", seconds=seconds, at_most=seconds + 2)
    if path.startswith(_PROBED):
        return PROBES
    return READS if method in _SAFE else WRITES


def polite(path: str, answer: Answer) -> Answer:
    """A refusal of the server's own, as people see it at `path`."""
    return answer if is_api(path) else for_people(answer, page(int(answer.status[:3])))


@cache
def page(status: int) -> bytes:
    return render_to_string("error.html", {"status": status}).encode()
