"""The installation's own keys: made once at the first start, one file each, mode 0600, outside the database."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable

from aro import paths
from aro.ops.files import private_directory, write_private


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode("ascii")


def _token() -> str:
    return secrets.token_urlsafe(48)


MAKERS: dict[str, Callable[[], str]] = {
    "secret_key": _token,
    "encryption_keys": _fernet_key,
    "hmac_key": _token,
    "flower_password": lambda: secrets.token_urlsafe(15),
}


def place(name: str) -> str:
    """Where this process has the key `name` from, in words for a person who must put another one there."""
    setting = f"ARO_{name.upper()}"
    if os.environ.get(f"{setting}_FILE"):
        return f"{os.environ[f'{setting}_FILE']} (named by {setting}_FILE)"
    return f"the setting {setting}" if os.environ.get(setting) else str(paths.home() / "keys" / name)


def ensure() -> list[str]:
    """Makes the keys that are missing and returns their names. An existing key is never replaced."""
    directory = private_directory(paths.home() / "keys")
    missing = [name for name in MAKERS if not paths.key(name)]
    for name in missing:
        write_private(directory / name, MAKERS[name]() + "\n")
    return missing
