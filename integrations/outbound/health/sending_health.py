"""Whether texts can go out: what people have switched off, what the carrier has stopped, then the carrier itself."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from aro.watch.health import UP, CheckResult, Status
from compliance import kill_switch
from compliance.models import DEFAULT_TENANT, Channel
from integrations.models import ChannelStop
from integrations.outbound.health import provider_health
from integrations.outbound.waiting import catching_up, older_database
from integrations.providers import chosen


def check() -> CheckResult:
    """The worst first: with all sending off, nothing else matters."""
    found = _switched_off() or _stopped() or _waits_for_a_person() or _carrier()
    return _catches_up() if found == UP else found


def _switched_off() -> CheckResult | None:
    if kill_switch.current() is None:
        return None
    said = _("All sending is switched off: nothing goes out to anybody. To switch it on again: aro kill-switch:off")
    return CheckResult(Status.DOWN, said, gettext_noop("Switched off"))


def _stopped() -> CheckResult | None:
    """Every channel that the carrier refuses to the business, by its name and the carrier's code."""
    stops = ChannelStop.objects.filter(tenant_id=DEFAULT_TENANT, lifted_at=None).order_by("since")
    said = [_said(stop) for stop in stops]
    return CheckResult(Status.DOWN, " ".join(said), gettext_noop("Stopped")) if said else None


def _waits_for_a_person() -> CheckResult | None:
    if not older_database.is_told():
        return None
    said = _(
        "Automatic texts wait: an older backup was put back, and a person has to look first. Open the case under "
        "Needs attention and do what it says; Done lets them go on."
    )
    return CheckResult(Status.DEGRADED, said, gettext_noop("Waiting"))


def _catches_up() -> CheckResult:
    """No fault: it is over within minutes, and comes with every start."""
    if not catching_up.is_told():
        return UP
    said = _("Automatic texts wait for a moment: ARO first asks the carrier what people wrote while it was away.")
    return CheckResult(Status.UP, said)


def _said(stop: ChannelStop) -> str:
    said = _("{channel} is stopped (code {code}). Settle it at {carrier}, then press Resume under Stopped channels.")
    return said.format(channel=stop.get_channel_display(), code=stop.code, carrier=chosen.carrier(stop.channel).label)


def _carrier() -> CheckResult:
    used = chosen.carrier(Channel.SMS)
    return provider_health.check(used.name, *used.api_settings)
