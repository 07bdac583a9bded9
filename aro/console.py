"""Plain lines for a person at a terminal."""

from __future__ import annotations

import sys


class PlainError(Exception):
    """Something a person must put right. Its text says what is wrong and the way out; no traceback is shown."""


def say(line: str = "") -> None:
    """Prints one line at once, also when the output is a file."""
    _write(sys.stdout, line)


def show(line: str = "") -> None:
    """Prints a line of what was asked for. Raises `OSError` when it cannot be written: it is all that is wanted."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """Prints one line where errors go."""
    _write(sys.stderr, line)


def _write(stream: object, line: str) -> None:
    try:
        stream.write(line + "\n")  # type: ignore[attr-defined]
        stream.flush()  # type: ignore[attr-defined]
    except OSError:
        # The terminal or the reader of the pipe is gone. Stopping the children cleanly matters more than the line.
        return
