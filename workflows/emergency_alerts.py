"""An emergency reaches a person away from the screen: a text and an e-mail, again until somebody opens the case.

They go the way of every side effect (`Execution` rows, each once), but ask nobody's consent and keep no quiet hours:
they go to the clinic, never to a patient, and hold neither name nor words of one. The kill switch holds them, too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from appointments.case_reasons.words import to_do
from appointments.models import Business, Escalation
from appointments.services import businesses
from aro.queue import due
from compliance.models import Channel
from workflows.engine.effects import EXECUTIONS
from workflows.models import Execution

ALERT: Final = "integration.staff.alert"
EVERY: Final = timedelta(minutes=10)
# Three hours; after that the case itself says that nobody came.
MOST: Final = 18
WAYS: Final = (Channel.SMS, Channel.EMAIL)
SUBJECT: Final = "Emergency: a patient's message"
NOBODY_OPENED: Final = "emergency.nobody_opened"
NOT_SET_UP: Final = _(
    "Emergencies reach nobody away from this screen: add an emergency phone or e-mail under Business."
)
_WAITS: Final = (Execution.Status.INTENT, Execution.Status.SENDING)


def begin(case: Escalation, *, now: datetime) -> None:
    """In the caller's transaction. Whoever has looked is told again when the patient writes again."""
    Escalation.objects.filter(pk=case.pk, opened_at__isnull=False).update(opened_at=None, opened_by="")
    if _of(case.pk).filter(status__in=_WAITS).exists():
        return
    case.refresh_from_db()
    for way in WAYS:
        if address(businesses.current(case.tenant_id), way):
            _put(case, way, 0, now)


def go_on(case: Escalation, execution: Execution, *, now: datetime) -> None:
    """The next one, or the end of it. In the transaction that ends the last one."""
    number = int(execution.payload["number"]) + 1
    if not is_wanted(case):
        return
    if number < MOST:
        _put(case, execution.payload["way"], number, now + EVERY, since=execution.payload["since"])
    else:
        give_up(case)


def is_too_late(execution: Execution, now: datetime) -> bool:
    """It could not be sent for so long that it would alarm about something long past."""
    return now - datetime.fromisoformat(execution.payload["since"]) > MOST * EVERY


def give_up(case: Escalation) -> None:
    """Three hours are over, and the case itself says that nobody came."""
    Escalation.objects.filter(pk=case.pk).update(next_step=to_do(NOBODY_OPENED))


def is_wanted(case: Escalation) -> bool:
    """Nobody has opened or closed it yet."""
    return case.status == Escalation.Status.OPEN and case.opened_at is None


def address(business: Business, way: str) -> str:
    return business.emergency_phone if way == Channel.SMS else business.emergency_email


def is_patients_own(case: Escalation, to: str) -> bool:
    """A patient who is also the clinic's emergency contact gets no text about themselves."""
    theirs = {case.message.address if case.message else ""}
    theirs |= {case.customer.phone, case.customer.email} if case.customer else set()
    return to.casefold() in {one.casefold() for one in theirs if one}


def text(case: Escalation) -> str:
    link = settings.PUBLIC_BASE_URL.rstrip("/") + reverse("admin:appointments_escalation_change", args=[case.pk])
    return f"ARO: a patient's message may be about an emergency. Open {link}"


def is_set_up(business: Business | None) -> bool:
    return business is not None and any(address(business, way) for way in WAYS)


def told(case: Escalation) -> str:
    """Who was told, in plain words: for the case and for Today."""
    if case.reason != "emergency":
        return ""
    seen = gettext("Opened by {name}.").format(name=case.opened_by) if case.opened_at else gettext("Not opened yet.")
    done = _of(case.pk).filter(status=Execution.Status.DONE).exclude(handed_over_at=None).order_by("handed_over_at")
    counts = {way: sum(one.payload["way"] == way for one in done) for way in WAYS}
    said = ", ".join(_told_by(way, number) for way, number in counts.items() if number)
    return f"{gettext('Told: {whom}.').format(whom=said) if said else _nobody(case)} {seen}"


def _told_by(way: str, number: int) -> str:
    if way == Channel.SMS:
        words = ngettext("the emergency phone {count} time", "the emergency phone {count} times", number)
    else:
        words = ngettext("the emergency e-mail {count} time", "the emergency e-mail {count} times", number)
    return words.format(count=number)


def _nobody(case: Escalation) -> str:
    business = businesses.current(case.tenant_id)
    return gettext("Nobody has been told away from the screen yet.") if is_set_up(business) else str(NOT_SET_UP)


def _of(case: UUID) -> QuerySet[Execution]:
    return Execution.objects.filter(command_type=ALERT, key__startswith=f"alert:{case}:")


def _put(case: Escalation, way: str, number: int, at: datetime, *, since: str = "") -> None:
    """`since` tells one alarm from a later one about the same case."""
    since = since or at.isoformat()
    execution, new = Execution.objects.get_or_create(
        tenant_id=case.tenant_id,
        key=f"alert:{case.pk}:{since}:{number}:{way}",
        defaults={
            "command_type": ALERT,
            "appointment": case.appointment,
            "payload": {"case": str(case.pk), "way": str(way), "number": number, "since": since},
            "correlation_id": case.pk,
        },
    )
    if new:
        due.put(EXECUTIONS, execution.id, at)
