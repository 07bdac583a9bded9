"""How the providers are, from their rows: what the last real calls showed. Nobody is called to find out."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from aro.watch.health import CheckResult, Status, register_check
from integrations.models import ProviderState
from integrations.providers import ADAPTERS, chosen

_WORST_FIRST = (Status.DOWN, Status.DEGRADED, Status.UP, Status.OFF)


def register_all() -> None:
    """Called once, when the app is ready."""
    register_check("booking_api", check_booking_systems)
    register_check("payment_api", check_payments)


def check_payments() -> CheckResult:
    used = chosen.payments()
    return check(used.name, *used.api_settings)


def check_booking_systems() -> CheckResult:
    """The one that is worst off, by its name, among the booking systems that are set up."""
    asked = [(adapter.name, adapter.api_settings) for adapter in ADAPTERS.values() if adapter.lists]
    found = [(name, check(name, *wanted)) for name, wanted in asked]
    name, worst = min(found, key=lambda one: _WORST_FIRST.index(one[1].status))
    if worst.status == Status.OFF:
        return CheckResult(Status.OFF, _("Set up a booking system to use it: see the how-to pages."))
    return CheckResult(worst.status, f"{name}: {worst.detail}" if worst.detail else "")


def check(provider: str, *wanted: str) -> CheckResult:
    """Off without credentials, down while the breaker is open, degraded while it is being tried again after that."""
    if not all(getattr(settings, name) for name in wanted):
        return CheckResult(Status.OFF, _("Set {names} to use it.").format(names=", ".join(wanted)))
    row = ProviderState.objects.filter(name=provider).first()
    if row is None or row.breaker == ProviderState.Breaker.CLOSED:
        return CheckResult(Status.UP)
    if row.breaker == ProviderState.Breaker.OPEN:
        said = _("Paused after failures ({error}); ARO tries again by itself.")
        return CheckResult(Status.DOWN, said.format(error=row.last_error or "?"))
    return CheckResult(Status.DEGRADED, _("Being tried again.")) if row.last_error else CheckResult(Status.UP)
