"""The visit's state machine: one table. A change is one conditional UPDATE, so two writers cannot both win."""

from __future__ import annotations

from datetime import datetime

from appointments.models import Appointment, StatusChange
from aro.errors import ConflictError
from aro.queue import locks
from compliance.models import Actor

S = Appointment.Status
ALLOWED: dict[str, frozenset[str]] = {
    S.BOOKED: frozenset({S.CONFIRMED, S.RESCHEDULED, S.CANCELLED, S.NO_SHOW, S.IN_PROGRESS}),
    S.CONFIRMED: frozenset({S.RESCHEDULED, S.CANCELLED, S.IN_PROGRESS, S.NO_SHOW}),
    S.RESCHEDULED: frozenset({S.BOOKED}),
    S.IN_PROGRESS: frozenset({S.COMPLETED, S.NO_SHOW}),
    S.COMPLETED: frozenset(),
    S.NO_SHOW: frozenset(),
    S.CANCELLED: frozenset(),
}
LIVE = (S.BOOKED, S.CONFIRMED)
UPCOMING = (S.BOOKED, S.CONFIRMED, S.RESCHEDULED)
TERMINAL = (S.COMPLETED, S.NO_SHOW, S.CANCELLED)


def change(  # noqa: PLR0913 - each names a separate fact
    appointment: Appointment,
    to: str,
    *,
    now: datetime,
    actor: str,
    actor_id: str = "",
    reason: str = "",
    override: bool = False,
) -> None:
    """Moves the visit to state `to` and writes the history. Call inside a transaction.

    `override` is for staff and for a provider's corrections (a no-show un-marked): any move, with a reason.
    Raises `ConflictError` when the table forbids the move, when somebody else changed the visit meanwhile, or when
    ARO itself would cancel.
    """
    # The lock that sending takes, too: a text is either handed over before the change, or judged after it.
    locks.hold("visit", str(appointment.pk))
    before = appointment.status
    _check(before, to, actor=actor, reason=reason, override=override)
    if not Appointment.objects.filter(pk=appointment.pk, status=before).update(status=to, updated_at=now):
        raise ConflictError("The visit was changed by somebody else meanwhile. Look at it again, then repeat.")
    appointment.status = to
    StatusChange.objects.create(
        appointment=appointment,
        before=before,
        after=to,
        at=now,
        actor=actor,
        actor_id=actor_id,
        reason=reason,
        override=override,
    )


def _check(before: str, to: str, *, actor: str, reason: str, override: bool) -> None:
    if to == S.CANCELLED and actor == Actor.SYSTEM:
        raise ConflictError("ARO never cancels a visit by itself. A person must do it.")
    if override and not reason:
        raise ConflictError("Correcting a finished visit needs a reason. Write one line why.")
    if not override and to == before:
        raise ConflictError(f"The visit is {S(to).label.lower()} already. Look at it again.")
    if not override and to not in ALLOWED[before]:
        raise ConflictError(f"A visit that is {S(before).label.lower()} cannot become {S(to).label.lower()}.")
