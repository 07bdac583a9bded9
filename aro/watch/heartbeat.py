"""Tells a monitor outside that all is well, at ARO_HEARTBEAT_URL: only silence shows that the whole machine is gone.

A call every minute (a GET, as healthchecks.io and its like expect), from a worker: so it stops when worker or database
stop. Neither beat nor the broker has a say, since texts go out without them. No call says that something is wrong: the
monitor has a deadline of its own.
"""

from __future__ import annotations

import logging
import threading
import time

import requests
from django.conf import settings
from django.db import connection

from aro import outbound
from aro.watch import health

EVERY_SECONDS = 60.0
DEADLINE_SECONDS = 5.0
LARGEST_ANSWER = 64 * 1024

logger = logging.getLogger(__name__)


def keep_sending() -> None:
    """A call every minute from now on, from a thread of its own, when there is an address."""
    if settings.ARO_HEARTBEAT_URL:
        threading.Thread(target=_for_ever, name="heartbeat", daemon=True).start()


def _for_ever() -> None:
    while True:
        time.sleep(EVERY_SECONDS)  # first: a worker that has just started has not shown that it works
        try:
            send()
        except Exception:
            logger.exception("no heartbeat sent")
        finally:
            connection.close()


def send() -> bool:
    """Calls the monitor unless bookings or texts stand still; True when it took the call.

    Never raises for the monitor's faults.
    """
    url = settings.ARO_HEARTBEAT_URL
    if not url:
        return False
    if health.overall(health.services()) == "unhealthy":
        logger.warning("no heartbeat sent: something vital is down, see /api/v1/health")
        return False
    return _call(url)


def _call(url: str) -> bool:
    """The address is a secret (who knows it can beat for us), so an error is logged without it."""
    try:
        with outbound.session(seconds=DEADLINE_SECONDS) as (session, watch):
            status = _status(session, url)
    except (requests.RequestException, OSError, ValueError) as error:
        logger.warning("heartbeat not taken: %s", type(error).__name__)
        return False
    if watch.expired or status >= requests.codes.bad_request:
        logger.warning("heartbeat not taken: %s", "too slow" if watch.expired else f"status {status}")
        return False
    return True


def _status(session: requests.Session, url: str) -> int:
    with session.get(url, timeout=DEADLINE_SECONDS, stream=True) as response:
        outbound.body(response, largest=LARGEST_ANSWER)
        return response.status_code
