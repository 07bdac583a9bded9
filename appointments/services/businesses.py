"""The business's own row."""

from __future__ import annotations

from appointments.models import Business
from aro.errors import ServiceUnavailableError
from aro.queue import rows
from compliance.models import DEFAULT_TENANT


def current(tenant_id: str = DEFAULT_TENANT) -> Business:
    """The tenant's business. Raises `ServiceUnavailableError` while none has been set up."""
    business = rows.first(Business, tenant_id=tenant_id)
    if business is None:
        raise ServiceUnavailableError("No business is set up yet. Run `aro demo`, or add it under Business.")
    return business
