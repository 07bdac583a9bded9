"""Acuity Scheduling: bookings."""

from __future__ import annotations

from integrations.providers.acuity.webhook import Acuity
from integrations.providers.shared.policies import RateLimit, booking
from integrations.providers.shared.vendor import Vendor

VENDOR = Vendor(
    name="acuity",
    adapters=(Acuity(),),
    policy=booking(RateLimit(per_second=5, burst=10)),  # 10 a second and address are allowed
)
