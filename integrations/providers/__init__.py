"""The vendors ARO works with. A new one is a folder here and one line in `VENDORS`."""

from __future__ import annotations

from integrations.providers import (
    acuity,
    calcom,
    calendly,
    custom,
    easyappointments,
    resend,
    smtp,
    square,
    stripe,
    telnyx,
    twilio,
)
from integrations.providers.shared.base import Adapter
from integrations.providers.shared.carrier import Carrier
from integrations.providers.shared.payments import Payments
from integrations.providers.shared.policies import Policy
from integrations.providers.shared.vendor import Vendor

VENDORS: tuple[Vendor, ...] = (
    calendly.VENDOR,
    acuity.VENDOR,
    square.VENDOR,
    calcom.VENDOR,
    custom.VENDOR,
    easyappointments.VENDOR,
    stripe.VENDOR,
    twilio.VENDOR,
    telnyx.VENDOR,
    smtp.VENDOR,
    resend.VENDOR,
)
ADAPTERS: dict[str, Adapter] = {adapter.name: adapter for vendor in VENDORS for adapter in vendor.adapters}
CARRIERS: dict[str, Carrier] = {vendor.name: vendor.carrier for vendor in VENDORS if vendor.carrier}
PAYMENTS: dict[str, Payments] = {vendor.name: vendor.payments for vendor in VENDORS if vendor.payments}
POLICIES: dict[str, Policy] = {vendor.name: vendor.policy for vendor in VENDORS if vendor.policy}
