"""Secrets at rest, and keyed fingerprints of what must be found again but not read.

A sealed value is a Fernet token (AES-128-CBC with HMAC-SHA256) under the newest of `settings.ENCRYPTION_KEYS`; all keys
can open. The token carries the table, row and field it was made for, so it cannot be moved to another place.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from functools import lru_cache
from typing import TypedDict

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_proof: Callable[[], None] | None = None


class NotPreparedError(Exception):
    """The database has no place yet for what was asked of it: its migrations wait for `aro up`."""


class Place(TypedDict):
    """Where a sealed value belongs."""

    table: str
    row: object
    field: str


class SecretError(Exception):
    """A secret cannot be sealed or opened. The message never contains the secret or the token."""


class KeyMissingError(SecretError):
    """The installation has no usable key."""


class SealBrokenError(SecretError):
    """The token was made with a key we do not have, was changed, or belongs to another place."""


def seal(value: str, *, table: str, row: object, field: str) -> str:
    """Encrypts `value` for exactly this place. Raises `KeyMissingError`."""
    inside = json.dumps({"place": _place(table, row, field), "value": value})
    return _keyring().encrypt(inside.encode("utf-8")).decode("ascii")


def open_sealed(token: str, *, table: str, row: object, field: str) -> str:
    """The value that `seal` was given. Raises `SealBrokenError` or `KeyMissingError`."""
    inside = json.loads(_decrypt(_keyring(), token))
    if inside["place"] != _place(table, row, field):
        raise SealBrokenError(
            f"The secret in {table}.{field} was sealed for another place: the row was copied or tampered with. "
            "Enter the secret again."
        )
    return str(inside["value"])


def is_current(token: str) -> bool:
    """Whether the newest key seals the token; otherwise `rotate` it."""
    try:
        _decrypt(_keyring()[0], token)
    except SealBrokenError:
        return False
    return True


def is_readable(token: str) -> bool:
    """Whether any of the present keys opens the token, whatever place it belongs to."""
    try:
        _decrypt(_keyring(), token)
    except SealBrokenError:
        return False
    return True


def rotate(token: str, *, table: str, row: object, field: str) -> str:
    """The same secret under the newest key. Raises as `open_sealed` does."""
    return seal(open_sealed(token, table=table, row=row, field=field), table=table, row=row, field=field)


def fingerprint(value: str, *, purpose: str) -> str:
    """A keyed hash of `value`: 64 hex digits. Equal values match within one `purpose` and never across two.

    Its key does not rotate, because stored fingerprints must go on matching. Raises `KeyMissingError`.
    """
    return fingerprint_with(settings.HMAC_KEY, value, purpose=purpose)


def fingerprint_with(secret: str, value: str, *, purpose: str) -> str:
    """`fingerprint` under another key than the installation's. Raises `KeyMissingError`."""
    return hmac.new(_derived(secret, purpose), value.encode("utf-8"), hashlib.sha256).hexdigest()


def refuse_unusable() -> None:
    """Raises `KeyMissingError` when there is no encryption key, or one that is damaged."""
    _keyring()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(one.encode("utf-8"), other.encode("utf-8"))


def _place(table: str, row: object, field: str) -> list[str]:
    return [table, str(row), field]


class _Keyring(MultiFernet):
    """The keys, newest first."""

    def __init__(self, fernets: list[Fernet]) -> None:
        super().__init__(fernets)
        self._all = fernets

    def __getitem__(self, index: int) -> Fernet:
        return self._all[index]


def _keyring() -> _Keyring:
    return _built(tuple(settings.ENCRYPTION_KEYS))


@lru_cache(maxsize=4)
def _built(keys: tuple[str, ...]) -> _Keyring:
    if not keys:
        raise KeyMissingError(
            "There is no encryption key. `aro up` makes one at its first start; or set ARO_ENCRYPTION_KEYS."
        )
    try:
        return _Keyring([Fernet(key) for key in keys])
    except ValueError as error:
        raise KeyMissingError(
            "An encryption key is damaged: each must be 32 bytes in URL-safe base64. "
            "Put back the keys that were backed up, newest first."
        ) from error


def _decrypt(fernet: Fernet | MultiFernet, token: str) -> bytes:
    try:
        return fernet.decrypt(token.encode("utf-8"))
    except InvalidToken as error:
        raise SealBrokenError(
            "A stored secret cannot be read with the present encryption keys. "
            "Add the key it was sealed with to ARO_ENCRYPTION_KEYS, or enter the secret again."
        ) from error


@lru_cache(maxsize=64)
def _derived(secret: str, purpose: str) -> bytes:
    """One key per purpose (HKDF, RFC 5869), so that a fingerprint for one purpose says nothing about another."""
    if not secret:
        raise KeyMissingError("There is no HMAC key. `aro up` makes one at its first start; or set ARO_HMAC_KEY.")
    info = f"aro:{purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret.encode("utf-8"))


def prove_with(function: Callable[[], None]) -> None:
    """`function()` raises what `prove` raises."""
    global _proof  # noqa: PLW0603
    _proof = function


def prove() -> None:
    """That the keys at hand are this database's own. Cheap once they were. Raises `SecretError` when they are not,
    `NotPreparedError` before the migrations, and `DatabaseError`."""
    if _proof is None:
        raise RuntimeError("nobody registered a proof of the keys: AroConfig.ready does")
    _proof()
