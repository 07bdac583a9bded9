"""A booking system of the clinic's own, or one that ARO does not know: bookings. It is never called."""

from __future__ import annotations

from integrations.providers.custom.webhook import Custom
from integrations.providers.shared.vendor import Vendor

VENDOR = Vendor(
    name="custom",
    adapters=(Custom(),),
)
