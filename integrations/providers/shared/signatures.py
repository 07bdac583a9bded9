"""Signatures of the form `t=<unix seconds>,v1=<hex>` (Calendly, Stripe) and what all checks share."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime

from integrations.providers.shared.base import BadSignatureError, NotConfiguredError

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


def secrets_in(setting: str, *, name: str) -> list[str]:
    """The live secrets: one, or two separated by a comma while one replaces the other.

    Raises `NotConfiguredError` when there is none, because an empty secret would let anybody sign.
    """
    found = [part.strip() for part in setting.split(",") if part.strip()]
    if not found:
        raise NotConfiguredError(name)
    return found


def same(left: str, right: str) -> bool:
    """Equal, compared in constant time; safe for any characters."""
    return hmac.compare_digest(left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass"))


def check_timed(*, header: str, body: bytes, secrets: Sequence[str], now: datetime, tolerance: float) -> None:
    """Raises `BadSignatureError` unless one `v1` fits one secret and `t` is within `tolerance` seconds of `now`.

    Both directions count: a timestamp from the future is as suspect as an old one.
    """
    timestamp, signatures = _read(header)
    expected = [_sign(secret, timestamp, body) for secret in secrets]
    if not any(same(ours, theirs) for ours in expected for theirs in signatures):
        raise BadSignatureError("wrong signature")
    if abs(now.timestamp() - int(timestamp)) > tolerance:
        raise BadSignatureError("timestamp outside the tolerance")


def _read(header: str) -> tuple[str, list[str]]:
    pairs = [part.strip().partition("=") for part in header.split(",")]
    timestamps = [value for name, _, value in pairs if name == "t"]
    signatures = [value for name, _, value in pairs if name == "v1"]
    if len(timestamps) != 1 or not signatures or not _TIMESTAMP.fullmatch(timestamps[0]):
        raise BadSignatureError("missing or unreadable signature")
    return timestamps[0], signatures


def _sign(secret: str, timestamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
