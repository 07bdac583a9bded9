"""Errors that callers may see, their one envelope, and which of them are worth trying again.

A message says in plain words what is wrong and what to do next. It never quotes an unexpected exception.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import BadRequest, DisallowedHost, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from aro.stores import full_disk, read_only

OUTAGE_RETRY_SECONDS = 5
# Somebody has to come and make room.
DISK_RETRY_SECONDS = 60
# Never the host that was called: whoever calls chooses it.
WRONG_HOST = (
    "This address is not among ARO_ALLOWED_HOSTS. Call ARO by one of those, or add this host name there, without "
    "https:// and port, and restart ARO."
)

# SQLite's words, then PostgreSQL's (54001).
_TOO_MUCH = (
    "Expression tree is too large",
    "too many SQL variables",
    "parser stack overflow",
    "pattern too complex",
    "stack depth limit exceeded",
)

_LOCKED = (
    "database is locked",
    "database table is locked",
    "lock timeout",
    "could not obtain lock",
    "deadlock detected",
)

logger = logging.getLogger(__name__)


class AroError(Exception):
    """An error with a code of the public contract. `retry_after` is in seconds."""

    code: ClassVar[str] = "INTERNAL_ERROR"
    http_status: int = 500
    retryable: bool = False
    retry_after: int | None = None

    def __init__(
        self,
        message: str,
        *,
        details: Any = None,
        retryable: bool | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.retryable = self.retryable if retryable is None else retryable
        self.retry_after = self.retry_after if retry_after is None else retry_after

    def with_status(self, status: int) -> AroError:
        """The same error under another HTTP status, e.g. 413 or 415 for a request that is not valid."""
        self.http_status = status
        return self


class InternalError(AroError):
    """A fault of ours."""


class InvalidRequestError(AroError):
    """What was sent cannot be accepted as it is."""

    code = "VALIDATION_ERROR"
    http_status = 400


class UnauthorizedError(AroError):
    """Nobody, or somebody unknown, is asking."""

    code = "UNAUTHORIZED"
    http_status = 401


class ForbiddenError(AroError):
    """Somebody known is asking for what they may not have."""

    code = "FORBIDDEN"
    http_status = 403


class NotFoundError(AroError):
    code = "NOT_FOUND"
    http_status = 404


class ConflictError(AroError):
    """The request contradicts what is stored: an illegal transition, a key used for another body."""

    code = "CONFLICT"
    http_status = 409


class RateLimitError(AroError):
    code = "RATE_LIMIT_EXCEEDED"
    http_status = 429
    retryable = True
    retry_after = 60


class ExternalApiError(AroError):
    """A provider refused or failed."""

    code = "EXTERNAL_API_ERROR"
    http_status = 502
    retryable = True


class CircuitOpenError(AroError):
    """A provider failed so often that ARO leaves it alone for a while."""

    code = "CIRCUIT_BREAKER_OPEN"
    http_status = 503
    retryable = True
    retry_after = 30


class ServiceUnavailableError(AroError):
    """ARO cannot work at the moment: its database or queue is away."""

    code = "SERVICE_UNAVAILABLE"
    http_status = 503
    retryable = True
    retry_after = OUTAGE_RETRY_SECONDS


class DiskFullError(ServiceUnavailableError):
    """Nothing can be stored until somebody has made room."""

    retry_after = DISK_RETRY_SECONDS


class ReadOnlyError(ServiceUnavailableError):
    """Nothing can be stored until the database can be written again."""


def envelope(error: AroError) -> dict[str, Any]:
    """`{"error": {code, message, details?, retryable, retryAfter?}}`; `retryAfter` in seconds."""
    body: dict[str, Any] = {"code": error.code, "message": error.message, "retryable": error.retryable}
    if error.details is not None:
        body["details"] = error.details
    if error.retry_after is not None:
        body["retryAfter"] = error.retry_after
    return {"error": body}


def headers(error: AroError) -> dict[str, str]:
    """The HTTP headers that belong to the error."""
    found = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return {**found, "WWW-Authenticate": "Bearer"} if error.http_status == 401 else found  # noqa: PLR2004


def is_outage(exception: BaseException) -> bool:
    """Whether the exception says that our database or broker is away or broken, rather than that our code is wrong."""
    away = (OperationalError, InterfaceError, BrokerError, RedisConnectionError, RedisTimeoutError)
    # SQLite reports a damaged file as a plain DatabaseError; the subclasses other than these are faults of code.
    gone = (isinstance(exception, away) and not is_too_much(exception)) or type(exception) is DatabaseError
    return gone or full_disk.is_full(exception) or read_only.is_told_by(exception)


def is_brokers(exception: BaseException) -> bool:
    """Whether the broker is away or refuses, whatever its reason, rather than that our code is wrong."""
    return isinstance(exception, KombuError | RedisError | OSError)


def is_too_much(exception: BaseException) -> bool:
    """Whether the database answers, but will not work on a statement as large as what was asked for makes it."""
    return isinstance(exception, OperationalError) and any(words in str(exception) for words in _TOO_MUCH)


def is_locked(exception: BaseException) -> bool:
    """Whether somebody else holds what was to be written, and did not let go in time. Nothing is broken."""
    return isinstance(exception, OperationalError) and any(words in str(exception) for words in _LOCKED)


def from_exception(exception: BaseException) -> AroError:
    """What the caller is told about any exception."""
    if isinstance(exception, AroError):
        return exception
    if is_too_much(exception):
        return _too_large()
    if is_outage(exception):
        return _outage(exception)
    other = next((told_by for kind, told_by in _others if isinstance(exception, kind)), None)
    if other is not None:
        return other(exception)
    return next((make() for kind, make in _DJANGO if isinstance(exception, kind)), None) or internal()


def understand(kind: type[Exception], told_by: Callable[[Any], AroError]) -> None:
    """Of a library that not every process loads: what its exceptions tell the caller."""
    _others.append((kind, told_by))


def _outage(exception: BaseException) -> AroError:
    # A database on a full disk may only say that it has gone.
    if full_disk.is_full(exception) or full_disk.has_no_room():
        return DiskFullError(
            "The disk is full, so nothing can be stored. Nothing was accepted; "
            f"send the request again in {DISK_RETRY_SECONDS} seconds. On ARO's machine: make room on the disk of "
            "ARO_HOME; ARO then goes on by itself."
        )
    if read_only.is_told_by(exception):
        return ReadOnlyError(
            "ARO's database can be read but not written at the moment. Nothing was accepted; "
            f"send the request again in {OUTAGE_RETRY_SECONDS} seconds."
        )
    return ServiceUnavailableError(
        "ARO cannot reach its database or queue at the moment. Nothing was accepted; "
        f"send the request again in {OUTAGE_RETRY_SECONDS} seconds."
    )


def internal() -> AroError:
    """A fault of ours."""
    return InternalError(
        "ARO failed on this request. Give the X-Correlation-Id of this answer to the person who runs ARO: "
        "The log in the data directory's logs folder shows the cause."
    )


def _not_found() -> AroError:
    return NotFoundError("There is nothing at this address. Check the path and the id in it.")


def _forbidden() -> AroError:
    return ForbiddenError("You may not do this. Ask an administrator of this ARO for the permission.")


def _too_large() -> AroError:
    return InvalidRequestError("The request is too large. Send less at once.").with_status(413)


def _out_of_range() -> AroError:
    return InvalidRequestError("A number, a date or a text in the request is out of range. Correct it.")


def _malformed() -> AroError:
    return InvalidRequestError("The request is malformed. Check its headers, encoding and form.")


def _unknown_host() -> AroError:
    return InvalidRequestError(WRONG_HOST)


_others: list[tuple[type[Exception], Callable[[Any], AroError]]] = []
# The first match counts, so the special kinds stand before the general ones.
_DJANGO: tuple[tuple[type[Exception], Callable[[], AroError]], ...] = (
    (Http404, _not_found),
    (PermissionDenied, _forbidden),
    (RequestDataTooBig, _too_large),
    (DisallowedHost, _unknown_host),
    (SuspiciousOperation, _malformed),
    (BadRequest, _malformed),
    # A form of several parts without a proper boundary; one whose sender hung up.
    (MultiPartParserError, _malformed),
    (UnreadablePostError, _malformed),
    # SQLite refuses in Python what PostgreSQL refuses itself: a year 99999999999, an id of 30 digits.
    (OverflowError, _out_of_range),
    (DataError, _out_of_range),
)


def record(exception: BaseException, error: AroError) -> None:
    """Logs what the caller is not told: an outage in one line, a fault of ours with its traceback, and of what a
    stranger sends no more than its kind."""
    if isinstance(error, DiskFullError):
        logger.error("the disk is full", extra={"error": type(exception).__name__})
    elif isinstance(error, ReadOnlyError):
        logger.error("the database cannot be written", extra={"error": type(exception).__name__})
    elif is_outage(exception):
        logger.error("database or broker is away", extra={"error": type(exception).__name__})
    elif isinstance(error, InternalError):
        logger.error("unexpected error", exc_info=exception)
    elif isinstance(exception, SuspiciousOperation):
        logger.warning("a suspicious request was refused", extra={"error": type(exception).__name__})
    elif isinstance(exception, (OverflowError, DataError)):
        logger.warning("a value was out of range", exc_info=exception)
