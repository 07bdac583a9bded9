"""The admin is read in the business's zone. A visit's times are shown in the visit's own zone wherever one is known."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from appointments.models import Business
from aro.desk.show import zone_of
from compliance.models import DEFAULT_TENANT

_ADMIN = "/admin/"


class BusinessZoneMiddleware:
    """Makes the business's zone the current one for the admin's pages, their rendering included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_ADMIN):
            return self._get_response(request)
        with timezone.override(zone_of(business_zone())):
            return self._get_response(request)


def business_zone() -> str:
    """The business's zone; empty while none is set up."""
    return Business.objects.filter(tenant_id=DEFAULT_TENANT).values_list("timezone", flat=True).first() or ""
