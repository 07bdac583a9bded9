"""What staff read when they cancel a visit: whom to call, and what becomes of money that was paid for it."""

from __future__ import annotations

from django.utils.translation import gettext

from appointments.models import Appointment
from appointments.services.money import payment_notes
from appointments.services.visit import cancellations
from compliance.models import Actor


def what_it_leaves(visit: Appointment) -> str:
    """Whom to call, and what becomes of the money."""
    return " ".join(part for part in (_who_tells_them(visit), _money_of(visit)) if part)


def _money_of(visit: Appointment) -> str:
    paid = payment_notes.paid_of(visit)
    if paid is None:
        return ""
    money = f"{paid.paid_amount - paid.refunded_amount} {paid.currency}"
    return gettext("{money} of the deposit is paid: ARO refunds nothing, a case asks you to refund or keep it.").format(
        money=money
    )


def with_the_money(visit: Appointment) -> str:
    money = _money_of(visit)
    return " ".join((gettext("Cancelled. No further text about this visit is sent."), money)) if money else ""


def _who_tells_them(visit: Appointment) -> str:
    """What cancelling it leaves to do."""
    if cancellations.leaves_untold(visit, actor=Actor.ADMIN, by=cancellations.BY_THE_CLINIC):
        return "This patient counts on the visit. Call them; a case reminds you to, unless you say that they know."
    return "No case follows: the patient was not told of this visit, gave it up, is booked anew, or its time has come."
