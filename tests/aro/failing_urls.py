"""Views that fail in the ways the product can fail, under an API path and as pages for people."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db.utils import ConnectionHandler
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, Serializer

from aro import rest_errors  # noqa: F401 - as whoever serves views of Django REST framework does
from aro.errors import ConflictError, RateLimitError
from config.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def outage() -> None:
    """Asks a database that cannot be opened."""
    nowhere = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/nonexistent/directory/aro.db"}}
    with ConnectionHandler(nowhere)["default"].cursor() as cursor:
        cursor.execute("SELECT 1")


def bug() -> None:
    raise KeyError("internal: +15551234567")


def conflict() -> None:
    raise ConflictError("The visit is completed. Reopen it first.", details={"status": "completed"})


def limited() -> None:
    raise RateLimitError("Too many. Wait.", retry_after=7)


def missing() -> None:
    raise Http404


def forbidden() -> None:
    raise PermissionDenied


def suspicious() -> None:
    raise SuspiciousOperation("internal")


def too_large() -> None:
    raise RequestDataTooBig("internal")


class _Body(Serializer[Any]):
    name = CharField(max_length=3)


def invalid() -> None:
    _Body(data={"name": "long"}).is_valid(raise_exception=True)


FAILURES = {f.__name__: f for f in (outage, bug, conflict, limited, missing, forbidden, suspicious, too_large, invalid)}


def plain(request: HttpRequest, kind: str) -> HttpResponse:
    FAILURES[kind]()
    return HttpResponse("never")


@api_view(["GET"])
def rest(request: Request, kind: str) -> Response:
    FAILURES[kind]()
    return Response("never")


@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


urlpatterns: list[URLPattern] = [
    path("v1/plain/<kind>", plain),
    path("api/rest/<kind>", rest),
    path("webhooks/only-post", only_post),
    path("page/<kind>", plain),
]
