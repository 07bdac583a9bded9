"""Probes, metrics, and what a failed request looks like: the envelope for programs, a plain page for people."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import psutil
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import SimpleTemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from aro import clock, errors, secrets, zones
from aro.errors import AroError, ForbiddenError, InvalidRequestError
from aro.version import VERSION
from aro.watch import health, metrics
from aro.watch.health import CheckResult, Status
from aro.web import client

API_PATHS = ("/v1/", "/api/", "/webhooks/", "/health", "/ready", "/metrics")
_started = time.monotonic()

logger = logging.getLogger(__name__)


class OldFormError(ForbiddenError):
    """A form that this login did not give out."""


def is_api(path: str) -> bool:
    """Whether programs rather than people ask at this path."""
    return path.startswith(API_PATHS)


def _probe_of(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers GET and HEAD, each time anew. Whoever sends something else reads that, and nothing of a form."""
    return csrf_exempt(require_safe(never_cache(view)))


@_probe_of
def process_health(request: HttpRequest) -> JsonResponse:
    """GET /health: this process answers. Depends on nothing, so that an outage elsewhere restarts nothing."""
    return JsonResponse({"status": "ok"})


@_probe_of
def ready(request: HttpRequest) -> JsonResponse:
    """GET /ready: database and migrations are there, so that bookings can be taken (200), or why not (503)."""
    reasons = health.reasons_not_ready()
    return _probe({"status": "not ready" if reasons else "ready", "reasons": reasons}, ok=not reasons)


@_probe_of
def full_health(request: HttpRequest) -> JsonResponse:
    """GET /api/v1/health: everything, from rows and cached results. 503 only when bookings or texts stand still."""
    results = health.services()
    status = health.overall(results)
    body = {
        "status": status,
        "timestamp": clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "version": VERSION,
        "tzdata": zones.version(),
        "services": {name: result.status.value for name, result in results.items()},
        "details": health.details(results),
        "metrics": _figures(results["database"]),
    }
    return _probe(body, ok=status != "unhealthy")


@_probe_of
def database_health(request: HttpRequest) -> JsonResponse:
    """GET /health/database."""
    return _one(health.database())


@_probe_of
def redis_health(request: HttpRequest) -> JsonResponse:
    """GET /health/redis."""
    return _one(health.broker())


@_probe_of
def providers_health(request: HttpRequest) -> JsonResponse:
    """GET /health/providers: what the last real calls showed; 503 when one of them is down."""
    results = health.providers()
    body = {"services": {name: r.status.value for name, r in results.items()}, "details": health.details(results)}
    return _probe(body, ok=all(result.status != Status.DOWN for result in results.values()))


@_probe_of
def metrics_page(request: HttpRequest) -> HttpResponse:
    """GET /metrics: for this machine, for staff, or with the bearer token of `metrics_token()`."""
    if not (client.is_this_machine(request) or _is_staff(request) or _has_token(request)):
        raise errors.ForbiddenError(
            "Metrics are open to this machine, to signed-in staff, or with the metrics token as a bearer token."
        )
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def metrics_token() -> str:
    """What a Prometheus on another machine sends as its bearer token."""
    return secrets.fingerprint("metrics", purpose="metrics token")


def _figures(database: CheckResult) -> dict[str, float | None]:
    """Uptime of this process in seconds; usage of the machine as 0..1; null while the database cannot tell."""
    figures: dict[str, float | None] = {
        "uptime": round(time.monotonic() - _started, 1),
        "memory_usage": round(psutil.virtual_memory().percent / 100, 3),
        "cpu_usage": round(psutil.cpu_percent(interval=None) / 100, 3),
        "oldest_due_seconds": None,
        "dead_letters": None,
    }
    if database.status == Status.DOWN:
        return figures
    try:
        rows = {"oldest_due_seconds": metrics.oldest_due_seconds(), "dead_letters": metrics.open_dead_letters()}
    except DatabaseError:
        return figures  # it went away after the check: null says so
    return {**figures, **rows}


def _one(result: CheckResult) -> JsonResponse:
    return _probe({"status": result.status.value, "detail": result.detail}, ok=result.status != Status.DOWN)


def _probe(body: dict[str, Any], *, ok: bool) -> JsonResponse:
    if ok:
        return JsonResponse(body)
    again = {"Retry-After": str(errors.OUTAGE_RETRY_SECONDS)}
    return JsonResponse(body, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=again)


def _is_staff(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_active and user.is_staff)


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    return bool(settings.HMAC_KEY) and secrets.same(given, f"Bearer {metrics_token()}")


def error_response(exception: BaseException) -> JsonResponse:
    """The envelope for any exception; what the caller is not told goes to the log."""
    error = errors.from_exception(exception)
    errors.record(exception, error)
    return _envelope(error)


def not_allowed(allow: str) -> JsonResponse:
    """405 in the envelope. `allow` lists the methods that work here."""
    error = InvalidRequestError(f"This address answers {allow or 'other methods'} only.").with_status(405)
    response = _envelope(error)
    response["Allow"] = allow
    return response


def _envelope(error: AroError) -> JsonResponse:
    return JsonResponse(errors.envelope(error), status=error.http_status, headers=errors.headers(error))


def _failed(request: HttpRequest, exception: BaseException) -> HttpResponse:
    if is_api(request.path):
        return error_response(exception)
    error = errors.from_exception(exception)
    errors.record(exception, error)
    shown = {
        "status": error.http_status,
        "wrong_host": isinstance(exception, DisallowedHost) and error.message,
        "old_form": isinstance(error, OldFormError),
        "disk_full": isinstance(error, errors.DiskFullError),
        "read_only": isinstance(error, errors.ReadOnlyError),
    }
    page = SimpleTemplateResponse("error.html", shown, status=error.http_status, headers=errors.headers(error))
    return page.render()


def unavailable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """503 for whatever keeps this process from working at all; the log says what."""
    logger.error("ARO cannot work on this database: %s", exception)
    return _failed(request, errors.ServiceUnavailableError("ARO cannot work on its database; its log says why."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    return _failed(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    return _failed(request, exception)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: mostly a tab that was open before another login."""
    logger.warning("a form without its token", extra={"reason": reason})
    return _failed(
        request,
        OldFormError(
            "The form's token is missing or from before the last login. Load the form again and send it anew."
        ),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    return _failed(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: Django calls it while the exception is being handled."""
    return _failed(request, sys.exc_info()[1] or RuntimeError("unknown"))
