"""Twilio: texts and WhatsApp."""

from __future__ import annotations

from integrations.providers.shared.policies import MESSAGING, Policy, RateLimit, RetryPolicy
from integrations.providers.shared.vendor import Vendor
from integrations.providers.twilio.carrier import Twilio
from integrations.providers.twilio.webhook import TwilioSms, TwilioStatus

VENDOR = Vendor(
    name="twilio",
    adapters=(TwilioSms(), TwilioStatus()),
    carrier=Twilio(),
    policy=Policy(
        domain="messaging",
        breaker=MESSAGING,
        retry=RetryPolicy(attempts=5, growth="exponential", first=0.5, longest=30),
        limit=RateLimit(per_second=1, burst=10),  # 60 a minute
    ),
)
