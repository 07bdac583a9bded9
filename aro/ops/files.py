"""Private directories and files written in one piece."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aro.console import PlainError, say


def private_directory(path: Path) -> Path:
    """Makes `path` a directory that only its owner can enter; raises `PlainError` when it cannot be that."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_owner(path)
        path.chmod(0o700)
    except OSError as error:
        raise PlainError(
            f"Cannot use the directory {path}: {error.strerror}. "
            "Give yourself write access to it, or choose another data directory with ARO_HOME=/some/where."
        ) from error
    return path


def _check_owner(path: Path) -> None:
    status = path.lstat()
    if path.is_symlink() or status.st_uid != os.getuid():
        raise PlainError(
            f"{path} belongs to somebody else. Run ARO as the user who made it, or choose another data directory "
            "with ARO_HOME=/some/where."
        )


def write_private(path: Path, text: str) -> None:
    """Writes `text` to `path` with mode 0600, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)  # a full disk would keep the piece that found room
        raise


def rotate(path: Path, *, limit: int) -> None:
    """Keeps a log below `limit` bytes: its content moves to `NAME.1`; the file, still open elsewhere, starts empty."""
    if not path.is_file() or path.stat().st_size <= limit:
        return
    aside = path.with_name(path.name + ".1")
    try:
        aside.write_bytes(path.read_bytes())
    except OSError:
        aside.unlink(missing_ok=True)  # half a copy helps nobody, and takes the room that is missing
        raise
    os.truncate(path, 0)


class Unwritable:
    """The files that cannot be written at the moment. Whoever may not end for that works inside `survived`."""

    def __init__(self) -> None:
        self._paths: set[Path] = set()

    def __contains__(self, path: Path) -> bool:
        return path in self._paths

    @contextmanager
    def survived(self, path: Path) -> Iterator[None]:
        """A disk that refuses is said once, and once that it is over."""
        try:
            yield
        except OSError as error:
            self._refused(path, error)
        else:
            self._written(path)

    def _refused(self, path: Path, error: OSError) -> None:
        if not self._paths:
            say(f"{path} cannot be written ({error.strerror}). ARO goes on as well as it can; free some space.")
        self._paths.add(path)

    def _written(self, path: Path) -> None:
        if path in self._paths:
            self._paths.discard(path)
            if not self._paths:
                say("The disk takes what is written again.")


def wheel_directory(package: str) -> Path | None:
    """Where an installed package is, without importing it: these wheels start threads and locks when imported."""
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent if found and found.origin else None
