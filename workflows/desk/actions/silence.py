"""What staff read where a text would follow an action and none can go out: before they do it, and afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments import reach
from appointments.models import Appointment, Customer
from compliance.kinds import Kind
from compliance.reasons import EXPLANATIONS, Reason
from compliance.verdicts import Hold

# What helps in place of the text; for all other reasons `_TELL_THEM`.
_HELPS: Final[dict[Reason, str | Promise]] = {
    Reason.NO_CONSENT: _("Ask the patient, then press Opt in again on their page."),
    Reason.NO_PHONE: _("Call the patient if you can, and enter the number with Correct the number."),
    Reason.WRONG_NUMBER: _("Ask whose number it is, then press The number is right or correct it."),
}
_TELL_THEM: Final = _("Call the patient, or tell them when they come.")


def about(person: Customer, visit: Appointment | None = None, kind: Kind = Kind.CONFIRMATION) -> str:
    """Why no text of this kind would go out, and what to do instead; empty when one would."""
    found = reach.obstacle(person, visit, kind)
    reason = getattr(found, "reason", None)
    if reason is None:
        return ""
    waits = isinstance(found, Hold)
    words = gettext("Texts wait: {why}. {helps}") if waits else gettext("No text goes out: {why}. {helps}")
    return words.format(why=EXPLANATIONS[reason], helps=_HELPS.get(reason, _TELL_THEM))


def before(kind: Kind = Kind.CONFIRMATION) -> Callable[[Any], str]:
    """For the page that asks."""
    return lambda row: _of(row, kind)


def after(done: str | Promise, kind: Kind = Kind.CONFIRMATION, more: str | Promise = "") -> Callable[[Any], str]:
    """What was done all the same, and that no text follows; empty when one does. `more`: what else helps then."""

    def said(row: Any) -> str:
        silent = _of(row, kind)
        return " ".join(str(part) for part in (done, silent, more) if part) if silent else ""

    return said


def instead_of_sending(row: Model) -> str:
    """What is said in place of "It goes out now"."""
    return _of(row, Kind.CONFIRMATION)


def _of(row: Any, kind: Kind) -> str:
    return about(row.customer, row, kind) if isinstance(row, Appointment) else about(row, None, kind)
