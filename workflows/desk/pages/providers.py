"""How the providers are doing, for the Today page: from the health registry's stored results, never by asking them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aro.desk.show import Tone, badge
from aro.watch import health


@dataclass(frozen=True, kw_only=True)
class Provider:
    name: str
    state: SafeString
    detail: str
    # What is wrong is read, not looked for under the pointer.
    wrong: bool


_SHOWN: dict[str, str | Promise] = {
    "worker": _("ARO's worker"),
    "messaging_api": _("Texts"),
    "booking_api": _("Booking system"),
    "payment_api": _("Payments"),
}
_STATES: dict[str, tuple[str | Promise, Tone]] = {
    "up": (_("Working"), "green"),
    "degraded": (_("Impaired"), "amber"),
    "down": (_("Not working"), "red"),
    "off": (_("Not in use yet"), "grey"),
}


def providers() -> list[Provider]:
    """ARO's own worker first, then the outside services."""
    found = health.services()
    return [_shown(name, words, found[name]) for name, words in _SHOWN.items()]


def _shown(name: str, words: str | Promise, result: health.CheckResult) -> Provider:
    own, tone = _STATES[result.status]
    return Provider(
        name=str(words),
        state=badge(gettext(result.word) if result.word else own, tone),
        detail=gettext(result.detail) if result.detail else "",
        wrong=result.status in (health.Status.DOWN, health.Status.DEGRADED),
    )
