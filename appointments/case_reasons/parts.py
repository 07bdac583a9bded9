"""Parts of sentences: how many reminders, how long before, how a deposit was paid, what a carrier said."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from aro.desk.sentences import Words

PARTS: Final[Words] = {
    "reminders.1": _("one reminder"),
    "reminders.2": _("two reminders"),
    "reminders.3": _("three reminders"),
    "reminders.many": _("{count} reminders"),
    "reminders.since": _("{asked} since the patient wrote"),
    "paid.other_currency": _("in another currency"),
    "paid.less": _("with less than the deposit"),
    "paid.more": _("with more"),
    "minute": _("1 minute"),
    "minutes": _("{count} minutes"),
    "hour": _("1 hour"),
    "hours": _("{count} hours"),
    "with_code": _("{why} (code {code})"),
    "carrier_code": _("the carrier reported code {code}"),
    "carrier_silent": _("the carrier did not say why"),
}
