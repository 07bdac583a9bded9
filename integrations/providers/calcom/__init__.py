"""Cal.com: bookings."""

from __future__ import annotations

from integrations.providers.calcom.webhook import Calcom
from integrations.providers.shared.policies import RateLimit, booking
from integrations.providers.shared.vendor import Vendor

VENDOR = Vendor(
    name="calcom",
    adapters=(Calcom(),),
    policy=booking(RateLimit(per_second=1.5, burst=20)),  # 120 a minute and key are allowed
)
