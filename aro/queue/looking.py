"""Whether a worker looks at a lane so often just now that nobody need tell it of anything.

A key per lane in the broker says so, and goes by itself. One that was lost costs a hint too many. One whose worker has
died meanwhile costs lateness, as a lost hint does: every worker looks again after `hints.LONGEST_SLEEP`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from aro.stores import broker_address

OFTEN_SECONDS = 0.02
"""Between two looks while the mark is up."""
MARK_SECONDS = 0.5
BROKER_SECONDS = 0.2
# After the broker has refused a mark or did not answer.
PAUSE_SECONDS = 5.0

logger = logging.getLogger(__name__)


def _key(lane: str) -> str:
    return f"aro:looking:{lane}"


class Mark:
    """A worker's: it promises to look often as long as the mark is up."""

    def __init__(self) -> None:
        self.wanted = False
        """Set when there was work: more may follow."""
        self._until = 0.0
        self._paused_until = 0.0

    def keep(self, lanes: Sequence[str]) -> bool:
        """Puts it up, or up again, when it is wanted; True as long as somebody may rely on it."""
        now = time.monotonic()
        if self.wanted and self._until - now < MARK_SECONDS / 2 and now >= self._paused_until:
            self.wanted = False
            self._put_up(lanes)
        return time.monotonic() < self._until

    def _put_up(self, lanes: Sequence[str]) -> None:
        try:
            with _client(settings.CELERY_BROKER_URL).pipeline(transaction=False) as pipeline:
                for lane in lanes:
                    pipeline.set(_key(lane), 1, px=int(MARK_SECONDS * 1000))
                pipeline.execute()
        except (redis.RedisError, OSError) as error:
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            logger.info("others cannot be told that work is looked for", extra={"error": type(error).__name__})
        else:
            # One look more than the mark lasts: what was written in its last moment is seen.
            self._until = time.monotonic() + MARK_SECONDS + OFTEN_SECONDS


class Watchers:
    """What a publisher knows of the marks. Asks once per mark, not once per hint."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def are_known_at(self, lane: str) -> bool:
        """Whether what is committed in the lane by now will be found at once, as far as was asked already."""
        return time.monotonic() < self._until.get(lane, 0.0)

    def are_at(self, lane: str) -> bool:
        """The same, asked if need be. Raises when the broker does not answer."""
        if self.are_known_at(lane):
            return True
        now = time.monotonic()
        left = int(_client(settings.CELERY_BROKER_URL).pttl(_key(lane))) / 1000
        self._until[lane] = now + left
        return left > 0


@lru_cache(maxsize=2)
def _client(url: str) -> redis.Redis:
    """Fails at once when nobody answers; Celery's own reconnection would wait for seconds."""
    patience: dict[str, Any] = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    return redis.Redis(**broker_address.parse(url).client_options(), **patience, retry=Retry(NoBackoff(), 0))
