"""Chooses the settings module from `ARO_MODE`, unless `DJANGO_SETTINGS_MODULE` is given."""

from __future__ import annotations

import os

MODULES = {"sandbox": "config.settings.sandbox", "live": "config.settings.production"}


def choose() -> None:
    """Sets `DJANGO_SETTINGS_MODULE`; raises `SystemExit` with one plain line for an unknown mode."""
    mode = os.environ.get("ARO_MODE", "live")
    if mode not in MODULES:
        raise SystemExit(f"ARO_MODE is {mode!r}; use 'sandbox' to try ARO out or 'live' to send real messages.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", MODULES[mode])
