"""Private directories and files written in one piece."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from aro.ops.console import PlainError


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
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def rotate(path: Path, *, limit: int) -> None:
    """Keeps a log below `limit` bytes: its content moves to `NAME.1`; the file, still open elsewhere, starts empty."""
    if not path.is_file() or path.stat().st_size <= limit:
        return
    path.with_name(path.name + ".1").write_bytes(path.read_bytes())
    os.truncate(path, 0)


def wheel_directory(package: str) -> Path | None:
    """Where an installed package is, without importing it: these wheels start threads and locks when imported."""
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent if found and found.origin else None
