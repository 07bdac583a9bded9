"""The payment provider in use. The one place that names it, so that the executor does not."""

from datetime import timedelta

from integrations.providers.stripe.api import (
    LONGEST_LOOK_UP_SECONDS,
    create_deposit_link,
    deactivate,
    find_deposit_link,
    payments_by,
)

PROVIDER = "stripe"
# For a day Stripe gives the same answer to the same key, a 500 of its own included
# (docs.stripe.com/api/idempotent_requests, 2026). After this long the link is looked for, and then has another key.
KEY_USED_FOR = timedelta(minutes=10)
# What it says of a link that it does not know.
UNKNOWN_LINK = "resource_missing"

__all__ = [
    "KEY_USED_FOR",
    "LONGEST_LOOK_UP_SECONDS",
    "PROVIDER",
    "UNKNOWN_LINK",
    "create_deposit_link",
    "deactivate",
    "find_deposit_link",
    "payments_by",
]
