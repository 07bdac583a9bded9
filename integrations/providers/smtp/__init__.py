"""A mail server: e-mail."""

from __future__ import annotations

from integrations.providers.shared.policies import MESSAGING, Policy, RateLimit, RetryPolicy
from integrations.providers.shared.vendor import Vendor
from integrations.providers.smtp.carrier import Smtp

VENDOR = Vendor(
    name="email",
    carrier=Smtp(),
    policy=Policy(
        domain="messaging",
        breaker=MESSAGING,
        # A mail server that greylists wants to be asked again after minutes, not seconds.
        retry=RetryPolicy(attempts=5, growth="exponential", first=30, longest=600),
        limit=RateLimit(per_second=1, burst=10),
    ),
)
