"""The backend's name in settings is `aro.sqlite`. All it adds: a transaction waits for its turn and gives it back."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from aro.sqlite.turns import Turn


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's. Only a file has turns; an in-memory database belongs to one process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Turn | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if self._turn is None and not self.is_in_memory_db():
            self._turn = Turn(str(self.settings_dict["NAME"]))
        if self._turn is not None:
            self._turn.take()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_back()
            raise

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
