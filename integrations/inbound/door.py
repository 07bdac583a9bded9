"""The short way in for deliveries, beside Django's whole chain of middleware.

A provider has no session, no user, no form and no language, and all that stands before the pages of people for those
costs a delivery more than keeping it. What holds for everybody holds here by the same code: correlation id, log line,
count, the client's address, own keys, redirect to https, security headers, error envelope. Whatever is not surely a
delivery goes the whole way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core import signals
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, resolve

from aro.watch.http import error_response
from aro.watch.middleware import OwnKeysMiddleware, RequestMiddleware

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PREFIX = "/webhooks/"


class Door:
    """A WSGI application around the whole one."""

    def __init__(self, whole: Application) -> None:
        self._whole = whole
        self._frames, self._security = XFrameOptionsMiddleware(_deliver), SecurityMiddleware(_deliver)
        self._answer = RequestMiddleware(OwnKeysMiddleware(self._with_headers))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = _delivery(environ)
        if request is None:
            return self._whole(environ, start_response)
        # Connections of the database are looked after at both ends of a request, by receivers of these signals.
        signals.request_started.send(sender=type(self), environ=environ)
        response = self._answer(request)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response  # the server closes it, which sends `request_finished`

    def _with_headers(self, request: HttpRequest) -> HttpResponseBase:
        response = self._security.process_request(request) or self._delivered(request)
        return self._security.process_response(request, response)  # type: ignore[arg-type]

    def _delivered(self, request: HttpRequest) -> HttpResponseBase:
        response = _deliver(request)
        response["Content-Length"] = str(len(response.content))
        return self._frames.process_response(request, response)


def _delivery(environ: dict[str, Any]) -> WSGIRequest | None:
    """The request, resolved; None when it must go the whole way."""
    if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].startswith(PREFIX):
        return None
    request = WSGIRequest(environ)
    try:
        request.get_host()
        request.resolver_match = resolve(request.path_info)
    except (DisallowedHost, Resolver404):
        return None
    # Who is exempt from the check against forged forms needs nothing of what the chain does for forms.
    return request if getattr(request.resolver_match.func, "csrf_exempt", False) else None


def _deliver(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    try:
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)  # type: ignore[union-attr]
    except Exception as error:  # noqa: BLE001 - the envelope and the log say what it was, as the chain does
        return error_response(error)
    return answer
