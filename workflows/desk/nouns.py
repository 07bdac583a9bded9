"""What staff call one row of a list, and several: the words of docs/glossary.md instead of the models' names.

Set as the application starts and not in the models: their floors know no desk, and no migration says what is shown.
"""

from __future__ import annotations

from typing import Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOUNS: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "appointments.Appointment": (_("visit"), _("visits")),
    "appointments.BookingRef": (_("booking name"), _("booking names")),
    "appointments.Customer": (_("patient"), _("patients")),
    "appointments.Escalation": (_("case"), _("cases")),
    "appointments.FailedAttempt": (_("changed channel"), _("changed channels")),
    "appointments.MessageTemplate": (_("wording"), _("wordings")),
    "appointments.MoneyBack": (_("failed refund or dispute"), _("failed refunds, disputes")),
    "appointments.ReplyClassification": (_("reply"), _("replies")),
    "appointments.RiskModel": (_("set of risk weights"), _("risk weights")),
    "auth.Group": (_("role"), _("roles")),
    "auth.User": (_("person"), _("people")),
    "axes.AccessAttempt": (_("failed sign-in"), _("failed sign-ins")),
    "axes.AccessLog": (_("sign-in"), _("sign-ins")),
    "compliance.IdempotencyKey": (_("answered request"), _("answered requests")),
    "compliance.StreamPosition": (_("position in the event stream"), _("positions in the event stream")),
    "compliance.Suppression": (_("address that said stop"), _("addresses that said stop")),
    "integrations.BreakerChange": (_("provider pause"), _("provider pauses")),
    "integrations.ChannelStop": (_("stopped channel"), _("stopped channels")),
    "integrations.Receipt": (_("delivery received"), _("deliveries received")),
    "integrations.SyncSeen": (_("visit seen in a list"), _("visits seen in lists")),
    "integrations.SyncState": (_("list asked for"), _("lists asked for")),
    "workflows.WorkflowInstance": (_("run of a workflow"), _("runs of workflows")),
}


def use() -> None:
    for label, (one, several) in NOUNS.items():
        options = apps.get_model(label)._meta
        options.verbose_name, options.verbose_name_plural = one, several
