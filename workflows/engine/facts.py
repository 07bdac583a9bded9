"""What a step may look at: a snapshot read just before it runs. Steps never query."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from appointments.models import Appointment, Business, Customer, Deposit, Message
from appointments.services import messages, talks
from appointments.services.talks import Talk
from appointments.services.visit import doubts, visits
from aro.queue import rows
from aro.queue.remembered import remembered
from compliance.kinds import ASKS_FOR_A_DEPOSIT, WAITS_FOR_THE_FAMILY
from workflows.models import WorkflowInstance

_WAITING = (Message.Status.PLANNED, Message.Status.HELD)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`event`: the type of what ended the last wait, or empty. `deposit`: the newest one's status, or empty;
    `deposit_asked`: a text that asks for it has gone out; `deposit_waits`: one is still on its way to the carrier.
    `told_soon`: a text that tells the visit's time has not gone out yet, when its number has just changed.
    `given_up`: the patient asked to cancel, and nobody has settled it; `called_off`: they had, before a no-show."""

    business: Business | None
    appointment: Appointment | None = None
    customer: Customer | None = None
    deposit: str = ""
    deposit_asked: bool = False
    deposit_waits: bool = False
    told_soon: bool = False
    given_up: bool = False
    called_off: bool = False
    talk: Talk = Talk()
    event: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def visit(self) -> Appointment:
        """The visit of a run that has one."""
        if self.appointment is None:
            raise LookupError("this run is not about a visit")
        return self.appointment

    @property
    def rules(self) -> Business:
        """The business's rules."""
        if self.business is None:
            raise LookupError("no business is set up")
        return self.business

    @property
    def ends_at(self) -> datetime:
        return visits.ends_at(self.visit)

    def lookup(self, path: str) -> Any:
        """The value at `subject.field`. Raises `LookupError` when there is none."""
        subject, _, name = path.partition(".")
        if subject == "payload":
            return self.payload[name]
        if path == "appointment.ends_at":
            return self.ends_at
        holder = {"appointment": self.appointment, "customer": self.customer, "business": self.business}.get(subject)
        if holder is None or not hasattr(holder, name):
            raise LookupError(path)
        return getattr(holder, name)


def businesses(tenants: Iterable[str]) -> dict[str, Business]:
    """The businesses of these tenants; none is asked for when no run needs one."""
    found = {tenant: rows.first(Business, tenant_id=tenant) for tenant in set(tenants)}
    return {tenant: business for tenant, business in found.items() if business is not None}


def deposits(appointment_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The newest deposit's status per visit, in one query; none is asked when no visit needs one."""
    return dict(_newest_last(list(appointment_ids)))


@remembered
def _newest_last(visits: Collection[UUID]) -> QuerySet[Deposit, tuple[UUID, str]]:
    of_these = Deposit.objects.filter(appointment_id__in=visits).order_by("created_at")
    return of_these.values_list("appointment_id", "status")


def asked_for_deposit(appointment_ids: Iterable[UUID]) -> set[UUID]:
    """The visits whose person was sent a text that asks for the deposit; none is looked up when no visit has one."""
    return set(_asked(list(appointment_ids)))


def waiting_to_ask(appointment_ids: Iterable[UUID]) -> set[UUID]:
    """Those of which such a text is planned or held."""
    return set(_about_to_ask(list(appointment_ids)))


def about_to_be_told(appointment_ids: Iterable[UUID]) -> set[UUID]:
    """The visits whose time is told by a text that is planned or held."""
    return set(_about_to_tell(list(appointment_ids)))


@remembered
def _about_to_tell(visits: Collection[UUID]) -> QuerySet[Message, UUID]:
    telling = Message.objects.filter(appointment_id__in=visits, kind__in=WAITS_FOR_THE_FAMILY, status__in=_WAITING)
    return telling.values_list("appointment_id", flat=True)


@remembered
def _asked(visits: Collection[UUID]) -> QuerySet[Message, UUID]:
    return _deposit_texts(visits).filter(status__in=messages.REACHED)


@remembered
def _about_to_ask(visits: Collection[UUID]) -> QuerySet[Message, UUID]:
    return _deposit_texts(visits).filter(status__in=_WAITING)


def _deposit_texts(visits: Collection[UUID]) -> QuerySet[Message, Any]:
    asking = Message.objects.filter(appointment_id__in=visits, kind__in=ASKS_FOR_A_DEPOSIT)
    return asking.values_list("appointment_id", flat=True)


def of_instances(
    instances: list[WorkflowInstance],
    *,
    listening: Iterable[WorkflowInstance] = (),
    owing: Iterable[WorkflowInstance] = (),
) -> dict[UUID, Facts]:
    """The facts of each run, in a few queries besides the one that loaded the runs (with their visits and people).

    `listening`: those whose step looks at what was said; `owing`: at what became of asking for the deposit. Each is
    looked up for them only.
    """
    by_tenant = businesses(instance.tenant_id for instance in instances if instance.customer_id)
    paid = deposits(i.appointment.id for i in instances if i.appointment and i.appointment.deposit_required)
    owed = [i.appointment.id for i in owing if i.appointment and i.appointment.id in paid]
    asked, waits = asked_for_deposit(owed), waiting_to_ask(owed)
    given_up = doubts.given_up(owed)
    missed = [
        i.appointment.id for i in instances if i.appointment and i.appointment.status == Appointment.Status.NO_SHOW
    ]
    called_off = doubts.gave_up_in_time(missed)
    readdressed = about_to_be_told(
        i.appointment.id for i in instances if i.appointment and i.data.get("event") == "appointment.readdressed"
    )
    heard = talks.about([i.appointment for i in listening if i.appointment])
    return {
        instance.id: Facts(
            business=by_tenant.get(instance.tenant_id),
            appointment=instance.appointment,
            customer=instance.customer,
            deposit=paid.get(instance.appointment_id, "") if instance.appointment_id else "",
            deposit_asked=instance.appointment_id in asked,
            deposit_waits=instance.appointment_id in waits,
            told_soon=instance.appointment_id in readdressed,
            given_up=instance.appointment_id in given_up,
            called_off=instance.appointment_id in called_off,
            talk=heard.get(instance.appointment_id, Talk()) if instance.appointment_id else Talk(),
            event=instance.data.get("event", ""),
            data=instance.data,
        )
        for instance in instances
    }
