"""Sandbox mode: every provider is the sandbox process, the secrets are public, and the clock can be moved."""

from __future__ import annotations

from aro import clock, paths
from config import vendors
from config.settings.base import *  # noqa: F403

for _name, _value in vendors.SANDBOX_VALUES.items():
    if not globals().get(_name):
        globals()[_name] = _value
PUBLIC_BASE_URL = PUBLIC_BASE_URL or f"http://127.0.0.1:{PORT}"  # noqa: F405
PROVIDER_BASE_URLS = {**vendors.sandbox_addresses(SANDBOX_URL), "llm": LLM_BASE_URL}  # noqa: F405
# Nothing leaves this machine: the sandbox shows the e-mails beside the texts.
EMAIL_BACKEND = "integrations.providers.smtp.sandbox_backend.EmailBackend"
DEFAULT_FROM_EMAIL = "clinic@sandbox.example"
clock.follow(paths.sandbox_home() / "run" / "clock.json")  # noqa: F405
