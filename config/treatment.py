"""How the web server treats a request: which threads answer it, how long it waits, what a refusal looks like."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from django.template.loader import render_to_string

from aro.watch import middleware
from aro.watch.http import is_api
from aro.web.answer import Answer, for_people
from aro.web.limits import Treatment
from aro.web.request import Request
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


def polite(request: Request | None, answer: Answer) -> Answer:
    """An answer of the server's own as the application would give it: a page where people ask, and the correlation id
    that was sent, or a new one. `request`: None where nothing of it could be read."""
    shown = answer if request is None or is_api(request.path) else for_people(answer, page(int(answer.status[:3])))
    sent = request.values(middleware.HEADER.lower().encode()) if request else []
    echoed, _ = middleware.correlation(sent[0].decode("latin-1") if sent else "")
    return replace(shown, headers=[*shown.headers, (middleware.HEADER, echoed)])


@cache
def page(status: int) -> bytes:
    return render_to_string("error.html", {"status": status}).encode()
