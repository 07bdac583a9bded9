"""Reads the environment: the only place that does, besides the launchers in `aro/ops` and `aro/cli`."""

from __future__ import annotations

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

KNOWN_ARO_NAMES = frozenset(
    {
        "ARO_HOME",
        "ARO_MODE",
        "ARO_SECRET_KEY",
        "ARO_SECRET_KEY_FILE",
        "ARO_ENCRYPTION_KEYS",
        "ARO_ENCRYPTION_KEYS_FILE",
        "ARO_HMAC_KEY",
        "ARO_HMAC_KEY_FILE",
        "ARO_HEARTBEAT_URL",
        "ARO_HEARTBEAT_URL_FILE",
        "ARO_ALLOWED_HOSTS",
        "ARO_TEST_DATABASE",
        "ARO_FLOWER_PASSWORD",
        "ARO_LOG_LEVEL",
        "ARO_SUPERVISED",
        "ARO_RATE_LIMITS",
    }
)


def refuse_unknown_names() -> None:
    """A misspelt `ARO_*` name is an error, because a setting that is silently ignored is worse than none."""
    unknown = sorted(name for name in os.environ if name.startswith("ARO_") and name not in KNOWN_ARO_NAMES)
    if unknown:
        raise ImproperlyConfigured(
            f"Unknown setting {', '.join(unknown)}. Known names: {', '.join(sorted(KNOWN_ARO_NAMES))}. "
            "Correct the spelling or remove it."
        )


def secret(name: str, default: str = "") -> str:
    """The value of `name`, or the content of the file that `name`_FILE points to, or `default`."""
    path = env.str(f"{name}_FILE", default="")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return str(env.str(name, default=default))
