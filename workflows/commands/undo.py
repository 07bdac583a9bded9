"""Taking back what staff did, as if it had not been done.

A command that may be taken back is carried out at once, but everything that must follow from it (events, texts, links)
is due a while later, and texts about the visit wait as long. Until then its `Undoable` row can put every value back;
after that nothing is left to take back, and the row goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Max, Model, Q, QuerySet

from appointments import states
from appointments.models import Appointment, Customer, Deposit, Escalation, Message, StatusChange
from appointments.services.visit import visits
from aro import clock
from aro.errors import ConflictError, NotFoundError
from aro.queue import due, locks, sweeps
from compliance import consent, phones
from compliance.models import Consent, Suppression, WrongNumber
from compliance.privacy import retention
from compliance.reasons import Reason
from workflows.models import Execution, Undoable
from workflows.replies.acting import postponed

# What a command leads to. Its own bookkeeping (when a visit is over) is put right by the undoing itself.
LANES = frozenset({"events", "executions", "payments"})
# Never put back: they say when a row was written, not what it says.
_STAMPS = frozenset({"updated_at"})
# What the patient has said since stays said.
_SAID = frozenset({"last_reply_label"})

Snapshot = dict[tuple[str, str], dict[str, Any]]


@contextmanager
def recording(command: str, payload: dict[str, Any], *, wait: timedelta, actor_id: str) -> Iterator[Undoable]:
    """Inside a transaction: what the command changes can be put back until `wait` is over. Saved at the end; what has
    changed nothing (somebody else had done it) is not, and takes nobody's Undo away."""
    now = clock.now()
    visit, person = _subject(payload)
    before = _snapshot(visit, person)
    kept = Undoable(command=command, appointment=visit, customer=person, actor_id=actor_id, at=now, until=now + wait)
    with due.postponed(wait, LANES) as followers:
        yield kept
    kept.followers = [[lane, str(ref)] for lane, ref in followers]
    kept.changed, kept.made = _difference(before, _snapshot(visit, person, since=now))
    kept.stamp = _stamp(visit or person)
    worth = bool(kept.followers or kept.changed or kept.made)
    if worth:
        kept.save()
    if worth and visit is not None:
        Appointment.objects.filter(pk=visit.pk).update(settles_at=kept.until)


def tidy(now: datetime) -> bool:
    """Deletes a portion of what can be taken back no more; whether more may be left."""
    return sweeps.delete_some(Undoable.objects.filter(until__lt=now - retention.TAKEN_BACK))


def open_about(row: Model, now: datetime) -> list[Undoable]:
    """What can still be taken back about this visit or person, the newest first."""
    about = {"appointment": row} if isinstance(row, Appointment) else {"customer": row}
    known = Undoable.objects.filter(**about, until__gt=now).select_related("appointment", "customer").order_by("-at")
    return [kept for kept in known if not _is_overtaken(kept)]


def take_back(ref: UUID) -> Undoable:
    """Puts everything back and forgets what was to follow. Raises `ConflictError` when it is too late for that."""
    with transaction.atomic():
        kept = _still_open(ref)
        if _is_overtaken(kept):
            raise ConflictError("Something else has happened since. Look at the page, then correct it there.")
        for lane, follower in kept.followers:
            due.drop(lane, UUID(follower))
        for label, pk in reversed(kept.made):
            apps.get_model(label)._default_manager.filter(pk=pk).delete()
        for label, pk, values in kept.changed:
            _put_back(label, pk, values)
        _look_after(kept)
        _look_at_what_waits(kept, clock.now())
        kept.delete()
        return kept


def send_now(ref: UUID) -> Undoable:
    """What was to follow follows now. Raises `ConflictError` when it has followed already."""
    with transaction.atomic():
        kept = _still_open(ref)
        now = clock.now()
        for lane, follower in kept.followers:
            due.put(lane, UUID(follower), now)
        if kept.appointment_id:
            Appointment.objects.filter(pk=kept.appointment_id).update(settles_at=_settles_at(kept, now))
        _look_at_what_waits(kept, now)
        kept.delete()
        return kept


def _still_open(ref: UUID) -> Undoable:
    kept = Undoable.objects.select_for_update().filter(pk=ref).first()
    if kept is None:
        raise NotFoundError(
            "This can no longer be taken back: its time is over, or it was done. Look at the page again."
        )
    if kept.until <= clock.now():
        raise ConflictError("This can no longer be taken back: the text has gone out. Correct it on the page instead.")
    if kept.appointment_id:
        locks.hold("visit", str(kept.appointment_id))
    elif kept.customer is not None and kept.customer.phone:
        locks.hold("phone", kept.customer.phone)
    return kept


def _is_overtaken(kept: Undoable) -> bool:
    written = kept.stamp != _stamp(kept.appointment or kept.customer)
    return written or _newer(kept).exists() or _wrote(kept) or any(_has_changed(*one) for one in kept.changed)


def _newer(kept: Undoable) -> QuerySet[Undoable]:
    """What was done since to the same visit, or to anything else of its person."""
    about = Q(customer=kept.customer_id) if kept.customer_id else Q()
    about |= Q(appointment=kept.appointment_id) if kept.appointment_id else Q()
    return Undoable.objects.filter(about, at__gt=kept.at)


def _wrote(kept: Undoable) -> bool:
    """What was read at once is its writer's word on the number. What is not is put off: see `replies/postponed.py`."""
    if kept.appointment_id is not None or kept.customer is None:
        return False
    read = Message.objects.filter(direction=Message.Direction.IN, created_at__gt=kept.at, classification__isnull=False)
    theirs, phone = Q(customer=kept.customer), kept.customer.phone
    if phone:
        theirs |= Q(tenant_id=kept.customer.tenant_id, address=phone)
    return read.filter(theirs).exists()


def _stamp(row: Appointment | Customer | None) -> datetime:
    """When the visit or person was last written. Raises `NotFoundError` without one."""
    if row is None:
        raise NotFoundError("There is no such visit or person any more.")
    return type(row)._default_manager.values_list("updated_at", flat=True).get(pk=row.pk)


def _has_changed(label: str, pk: str, values: dict[str, list[Any]]) -> bool:
    row = apps.get_model(label)._default_manager.filter(pk=pk).first()
    ours = {name: after for name, (_, after) in values.items() if name not in _SAID}
    return row is None or any(_plain(row, name) != after for name, after in ours.items())


def _put_back(label: str, pk: str, values: dict[str, list[Any]]) -> None:
    model = apps.get_model(label)
    row = model._default_manager.filter(pk=pk).first()
    mine = {name: both for name, both in values.items() if name not in _SAID or _plain(row, name) == both[1]}
    fields = {name: model._meta.get_field(name).to_python(before) for name, (before, _) in mine.items()}
    if not _is_open_anew(row, fields):
        model._default_manager.filter(pk=pk).update(**fields)


def _is_open_anew(row: Model | None, fields: dict[str, Any]) -> bool:
    """What the patient wrote meanwhile has opened the same case again: that one goes on."""
    if not isinstance(row, Escalation) or fields.get("status") != Escalation.Status.OPEN:
        return False
    same = Escalation.objects.filter(tenant_id=row.tenant_id, key=row.key, status=Escalation.Status.OPEN)
    return same.exclude(pk=row.pk).exists()


def _look_after(kept: Undoable) -> None:
    """The visit is watched again as it was."""
    visit = kept.appointment
    if visit is None:
        return
    now = clock.now()
    Appointment.objects.filter(pk=visit.pk).update(settles_at=_settles_at(kept, now))
    visit.refresh_from_db()
    due.drop(visits.SWEEPS, visit.id)
    if visit.status in states.LIVE:
        visits.watch_for_end(visit)
    for deposit in Deposit.objects.filter(appointment=visit).exclude(link_id=""):
        due.put("payments", deposit.id, now)


def _look_at_what_waits(kept: Undoable, now: datetime) -> None:
    """What came from the phone meanwhile is read, and what was held for it is judged anew."""
    person = kept.customer
    if person is None:
        return
    person.refresh_from_db()
    held = Execution.objects.filter(
        Q(message__customer=person) | Q(message__address__in=_addresses(person)),
        status=Execution.Status.INTENT,
        message__status=Message.Status.HELD,
        message__reason=Reason.MAY_BE_UNDONE,
    )
    for ref in (*postponed.waiting_at(person.phone, person.tenant_id), *held.values_list("pk", flat=True)):
        due.put("executions", ref, now)


def _settles_at(kept: Undoable, now: datetime) -> datetime | None:
    """Until when something else that was done to the visit can be taken back."""
    others = Undoable.objects.filter(appointment=kept.appointment_id, until__gt=now).exclude(pk=kept.pk)
    return others.aggregate(last=Max("until"))["last"]  # type: ignore[no-any-return]


def _subject(payload: dict[str, Any]) -> tuple[Appointment | None, Customer | None]:
    visit_id, person_id, case_id = (
        str(payload.get(f"{one}_id") or "") for one in ("appointment", "customer", "escalation")
    )
    visit = Appointment.objects.select_related("customer").filter(pk=visit_id).first() if visit_id else None
    if visit is not None:
        return visit, visit.customer
    if case_id:
        return None, _whose(Escalation.objects.select_related("customer", "message").filter(pk=case_id).first())
    return None, Customer.objects.filter(pk=person_id).first() if person_id else None


def _whose(case: Escalation | None) -> Customer | None:
    """Whose case it is; of one about a phone anybody on it: what is done holds for all of them."""
    if case is None or case.customer is not None or case.message is None:
        return case.customer if case else None
    phone = phones.variants(case.message.address)
    family = Customer.objects.filter(tenant_id=case.tenant_id, phone__in=phone, deleted_at=None)
    return family.order_by("created_at", "id").first()


def is_about_somebody(payload: dict[str, Any]) -> bool:
    """Whether anything can follow that is worth waiting for: a case may be about nobody who is known."""
    return any(_subject(payload))


def _snapshot(visit: Appointment | None, person: Customer | None, *, since: datetime | None = None) -> Snapshot:
    """`since`: of a number that the person has only now, what was made from then on."""
    return {
        (row._meta.label, str(row.pk)): {
            field.attname: _plain(row, field.attname) for field in row._meta.concrete_fields
        }
        for rows in (*_sources(visit, person), *_at_a_new_number(person, since))
        for row in rows
    }


def _sources(visit: Appointment | None, person: Customer | None) -> Iterable[QuerySet[Any]]:
    if visit is not None:
        yield Appointment.objects.filter(pk=visit.pk)
        yield StatusChange.objects.filter(appointment=visit)
        yield Deposit.objects.filter(appointment=visit)
    if person is not None:
        addresses = _addresses(person)
        yield Customer.objects.filter(pk=person.pk)
        # What somebody wrote from the phone may be a case about nobody of a family.
        theirs = Q(customer=person) | Q(message__address__in=addresses)
        theirs |= Q(visits=visit) if visit is not None else Q()
        yield Escalation.objects.filter(theirs, updated_at__gte=clock.now() - timedelta(days=400)).distinct()
        yield Consent.objects.filter(address__in=addresses)
        yield Suppression.objects.filter(address__in=addresses)
        yield WrongNumber.objects.filter(address_hmac__in=[consent.address_hmac(one) for one in addresses])


def _at_a_new_number(person: Customer | None, since: datetime | None) -> Iterable[QuerySet[Any]]:
    """What goes with a corrected number: the person's consent or stop, taken along."""
    now = Customer.objects.filter(pk=person.pk).first() if person and since else None
    if person is None or now is None or now.phone == person.phone:
        return
    new = [one for one in _addresses(now) if one not in _addresses(person)]
    yield Consent.objects.filter(address__in=new, at__gte=since)
    yield Suppression.objects.filter(address__in=new, since__gte=since)


def _addresses(person: Customer) -> list[str]:
    phone = phones.variants(person.phone) if person.phone else []
    return [one for one in (*phone, person.email) if one]


def _plain(row: Model, attname: str) -> Any:
    """As JSON holds it, to the microsecond."""
    value = getattr(row, attname)
    return value if isinstance(value, bool | int | float | list | dict | None) else _text(value)


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _difference(before: Snapshot, after: Snapshot) -> tuple[list[Any], list[Any]]:
    """What has other values than before, as [model, key, {field: [before, after]}]; and what was made."""
    changed = []
    for (label, pk), values in after.items():
        known = before.get((label, pk))
        other = {n: [known[n], v] for n, v in values.items() if known and known[n] != v and n not in _STAMPS}
        if other:
            changed.append([label, pk, other])
    return changed, [[label, pk] for label, pk in after if (label, pk) not in before]
