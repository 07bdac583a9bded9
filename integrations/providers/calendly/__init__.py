"""Calendly: bookings."""

from __future__ import annotations

from integrations.providers.calendly.webhook import Calendly
from integrations.providers.shared.policies import RateLimit, booking
from integrations.providers.shared.vendor import Vendor

VENDOR = Vendor(
    name="calendly",
    adapters=(Calendly(),),
    policy=booking(RateLimit(per_second=100 / 3600, burst=20)),  # 100 an hour
)
