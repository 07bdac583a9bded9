"""Around every request: its correlation id, its count and duration, and for API paths the error envelope."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from aro import secrets
from aro.ids import new_id
from aro.secrets import NotPreparedError, SecretError
from aro.stores import read_only
from aro.watch import logs, metrics
from aro.watch.http import error_response, is_api, not_allowed, unavailable
from aro.web import client

HEADER = "X-Correlation-Id"
_ECHOED = re.compile(r"[\w.:-]{1,64}", re.ASCII)
# Foreign ids that are no UUIDs are mapped to one, always the same, because events store UUIDs.
_NAMESPACE = uuid.UUID("6f1c4d0e-8a53-5b0f-9a54-0d4f6f2f7a11")
STATIC = "/static/"
_QUIET = ("/health", "/ready", "/metrics", "/api/v1/health", STATIC)

logger = logging.getLogger(__name__)


class RequestMiddleware:
    """The outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        client.settle(request)
        shown, correlation_id = correlation(request.headers.get(HEADER, ""))
        with logs.correlated(correlation_id):
            response = self._answer(request)
            _note(request, response.status_code, time.perf_counter() - started)
        response[HEADER] = shown
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if response.status_code == 503:  # noqa: PLR2004
            read_only.ask_anew()
        if response.status_code == 405 and is_api(request.path) and not getattr(response, "content", b"-"):  # noqa: PLR2004
            return not_allowed(response.headers.get("Allow", ""))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view of an API failed: the caller gets the envelope. Pages for people have their own handlers."""
        return error_response(exception) if is_api(request.path) else None


class OwnKeysMiddleware:
    """Nothing but probes is answered before the keys have proved to be this database's own. A server looks when it
    starts; one that started while its database was away looks here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return (None if request.path.startswith(_QUIET) else self._refusal(request)) or self._get_response(request)

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        try:
            secrets.prove()
        except (SecretError, NotPreparedError, DatabaseError) as error:
            return unavailable(request, error)
        return None


def correlation(received: str) -> tuple[str, uuid.UUID]:
    """What to echo, and the id to work with. A header that is missing or not plain is replaced by a new id."""
    if not _ECHOED.fullmatch(received):
        made = new_id()
        return str(made), made
    try:
        return received, uuid.UUID(received)
    except ValueError:
        return received, uuid.uuid5(_NAMESPACE, received)


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    route = _route(request)
    metrics.count_request(route=route, method=request.method or "", status=status, seconds=seconds)
    if not request.path.startswith(_QUIET):
        answered = {"route": route, "method": request.method, "status": status, "milliseconds": round(seconds * 1000)}
        logger.info("request answered", extra=answered)


def _route(request: HttpRequest) -> str:
    """The pattern that matched, so that no id becomes a label. Static files are answered before one is tried."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return STATIC if request.path.startswith(STATIC) else "unmatched"
