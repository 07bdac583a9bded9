"""Telnyx: texts."""

from __future__ import annotations

from integrations.providers.shared.policies import MESSAGING, Policy, RateLimit, RetryPolicy
from integrations.providers.shared.vendor import Vendor
from integrations.providers.telnyx.carrier import Telnyx
from integrations.providers.telnyx.webhook import TelnyxReports, TelnyxTexts

VENDOR = Vendor(
    name="telnyx",
    adapters=(TelnyxTexts(), TelnyxReports()),
    carrier=Telnyx(),
    policy=Policy(
        domain="messaging",
        breaker=MESSAGING,
        retry=RetryPolicy(attempts=5, growth="exponential", first=0.5, longest=30),
        limit=RateLimit(per_second=1, burst=10),  # 60 a minute, well below what a long code may send
    ),
)
