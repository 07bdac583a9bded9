"""Reads the environment: the only place that does, besides the launchers in `aro/ops` and `aro/cli`."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Env(environ.Env):  # type: ignore[misc]
    """Says which setting is wrong. Its value is not quoted: it may be a secret. One that is empty is unset."""

    def get_value(self, var: str, cast: Any = None, *more: Any, **options: Any) -> Any:
        if os.environ.get(var) == "" and "default" in options:
            return options["default"]
        try:
            return super().get_value(var, cast, *more, **options)
        except ValueError as error:
            kind = {int: "a whole number", bool: "on or off"}.get(cast, "of the form that .env.example shows")
            raise ImproperlyConfigured(f"{var} must be {kind}. Correct it, or unset it for its default.") from error

    def count(self, name: str, *, default: int) -> int:
        """A number of things or of minutes: 0 or more."""
        given = self.int(name, default=default)
        if given < 0:
            raise ImproperlyConfigured(f"{name} must be 0 or more. Correct it, or unset it for its default.")
        return int(given)


env = Env()

_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_NO_DATABASE = (
    "DATABASE_URL cannot be read. Write it like postgresql://user:password@host:5432/aro, with special characters "
    "percent-encoded; unset, ARO uses SQLite in its data directory."
)
_NO_NAME = (
    "DATABASE_URL names no database. Write its name behind the host and port, like "
    "postgresql://user:password@host:5432/aro; unset, ARO uses SQLite in its data directory."
)
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
        "ARO_TRUSTED_PROXIES",
        "ARO_TEST_DATABASE",
        "ARO_FLOWER_PASSWORD",
        "ARO_FLOWER_PASSWORD_FILE",
        "ARO_LOG_LEVEL",
        "ARO_SUPERVISED",
        "ARO_RATE_LIMITS",
        "ARO_SANDBOX_ON_NETWORK",
        "ARO_EMPTY_DATABASE",
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


def log_level(given: str) -> str:
    """ARO_LOG_LEVEL, in capitals."""
    level = given.strip().upper()
    if level not in _LOG_LEVELS:
        raise ImproperlyConfigured(f"ARO_LOG_LEVEL must be one of {', '.join(_LOG_LEVELS)}. Correct it, or unset it.")
    return level


def secret(name: str, default: str = "") -> str:
    """The value of `name`, or the content of the file that `name`_FILE points to, or `default`."""
    path = env.str(f"{name}_FILE", default="")
    if path:
        return _content(name, Path(path))
    return str(env.str(name, default=default))


def _content(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names {path}, which cannot be read. Correct the path, or the file's owner and mode."
        ) from error


def database(url: str) -> dict[str, Any]:
    """Django's settings for the database at `url`. Raises `ImproperlyConfigured` without quoting it."""
    try:
        with warnings.catch_warnings(action="ignore"):  # the library quotes what it does not know
            found: dict[str, Any] = env.db_url_config(url)
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(_NO_DATABASE) from error
    if found.get("ENGINE") not in _ENGINES:
        raise ImproperlyConfigured(_NO_DATABASE)
    return _named(found)


def _named(found: dict[str, Any]) -> dict[str, Any]:
    """libpq also takes the database's name, or a whole service, behind a question mark."""
    options = found.get("OPTIONS", {})
    found["NAME"] = found.get("NAME") or options.pop("dbname", "")
    if not found["NAME"] and "service" not in options:
        raise ImproperlyConfigured(_NO_NAME)
    return found


def mail(url: str) -> dict[str, Any]:
    """Django's settings for the mail server at `url`. Raises `ImproperlyConfigured` without quoting it."""
    try:
        return dict(env.email_url_config(url))
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. Write it like smtp+tls://user:password@mail.example.com:587, with special "
            "characters percent-encoded."
        ) from error
