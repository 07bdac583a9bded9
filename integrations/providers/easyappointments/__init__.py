"""Easy!Appointments, on the clinic's own server: bookings."""

from __future__ import annotations

from integrations.providers.easyappointments.webhook import EasyAppointments
from integrations.providers.shared.policies import RateLimit, booking
from integrations.providers.shared.vendor import Vendor

VENDOR = Vendor(
    name="easyappointments",
    adapters=(EasyAppointments(),),
    policy=booking(RateLimit(per_second=5, burst=20)),  # the clinic's own server has no limit of its own: gently
)
