"""Whether anybody is told of an emergency away from the screen, under `/api/v1/health`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from appointments.models import Business
from aro.watch.health import CheckResult, Status, register_check
from compliance.models import DEFAULT_TENANT, Channel
from integrations.providers import chosen
from workflows import emergency_alerts

NAME = "emergency_contact"


def register() -> None:
    """Called once, when the app is ready."""
    register_check(NAME, check)


def check() -> CheckResult:
    """Off while nobody is named; degraded while what is named cannot be reached from here."""
    business = Business.objects.filter(tenant_id=DEFAULT_TENANT).first()
    if business is None or not emergency_alerts.is_set_up(business):
        return CheckResult(Status.OFF, str(emergency_alerts.NOT_SET_UP))
    named = [way for way in emergency_alerts.WAYS if emergency_alerts.address(business, way)]
    mute = [way for way in named if not chosen.is_set_up(way)]
    if not mute:
        return CheckResult(Status.UP)
    words = ", ".join(_("texts") if way == Channel.SMS else _("e-mail") for way in mute)
    said = _("The emergency contact is set, but this installation cannot send {words}.")
    return CheckResult(Status.DEGRADED, said.format(words=words))
