"""Python's search for objects that only refer to each other, set for processes that load much and live long."""

from __future__ import annotations

import gc

# New objects between two searches. Python's own 700 are less than one booking makes; at this number the searches take
# a fifteenth less of the worker's time and hold a few MB more.
_NEW = 20_000


def settle() -> None:
    """What is loaded by now stays: it is not looked through again. Call it when a process is ready, and again after
    it has loaded more."""
    gc.set_threshold(_NEW, *gc.get_threshold()[1:])
    gc.collect()
    gc.freeze()
