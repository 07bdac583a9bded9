"""Live mode. A sandbox value is refused here; missing keys or address where a server starts (`config.keys`)."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config import vendors
from config.settings.base import *  # noqa: F403

for _name, _value in vendors.SANDBOX_VALUES.items():
    if globals().get(_name) == _value:
        raise ImproperlyConfigured(
            f"{_name} still has its sandbox value. Set your own {_name}, or start with ARO_MODE=sandbox."
        )
_https = PUBLIC_BASE_URL.startswith("https://")  # noqa: F405
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^health", r"^ready", r"^webhooks/", r"^metrics", r"^api/v1/health"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31_536_000
# This host only. The domain is the clinic's: whether its other hosts are ever reached without https, and whether
# browsers are to have it in their built-in lists (out of which it comes only after months), is not ours to say.
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
