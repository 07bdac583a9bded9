"""Resend: e-mail by an HTTP API."""

from __future__ import annotations

from integrations.providers.resend.carrier import Resend
from integrations.providers.resend.webhook import ResendEvents
from integrations.providers.shared.policies import MESSAGING, Policy, RateLimit, RetryPolicy
from integrations.providers.shared.vendor import Vendor

VENDOR = Vendor(
    name="resend",
    adapters=(ResendEvents(),),
    carrier=Resend(),
    policy=Policy(
        domain="messaging",
        breaker=MESSAGING,
        retry=RetryPolicy(attempts=5, growth="exponential", first=2, longest=60),
        limit=RateLimit(per_second=1, burst=2),  # Resend takes two a second (resend.com/docs/api-reference/rate-limit)
    ),
)
