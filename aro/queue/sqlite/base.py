"""The backend's name in settings is `aro.queue.sqlite`. It adds: a transaction waits for its turn and gives it back."""

from __future__ import annotations

import math
from typing import Any

from django.db.backends.sqlite3 import base

from aro.queue.sqlite import turns
from aro.queue.sqlite.turns import Turn
from aro.stores import patience

_STEP_SECONDS = 0.25


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's. Only a file has turns; an in-memory database belongs to one process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Turn | None = None
        self._steps = -1

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self._steps = -1

    def _start_transaction_under_autocommit(self) -> None:
        if self._turn is None and not self.is_in_memory_db():
            self._turn = turns.of(str(self.settings_dict["NAME"]))
        if self._turn is not None:
            self._turn.take(seconds=patience.seconds_left(self._longest()))
        try:
            self._wait_no_longer_than(patience.seconds_left(self._longest()))
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_back()
            raise

    def _longest(self) -> float:
        return float(self.settings_dict["OPTIONS"].get("timeout", 5.0))

    def _wait_no_longer_than(self, seconds: float) -> None:
        """SQLite's own patience with a lock. In steps, so that it is set anew only when little is left."""
        steps = math.ceil(seconds / _STEP_SECONDS)
        if steps != self._steps:
            self.connection.execute(f"PRAGMA busy_timeout = {int(steps * _STEP_SECONDS * 1000)}")
            self._steps = steps

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._give_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self._turn is not None:
                self._turn.close()
                self._turn = None

    def _give_back(self) -> None:
        if self._turn is not None:
            self._turn.give_back()
