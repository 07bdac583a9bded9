"""A server without its keys or its public address must not start; a command that needs none may run."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from aro.ops import paths
from config.env import secret


def refuse_missing() -> None:
    """Raises `ImproperlyConfigured` when sign-ins, opt-outs and stored secrets would hang on keys made up at start."""
    found = {
        "ARO_SECRET_KEY": secret("ARO_SECRET_KEY") or paths.key("secret_key"),
        "ARO_ENCRYPTION_KEYS": settings.ENCRYPTION_KEYS,
    }
    if settings.ARO_MODE == "live" and not settings.PUBLIC_BASE_URL:
        raise ImproperlyConfigured(
            "PUBLIC_BASE_URL is not set. Set it to the https address that Calendly, Twilio and Stripe call: their "
            "signatures cover it."
        )
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise ImproperlyConfigured(
            f"{' and '.join(missing)} not found. `aro up` makes them on its first start; on further machines set the "
            "same values."
        )
