"""What has come and is not parsed yet."""

from __future__ import annotations

_EMPTY_LINE = b"\r\n\r\n"


class Incoming:
    """Gives what has come in pieces of which none ends more than one request.

    A head ends with an empty line, and so does a body in chunks; a body whose length is known ends there.
    """

    def __init__(self) -> None:
        self._data, self._at, self._before = b"", 0, b""

    def __len__(self) -> int:
        return len(self._data) - self._at

    def add(self, data: bytes) -> None:
        self._data, self._at = self._data[self._at :] + data, 0

    def take(self, missing: int | None) -> bytes:
        """`missing`: the bytes that a body of known length still needs; None where an empty line is the end."""
        start = self._at
        self._at = self._after_the_empty_line() if missing is None else min(len(self._data), start + max(1, missing))
        piece = self._data[start : self._at]
        self._before = (self._before + piece[-3:])[-3:]
        return piece

    def _after_the_empty_line(self) -> int:
        """It may have begun in what was taken before."""
        across = (self._before + self._data[self._at : self._at + 3]).find(_EMPTY_LINE)
        if across >= 0:
            return self._at + across + len(_EMPTY_LINE) - len(self._before)
        found = self._data.find(_EMPTY_LINE, self._at)
        return len(self._data) if found < 0 else found + len(_EMPTY_LINE)
