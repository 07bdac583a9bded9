"""What the menu shows beside its names."""

from __future__ import annotations

from django.http import HttpRequest

from appointments.models import Business, Escalation
from compliance.models import DEFAULT_TENANT


def open_cases(request: HttpRequest) -> int:
    """How many cases wait for a person."""
    return Escalation.objects.filter(tenant_id=DEFAULT_TENANT, status=Escalation.Status.OPEN).count()


def business_line(request: HttpRequest) -> str:
    """The business and the zone in which the admin's other times are shown."""
    business = Business.objects.filter(tenant_id=DEFAULT_TENANT).only("name", "timezone").first()
    return f"{business.name} · {business.timezone}" if business else "No business is set up yet"
