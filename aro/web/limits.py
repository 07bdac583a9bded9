"""What one connection, one request and all of them together may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds and bytes. The deadlines are for the whole, not for a pause: dripping a byte a second extends nothing."""

    head_bytes: int = 32 * 1024
    head_seconds: float = 10.0
    # Above it nothing of ARO takes a body: Django's DATA_UPLOAD_MAX_MEMORY_SIZE is 1 MiB.
    body_bytes: int = 1_100_000
    body_seconds: float = 10.0
    answer_seconds: float = 10.0
    # What a large body or answer gets beyond that: a slow line of a clinic, not a drip.
    bytes_a_second: int = 50_000
    # Longer than the 60 s for which nginx and others keep a connection, so that they close it first.
    idle_seconds: float = 75.0
    # After a refusal: the sender may still be writing, and would lose the answer if we hung up at once.
    farewell_seconds: float = 2.0
    connections: int = 2000
    # Bodies up to this size are always taken; what is above shares one budget.
    small_body_bytes: int = 16 * 1024
    large_bodies_bytes: int = 16 * 1024 * 1024
    # What is read at once. The rest of it waits unparsed, and all that follows unread, while a request is answered.
    piece_bytes: int = 16 * 1024
    # Longer than any treatment: whatever became of the answer, no connection stays for ever.
    unanswered_seconds: float = 60.0
    stop_seconds: float = 4.0
    # Between two looks at the deadlines.
    look_seconds: float = 0.25


LIMITS = Limits()


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """Who answers a request, and for how long its sender waits before it is told to come again.

    `lane`: one of `LANES`. `seconds`: how long the work itself, or a queue that does not move, may take.
    `at_most`: how long a queue that does move may take, since a sender has hung up then.
    """

    lane: str
    seconds: float
    at_most: float


# Threads per kind of work, so that none can keep another from being answered while all of its own wait for the
# database. They start when they are needed.
LANES: dict[str, int] = {"probes": 2, "replies": 3, "deliveries": 5, "reads": 3, "writes": 2}
