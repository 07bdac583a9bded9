"""Takes personal data and secrets out of whatever leaves the database: logs, error reports, diagnostics.

Patterns err on the side of hiding. Ids, times and hashes are recognised first, so that logs stay useful. Every
repetition that could start anywhere is bounded (RFC 5321 and RFC 1035 limit an address), so that no text takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings

from aro.stores import broker_address

HIDDEN = "[hidden]"
# What is shorter would hide ordinary words and numbers.
SHORTEST_SECRET = 8
# Values under these keys are hidden whole, because a name or a text has no pattern.
PRIVATE_KEYS = frozenset(
    {"phone", "email", "address", "recipient", "body", "text", "subject", "password", "token", "secret", "api_key"}
    | {"first_name", "last_name", "full_name", "customer_name", "patient_name", "credentials", "vars"}
    | {"authorization", "cookie", "cookies", "set-cookie", "x-twilio-signature"}
)
_SECRET_SETTING = re.compile(r"(KEY|KEYS|SECRET|TOKEN|PASSWORD|DSN|KEY_FALLBACKS|HEARTBEAT_URL)$")
_PATTERN = re.compile(
    r"""
    (?P<keep>
        (?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])
      | (?<!\w)[a-z]{0,2}(?=[0-9]*[a-f])[0-9a-f]{32,64}(?!\w)                   # hashes, trace ids, Twilio's SIDs
      | (?<![\d+])(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)                            # ISO 8601
        (?:[T ][0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?(?!\d))?
      | (?<![\d.])(?:127\.0\.0\.1|0\.0\.0\.0)(?![\d.])
      | (?<![\d.])0\.\d+(?![\d.])
    )
  | (?P<credentials>://)[^/\s:@]{0,64}:[^/\s@]{1,200}@
  | (?P<bearer>\b(?:bearer|basic)\s+)[\w.~+/=-]{16,}
  | (?P<provider_key>\b(?:(?:sk|rk)_(?:live|test)_|whsec_))[\w+/=]+
  | (?P<row>\b(?:DETAIL:\s|Failing\ row\ contains\s))[^\n]*                     # PostgreSQL quotes the row's values
  | (?P<email>[\w.+'-]{1,64}+(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+)
  | (?P<phone>\+?\d(?:[ \t\u00a0().\-/\u2010-\u2015]{0,3}\d){6,})
    """,
    re.VERBOSE | re.IGNORECASE,
)

_added: set[str] = set()


def hide(*secrets: str) -> None:
    """From now on these values are hidden too, e.g. a credential that was just decrypted."""
    _added.update(secret for secret in secrets if len(secret) >= SHORTEST_SECRET)
    _secret_values.cache_clear()


def forget() -> None:
    """Reads the secrets from settings anew and drops what `hide` added; for settings that change while running."""
    _added.clear()
    _secret_values.cache_clear()


def text(value: str) -> str:
    """`value` without secrets, e-mail addresses and phone numbers; a phone keeps its last two digits."""
    secrets = _secret_values()
    return _PATTERN.sub(_masked, secrets.sub(HIDDEN, value) if secrets else value)


def anything(value: Any) -> Any:
    """`text` for every string within mappings and sequences; other objects are turned into scrubbed text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {text(str(key)): _under(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [anything(inner) for inner in value]
    return text(value if isinstance(value, str) else str(value))


def _under(key: str, value: Any) -> Any:
    return HIDDEN if key.lower() in PRIVATE_KEYS and value else anything(value)


def _masked(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    if kind == "keep":
        return match[0]
    if kind == "phone":
        return f"***{match[0][-2:]}"
    if kind == "credentials":
        return f"://{HIDDEN}@"
    return HIDDEN if kind == "email" else match[kind] + HIDDEN


@lru_cache(maxsize=1)
def _secret_values() -> re.Pattern[str] | None:
    """All secret values in one pattern, longest first, so that no part of one is left over."""
    found = set(_added)
    if settings.configured:
        found.update(value for value in _from_settings() if len(value) >= SHORTEST_SECRET)
    ordered = sorted(found, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None


def _from_settings() -> Iterable[str]:
    for name in dir(settings):
        if _SECRET_SETTING.search(name):
            value = getattr(settings, name)
            yield from [value] if isinstance(value, str) else (v for v in value or () if isinstance(v, str))
    yield str(settings.DATABASES["default"].get("PASSWORD") or "")
    yield from broker_address.passwords_in(settings.CELERY_BROKER_URL)
