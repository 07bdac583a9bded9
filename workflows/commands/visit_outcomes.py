"""What became of visits that are over and in doubt, said for many at once: "all came except ..."."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from appointments.case_reasons import PAST_NO_OUTCOME
from appointments.models import Appointment, Escalation
from aro.errors import AroError
from compliance.models import DEFAULT_TENANT, Actor
from workflows.commands import bus

CAME, ABSENT = "came", "absent"
COMMANDS: Mapping[str, str] = {CAME: "appointment.complete", ABSENT: "appointment.no_show"}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What came of one answer; `refused` says why it could not be taken."""

    visit: UUID
    answer: str
    refused: str = ""


def cases(tenant_id: str = DEFAULT_TENANT) -> QuerySet[Escalation]:
    """The open cases that ask what became of a visit."""
    asked = Escalation.objects.filter(tenant_id=tenant_id, reason=PAST_NO_OUTCOME, status=Escalation.Status.OPEN)
    return asked.exclude(appointment=None)


def waiting(tenant_id: str = DEFAULT_TENANT) -> QuerySet[Appointment]:
    """The visits whose outcome is asked for, oldest first."""
    found = Appointment.objects.filter(pk__in=cases(tenant_id).values("appointment_id"))
    return found.select_related("customer").order_by("starts_at", "id")


def say(answers: Iterable[tuple[UUID, str]], *, actor_id: str, ip: str | None = None) -> Iterator[Said]:
    """Each in a transaction of its own: one that cannot be done stops no other. Audited like a press of the button."""
    for visit, answer in answers:
        try:
            bus.execute(
                command=COMMANDS[answer],
                payload={"appointment_id": str(visit)},
                actor=Actor.ADMIN,
                actor_id=actor_id,
                ip=ip,
            )
        except AroError as error:
            yield Said(visit=visit, answer=answer, refused=error.message)
        else:
            yield Said(visit=visit, answer=answer)
