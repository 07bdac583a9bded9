"""Django REST framework's errors in ARO's envelope.

Apart from `aro.errors`, so that only who serves it loads it: with it comes PostgreSQL's driver, on SQLite too.
"""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions as rest
from rest_framework.response import Response

from aro import errors


def drf_exception_handler(exception: Exception, context: dict[str, Any]) -> Response:
    """Django REST framework's EXCEPTION_HANDLER: every error leaves in the envelope."""
    error = errors.from_exception(exception)
    errors.record(exception, error)
    return Response(errors.envelope(error), status=error.http_status, headers=errors.headers(error))


def _told_by(exception: rest.APIException) -> errors.AroError:
    """Django REST framework's exceptions; its `wait` is in seconds."""
    status = exception.status_code
    if isinstance(exception, rest.Throttled):
        wait = int(getattr(exception, "wait", None) or 0) + 1
        return errors.RateLimitError(f"Too many requests. Try again in {wait} seconds.", retry_after=wait)
    if isinstance(exception, rest.ValidationError):
        return errors.InvalidRequestError("Some values are not valid. See details.", details=exception.detail)
    if status not in _REST_STATUS and status >= 500:  # noqa: PLR2004
        return errors.internal()
    return _REST_STATUS.get(status, errors.InvalidRequestError)(str(exception.detail)).with_status(status)


_REST_STATUS: dict[int, type[errors.AroError]] = {
    401: errors.UnauthorizedError,
    403: errors.ForbiddenError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    503: errors.ServiceUnavailableError,
}


errors.understand(rest.APIException, _told_by)
