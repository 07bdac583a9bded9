"""The address under which providers and patients reach ARO: what is wrong with it, before anything is started."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_EXAMPLE = "PUBLIC_BASE_URL=https://aro.example.com"


def problem(url: str) -> str:
    """In plain words with the way out; empty when live mode can use it."""
    if not url.strip():
        return (
            "PUBLIC_BASE_URL is not set. Set it to the https address that Calendly, Twilio and Stripe call: their "
            f"signatures cover it. For example {_EXAMPLE}; or start with ARO_MODE=sandbox to try ARO out."
        )
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return f"PUBLIC_BASE_URL is no address. Write it like {_EXAMPLE}."
    if parts.scheme != "https":
        return (
            f"PUBLIC_BASE_URL begins with {parts.scheme or 'no scheme'!r}, and live mode needs https: what providers "
            f"tell of patients would cross the internet readable for everybody. Write it like {_EXAMPLE}; a reverse "
            "proxy (Caddy, nginx) speaks https for ARO."
        )
    if not host or parts.query or parts.fragment or parts.username:
        return f"PUBLIC_BASE_URL is a host and perhaps a path, nothing else. Write it like {_EXAMPLE}."
    return ""


def is_loopback(host: str) -> bool:
    """Whether who listens on `host` is reached from this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
