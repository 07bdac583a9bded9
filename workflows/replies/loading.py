"""What reads replies is loaded before the first reply: its word lists and patterns take seconds to make, and neither
the carrier nor the one writer of an SQLite database waits for that.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import signature
from threading import Event, Lock, Thread
from typing import Any, Final

from workflows import replies
from workflows.replies.labels import OpenQuestion
from workflows.replies.stream import by_rules

# Said once to every reader, for what is made at the first reply of its kind. What they mean does not matter.
_SAID: Final = (
    "C",
    "STOP",
    "please don't text me anymore",
    "gracias, no puedo ir",
    "Can I come at 3pm instead on Tuesday?",
    "sorry, running 10 min late",
    "my chest hurts",
    "no soy esa persona, wrong number",
    "yes that's fine, see you then",
    "I have a new number: +1 202 555 0123",
)
_ASKED: Final = "Hi Ann, your visit is on Monday, March 2 at 3:00 PM. Reply C to confirm."
_lock, _loaded = Lock(), Event()


def load() -> None:
    """Returns when all is there: at once from the second call on, and beside the first call when that one is done.
    Call it outside of any transaction."""
    if _loaded.is_set():
        return
    with _lock:
        if not _loaded.is_set():
            _load()
            _loaded.set()


def load_in_the_background(*, then: Callable[[], object] = lambda: None) -> None:
    """For the start of a process, which has other work meanwhile. A reply that comes too early waits for it."""

    def both() -> None:
        load()
        then()

    Thread(target=both, name="reply-readers", daemon=True).start()


def _load() -> None:
    for made_once in lists():
        made_once()
    for said in _SAID:
        for question in OpenQuestion:
            by_rules(said, question, _ASKED, None)


def lists() -> Iterator[Any]:
    """Every function in this room that makes something once for all replies."""
    for found in pkgutil.walk_packages(replies.__path__, f"{replies.__name__}."):
        module = import_module(found.name)
        for one in list(vars(module).values()):
            if hasattr(one, "cache_info") and one.__module__ == found.name and not signature(one).parameters:
                yield one
