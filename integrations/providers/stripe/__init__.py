"""Stripe: deposits."""

from __future__ import annotations

from integrations.providers.shared.policies import PAYMENT, Policy, RateLimit, RetryPolicy
from integrations.providers.shared.vendor import Vendor
from integrations.providers.stripe.payments import StripeLinks
from integrations.providers.stripe.webhook import Stripe

VENDOR = Vendor(
    name="stripe",
    adapters=(Stripe(),),
    payments=StripeLinks(),
    policy=Policy(
        domain="payment",
        breaker=PAYMENT,
        retry=RetryPolicy(attempts=2, growth="linear", first=2, longest=5),
        limit=RateLimit(per_second=100, burst=5),
    ),
)
