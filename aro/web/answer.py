"""What goes back: the bytes of an answer, and the answers that the server gives itself."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache

from aro.web.request import File

Fields = list[tuple[str, str]]
JSON: Fields = [("Content-Type", "application/json"), ("Cache-Control", "max-age=0, no-cache, no-store, private")]
BODILESS = ("1", "204", "304")


@dataclass(slots=True)
class Answer:
    """`file`: what follows `body`, read while it is sent."""

    status: str
    headers: Fields = field(default_factory=list)
    body: bytes = b""
    file: File | None = None
    close: bool = False
    # Made by the server itself: it has passed nothing that every answer of the application passes.
    ours: bool = False

    def head(self, *, version: str, keep_alive: bool) -> bytes:
        """The status line and all headers."""
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in self.headers)]
        names = {name.lower() for name, _ in self.headers}
        if "date" not in names:
            lines.append(f"Date: {_date(int(time.time()))}")
        if "content-length" not in names and not self.status.startswith(BODILESS):
            lines.append(f"Content-Length: {len(self.body)}")
        if not keep_alive or version == "1.0":
            lines.append(f"Connection: {'keep-alive' if keep_alive else 'close'}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def alive() -> Answer:
    """To GET /health: this process answers. Said by the reading thread itself, which nothing can keep waiting."""
    return Answer("200 OK", [*JSON, ("X-Content-Type-Options", "nosniff")], b'{"status": "ok"}', ours=True)


def refusal(status: str, code: str, message: str, *, again: int | None = None, close: bool = True) -> Answer:
    """The error envelope. `again`: seconds after which the same request may do better."""
    error = {"code": code, "message": message, "retryable": again is not None}
    told = {"error": error if again is None else {**error, "retryAfter": again}}
    after = [] if again is None else [("Retry-After", str(again))]
    return Answer(status, [*JSON, *after], json.dumps(told).encode(), close=close, ours=True)


MALFORMED = refusal(
    "400 Bad Request", "VALIDATION_ERROR", "This is not a request of HTTP/1.1. Check its head, its length and its form."
)
HEAD_TOO_LARGE = refusal(
    "431 Request Header Fields Too Large", "VALIDATION_ERROR", "The address and headers are too long. Send less."
)
BODY_TOO_LARGE = refusal("413 Content Too Large", "VALIDATION_ERROR", "The request is too large. Send less at once.")
TOO_SLOW = refusal(
    "408 Request Timeout", "VALIDATION_ERROR", "The request took too long to arrive. Send it again.", again=5
)
NO_TUNNEL = refusal("405 Method Not Allowed", "VALIDATION_ERROR", "ARO is no proxy. Ask for a path of its own.")
FULL = refusal(
    "503 Service Unavailable", "SERVICE_UNAVAILABLE", "Too much is being sent to ARO at once. Send it again.", again=5
)
BUSY = refusal(
    "503 Service Unavailable",
    "SERVICE_UNAVAILABLE",
    "ARO's database does not answer in time. Send the request again in 5 seconds; it does no harm twice.",
    again=5,
    close=False,
)
FAILED = refusal(
    "500 Internal Server Error", "INTERNAL_ERROR", "ARO failed on this request. The log in its logs folder shows why."
)


def for_people(answer: Answer, page: bytes) -> Answer:
    """The same status as a page."""
    kept = [(name, value) for name, value in answer.headers if name != "Content-Type"]
    return Answer(answer.status, [("Content-Type", "text/html; charset=utf-8"), *kept], page, close=answer.close)


def whole(pieces: Iterable[bytes]) -> bytes:
    """The body that an application gave in pieces."""
    return b"".join(pieces)
