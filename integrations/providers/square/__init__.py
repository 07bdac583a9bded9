"""Square: bookings."""

from __future__ import annotations

from integrations.providers.shared.policies import RateLimit, booking
from integrations.providers.shared.vendor import Vendor
from integrations.providers.square.webhook import Square

VENDOR = Vendor(
    name="square",
    adapters=(Square(),),
    policy=booking(RateLimit(per_second=2, burst=10)),  # undisclosed; a booking costs up to three calls
)
