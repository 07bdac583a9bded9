"""What each vendor's folder asks to be told: `vendor.toml` in it. So a new vendor needs no line in the settings.

`address`: where its API is (`address_setting`: or the setting that says so); empty where its SDK knows. `name` and
`sandbox_path` where they are not the folder's. Under `settings` each name: `secret` when it may also be given as a
file, and `sandbox`, its value in sandbox mode. Those values are public on purpose: anyone can sign a webhook by hand.
Live mode refuses them.
"""

from __future__ import annotations

import tomllib
from typing import Any

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


def addresses(given: dict[str, Any]) -> dict[str, str]:
    """Where each vendor's API is called."""
    return {
        vendor["name"]: vendor.get("address") or given.get(vendor.get("address_setting", ""), "") for vendor in _VENDORS
    }


def sandbox_addresses(url: str) -> dict[str, str]:
    """The same at the sandbox, which is at `url`."""
    return {vendor["name"]: f"{url}/{vendor.get('sandbox_path', vendor['name'])}" for vendor in _VENDORS}
