"""A call and its answer, as plain values: every endpoint of the sandbox is a function from one to the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integrations.sandbox.world import World


class RefusedError(Exception):
    """The caller's mistake, answered with `status`; `code` is the provider's own where it has one."""

    def __init__(self, status: int, code: str | int, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, dict(headers or {})


@dataclass(frozen=True)
class Call:
    """What was asked. `path` has no query; `query` holds the last value of each name; header names are lower case.

    `forced_error` is the provider's error code that a fault asks for, or an empty string.
    """

    world: World
    method: str
    path: str
    args: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    forced_error: str = ""


@dataclass(frozen=True)
class Answer:
    """`body` is sent as JSON unless it is bytes."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"


Endpoint = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True)
class Api:
    """One provider's API: paths under `prefix`, who may call, and how it words a refusal.

    `routes` maps a path's regular expression to its methods. `usual_error`: the code that a fault `error_code` without
    one stands for, at whom the codes are judged call by call (`Call.forced_error`).
    """

    name: str
    prefix: str
    routes: Mapping[str, Mapping[str, Endpoint]]
    authorize: Callable[[Call], None]
    refuse: Callable[[RefusedError], Answer]
    usual_error: str = ""


def no_content() -> Answer:
    return Answer(204, b"", content_type="")
