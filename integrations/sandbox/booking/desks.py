"""The booking providers by name."""

from __future__ import annotations

from integrations.sandbox.booking import acuity, calcom, calendly, custom, easyappointments, square
from integrations.sandbox.booking.bookings import Desk

DESKS: dict[str, Desk] = {
    "calendly": calendly.DESK,
    "acuity": acuity.DESK,
    "square": square.DESK,
    "calcom": calcom.DESK,
    "custom": custom.DESK,
    "easyappointments": easyappointments.DESK,
}
