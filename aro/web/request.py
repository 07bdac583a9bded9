"""A request that has been read whole, and what WSGI calls it (PEP 3333)."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Request:
    """Grows while it is read. `arrived`: monotonic time at which it was complete."""

    target: bytes = b""
    headers: Headers = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    method: str = ""
    version: str = "1.1"
    keep_alive: bool = False
    arrived: float = 0.0

    def values(self, name: bytes) -> list[bytes]:
        """All values of the header `name` (lower case)."""
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def length(self) -> int | None:
        """Of the body, where the head says it."""
        said = self.values(b"content-length")
        return int(said[0]) if said else None

    @property
    def missing(self) -> int | None:
        """What the body still needs, where its length is known."""
        return None if self.length is None else self.length - len(self.body)

    @property
    def path(self) -> str:
        """Without the query, percent signs decoded."""
        return unquote_to_bytes(self._split()[0]).decode("utf-8", "replace")

    def _split(self) -> tuple[bytes, bytes]:
        target = self.target
        if not target.startswith(b"/") and b"://" in target:  # the form that proxies use
            target = b"/" + target.partition(b"://")[2].partition(b"/")[2]
        path, _, query = target.partition(b"?")
        return path, query

    def environ(self, *, server: tuple[str, int], client: tuple[str, int]) -> dict[str, Any]:
        """For the application. A header name with an underscore is left out: it would pass for one with a hyphen."""
        path, query = self._split()
        return {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            "SERVER_NAME": server[0],
            "SERVER_PORT": str(server[1]),
            "SERVER_PROTOCOL": f"HTTP/{self.version}",
            "REMOTE_ADDR": client[0],
            "REMOTE_PORT": str(client[1]),
            **dict(self._variables()),
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": File,
        }

    def _variables(self) -> Iterator[tuple[str, str]]:
        joined: dict[bytes, bytes] = {}
        for name, value in self.headers:
            key = name.lower()
            if b"_" not in key:
                glue = b"; " if key == b"cookie" else b","
                joined[key] = joined[key] + glue + value if key in joined else value
        for key, value in joined.items():
            name_now = key.decode("latin-1").upper().replace("-", "_")
            yield name_now if key == b"content-type" else f"HTTP_{name_now}", value.decode("latin-1")


class File:
    """A file as the body of an answer: it is read piece by piece, as fast as the other side takes it."""

    def __init__(self, file: Any, block_size: int = 65536) -> None:
        self._file, self._block_size = file, block_size

    def read(self) -> bytes:
        piece: bytes = self._file.read(self._block_size)
        return piece

    def close(self) -> None:
        if hasattr(self._file, "close"):
            self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read():
            yield piece
