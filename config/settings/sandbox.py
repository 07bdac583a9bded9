"""Sandbox mode: every provider is the sandbox process, the secrets are public, and the clock can be moved."""

from __future__ import annotations

from aro import clock
from aro.ops import paths
from config import sandbox_values
from config.settings.base import *  # noqa: F403

for _name, _value in sandbox_values.VALUES.items():
    if not globals().get(_name):
        globals()[_name] = _value
PUBLIC_BASE_URL = PUBLIC_BASE_URL or f"http://127.0.0.1:{PORT}"  # noqa: F405
PROVIDER_BASE_URLS = {
    "calendly": f"{SANDBOX_URL}/calendly",  # noqa: F405
    "acuity": f"{SANDBOX_URL}/acuity",  # noqa: F405
    "square": f"{SANDBOX_URL}/square",  # noqa: F405
    "calcom": f"{SANDBOX_URL}/calcom",  # noqa: F405
    "easyappointments": f"{SANDBOX_URL}/easyappointments",  # noqa: F405
    "twilio": f"{SANDBOX_URL}/twilio",  # noqa: F405
    "stripe": f"{SANDBOX_URL}/stripe",  # noqa: F405
    "email": f"{SANDBOX_URL}/mail",  # noqa: F405
    "llm": LLM_BASE_URL,  # noqa: F405
}
# Nothing leaves this machine: the sandbox shows the e-mails beside the texts.
EMAIL_BACKEND = "integrations.providers.smtp.sandbox_backend.EmailBackend"
DEFAULT_FROM_EMAIL = "clinic@sandbox.example"
clock.follow(paths.sandbox_home() / "run" / "clock.json")  # noqa: F405
