"""What each vendor's folder asks to be told: `vendor.toml` in it. So a new vendor needs no line in the settings.

`offers`: what it can be chosen for (TEXT_CARRIER, EMAIL_CARRIER, PAYMENT_PROVIDER). `address`: where its API is
(`address_setting`: or the setting that says so); empty where its SDK knows. `name` and `sandbox_path` where they are
not the folder's. `template_id`: what its names of approved wordings look like, and the words about it.

Under `settings` each name: `secret` when it may also be given as a file, `own_number` when ARO texts from it, and
`sandbox`, its value in sandbox mode. Those values are public on purpose: anyone can sign a webhook by hand. Live mode
refuses them.
"""

from __future__ import annotations

import tomllib
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from aro.project import ROOT
from config.env import env, secret

FILES = sorted((ROOT / "integrations" / "providers").glob("*/vendor.toml"))
_VENDORS: list[dict[str, Any]] = [
    {"name": file.parent.name, "settings": {}} | tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES
]
_ASKED: dict[str, dict[str, Any]] = {name: wanted for vendor in _VENDORS for name, wanted in vendor["settings"].items()}
SECRETS = frozenset(name for name, wanted in _ASKED.items() if wanted.get("secret"))
SANDBOX_VALUES: dict[str, str] = {name: wanted["sandbox"] for name, wanted in _ASKED.items() if "sandbox" in wanted}


def from_environment() -> dict[str, str]:
    """Every setting that a vendor asks for; empty when it is not given."""
    return {name: secret(name) if name in SECRETS else env.str(name, default="") for name in _ASKED}


def choice(setting: str, given: str) -> str:
    """The vendor that a setting chooses. Raises `ImproperlyConfigured` for one that cannot do it."""
    able = sorted(vendor["name"] for vendor in _VENDORS if setting in vendor.get("offers", ()))
    if given not in able:
        raise ImproperlyConfigured(f"{setting} must be one of {', '.join(able)}. Correct it, or unset it.")
    return given


def own_number_settings() -> tuple[str, ...]:
    """The settings that name the numbers which ARO texts from."""
    return tuple(name for name, wanted in _ASKED.items() if wanted.get("own_number"))


def template_id(carrier: str) -> tuple[str, str]:
    """What this carrier's names of approved wordings look like, and the words for one that is none."""
    known: dict[str, str] = next(
        (v["template_id"] for v in _VENDORS if v["name"] == carrier and "template_id" in v), {}
    )
    return known.get("form", "(?!)"), known.get("words", "The carrier of your texts has no approved wordings.")


def addresses(given: dict[str, Any]) -> dict[str, str]:
    """Where each vendor's API is called."""
    return {
        vendor["name"]: vendor.get("address") or given.get(vendor.get("address_setting", ""), "") for vendor in _VENDORS
    }


def sandbox_addresses(url: str) -> dict[str, str]:
    """The same at the sandbox, which is at `url`."""
    return {vendor["name"]: f"{url}/{vendor.get('sandbox_path', vendor['name'])}" for vendor in _VENDORS}
