"""Ports for a throw-away server, which the system gives to no outgoing call between the choice and the start."""

from __future__ import annotations

import random
import socket
from typing import Final

# Below what Linux (32768) and macOS (49152) take for outgoing calls, above what well-known programs listen at.
_RANGE: Final = range(12_000, 32_000)
_random: Final = random.SystemRandom()


def unused_ports(count: int) -> list[int]:
    """As many different ports of this machine that nobody listens at just now."""
    free: list[int] = []
    while len(free) < count:
        port = _random.choice(_RANGE)
        if port not in free and _is_unused(port):
            free.append(port)
    return free


def unused_port() -> int:
    """One such port."""
    return unused_ports(1)[0]


def _is_unused(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
