"""What the sandbox is told by its environment. The only file here that reads it."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from integrations.sandbox.carriers import CARRIERS, SENDERS

# Public on purpose, so that anyone can sign a webhook by hand; ARO's sandbox settings hold the same values.
DEFAULTS: dict[str, str] = {
    "CALENDLY_API_TOKEN": "sandbox-calendly-token",
    "CALENDLY_WEBHOOK_SECRET": "sandbox-calendly-signing-key",
    "ACUITY_USER_ID": "10000001",
    "ACUITY_API_KEY": "sandbox-acuity-api-key",
    "SQUARE_ACCESS_TOKEN": "sandbox-square-access-token",
    "SQUARE_WEBHOOK_SIGNATURE_KEY": "sandbox-square-signature-key",
    "CALCOM_API_KEY": "sandbox-calcom-api-key",
    "CALCOM_WEBHOOK_SECRET": "sandbox-calcom-secret",
    "CUSTOM_WEBHOOK_SECRET": "whsec_c2FuZGJveC1jdXN0b20td2ViaG9vay1zZWNyZXQ=",
    "EASYAPPOINTMENTS_API_TOKEN": "sandbox-easyappointments-api-token",
    "EASYAPPOINTMENTS_WEBHOOK_TOKEN": "sandbox-easyappointments-webhook-token",
    "STRIPE_SECRET_KEY": "sk_test_sandbox",
    "STRIPE_WEBHOOK_SECRET": "whsec_sandbox",
    **{name: value for sender in SENDERS for name, value in sender.secrets.items()},
}


class SettingsError(Exception):
    """The environment is wrong; the message says what to change."""


@dataclass(frozen=True)
class Settings:
    """Where the sandbox lives, whom it calls, and the secrets both sides know."""

    home: Path
    web_port: int
    port: int
    public_base_url: str
    secrets: Mapping[str, str]
    text_carrier: str = "twilio"
    # Real providers go on for a day or more; this outlasts every outage that is played.
    retry_for_seconds: float = 3600.0

    @property
    def web_url(self) -> str:
        """Where ARO really listens, whatever its public address is."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def own_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def secret(self, name: str) -> str:
        """The newest value: during a rotation ARO holds `new,old`, and a provider signs with the new one."""
        return self.secrets.get(name, "").split(",")[0].strip()


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Raises SettingsError with the way out."""
    env = os.environ if environ is None else environ
    secrets = {name: _secret(env, name) for name in DEFAULTS}
    _check_custom_secret(secrets["CUSTOM_WEBHOOK_SECRET"])
    web_port, port = _port(env, "PORT", 3000), _port(env, "SANDBOX_PORT", 3900)
    public = env.get("PUBLIC_BASE_URL") or f"http://127.0.0.1:{web_port}"
    return Settings(
        home=Path(env.get("ARO_HOME") or Path.home() / ".aro").expanduser().absolute(),
        web_port=web_port,
        port=port,
        public_base_url=public.rstrip("/"),
        secrets=secrets,
        text_carrier=_text_carrier(env),
    )


def _text_carrier(env: Mapping[str, str]) -> str:
    wanted, known = env.get("TEXT_CARRIER") or "twilio", [carrier.name for carrier in CARRIERS]
    if wanted not in known:
        raise SettingsError(f"TEXT_CARRIER must be one of {', '.join(known)}. Correct it and start again.")
    return wanted


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise SettingsError(
            f"{name} must be a port number between 1 and 65535, not {text[:20]!r}. Correct it and start again."
        )
    return int(text)


def _check_custom_secret(text: str) -> None:
    try:
        base64.b64decode(text.split(",")[0].strip().removeprefix("whsec_") + "==", validate=False)
    except ValueError as error:
        raise SettingsError(
            "CUSTOM_WEBHOOK_SECRET must be whsec_ followed by base64. Correct it and start again."
        ) from error


def _secret(env: Mapping[str, str], name: str) -> str:
    path = env.get(f"{name}_FILE", "")
    if not path:
        return env.get(name) or DEFAULTS.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"{name}_FILE names a file that cannot be read. Correct the path or its permissions."
        ) from error
