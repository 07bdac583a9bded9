"""Checks signatures by Standard Webhooks (standardwebhooks.com, spec/standard-webhooks.md).

Signed is `id.timestamp.body` with HMAC-SHA256. The key is the base64 after `whsec_`, decoded. The signature header is a
list separated by spaces, because a sender signs with both keys while one replaces the other. The package of the same
name is not used for this: it asks the machine's clock, and ARO's can be moved in sandbox mode.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from integrations.providers.shared.base import BadSignatureError, NotConfiguredError
from integrations.providers.shared.signatures import same

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX = "whsec_"
SHORTEST_KEY, LONGEST_KEY = 24, 64
# Both directions: a timestamp from the future is as suspect as an old one.
TOLERANCE_SECONDS = 300
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
# Printable ASCII: what the sender signed is then what the server read, whatever it took the header's bytes for.
_ID = re.compile(r"[\x21-\x7e]{1,255}")


def keys(secrets: Sequence[str], *, name: str) -> list[bytes]:
    """The decoded keys. Raises `NotConfiguredError` when one is not `whsec_` and base64 of 24 to 64 bytes."""
    return [_key(secret, name) for secret in secrets]


def check(*, headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: datetime) -> None:
    """Raises `BadSignatureError` unless one `v1` signature fits one key and the time is within five minutes of `now`.

    `headers`: names in lower case.
    """
    message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not _ID.fullmatch(message_id) or not _SECONDS.fullmatch(timestamp):
        raise BadSignatureError(f"{ID} or {TIMESTAMP} is missing or unreadable")
    given = [value for kind, _, value in map(_parted, headers.get(SIGNATURE, "").split()) if kind == "v1"]
    signed = f"{message_id}.{timestamp}.".encode("ascii") + body
    expected = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
    if not any(same(ours, theirs) for ours in expected for theirs in given):
        raise BadSignatureError("wrong signature")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise BadSignatureError("timestamp outside the tolerance")


def _parted(signature: str) -> tuple[str, str, str]:
    return signature.partition(",")


def _key(secret: str, name: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else b""
    except (binascii.Error, ValueError):
        key = b""
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise NotConfiguredError(f"{name} (whsec_ and the base64 of {SHORTEST_KEY} to {LONGEST_KEY} random bytes)")
    return key
