"""How the providers are doing, for the Today page: from the health registry's stored results, never by asking them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from aro.desk.show import Tone, badge
from aro.watch import health


@dataclass(frozen=True, kw_only=True)
class Provider:
    name: str
    state: SafeString
    detail: str


_SHOWN: dict[str, str] = {
    "worker": "ARO's worker",
    "messaging_api": "Texts",
    "booking_api": "Booking system",
    "payment_api": "Payments",
}
_STATES: dict[str, tuple[str, Tone]] = {
    "up": ("Working", "green"),
    "degraded": ("Impaired", "amber"),
    "down": ("Not working", "red"),
    "off": ("Not in use yet", "grey"),
}


def providers() -> list[Provider]:
    """ARO's own worker first, then the outside services."""
    found = health.services()
    return [_shown(name, words, found[name]) for name, words in _SHOWN.items()]


def _shown(name: str, words: str, result: health.CheckResult) -> Provider:
    return Provider(name=words, state=badge(*_STATES[result.status]), detail=result.detail)
