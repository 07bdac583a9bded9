"""News that does not say whom it is about. ARO takes what fits only one visit, and asks a person about the rest."""

from __future__ import annotations

from collections.abc import Sequence

from appointments import states
from appointments.case_reasons.words import happened, to_do
from appointments.inbound import Applied, Booking, BookingMoved
from appointments.models import Appointment
from appointments.services import businesses, escalations
from appointments.services.booking import booking_names as names
from appointments.services.booking import corrections
from appointments.services.booking.booking_names import Name
from appointments.services.person import customers


def moved_from(news: BookingMoved) -> Name | None:
    """Which visit was moved when only its person is told: the one at the old time, else their only one."""
    if names.get(news.booking.source, news.booking.external_id) is not None:
        return None
    found = _of_person(news.booking)
    if news.previous_starts_at is not None:
        found = [one for one in found if one.starts_at == news.previous_starts_at]
    if len(found) != 1:
        return None
    if news.previous_starts_at is None:
        _tell_of_guess(found[0])
    now = names.current(found[0])
    return Name(news.booking.source, now.external_id, now.shared_id) if now else None


def tell_if_unclear(news: BookingMoved, stored: Appointment) -> None:
    """A visit that was moved from an unknown one is stored; the person's others may be the one that was given up."""
    if news.previous_external_id or not [one for one in _of_person(news.booking) if one.pk != stored.pk]:
        return
    escalations.escalate(
        key=f"moved_unclear:{stored.id}",
        reason="moved_unclear",
        appointment=stored,
        tenant_id=stored.tenant_id,
    )


def tell_of_refusal(visit: Appointment) -> None:
    """A visit that the person knows of ended with a refusal of what they asked for: nothing has told them."""
    escalations.escalate(key=f"declined:{visit.id}", reason="declined", appointment=visit, tenant_id=visit.tenant_id)


def somebody_left(visit: Appointment) -> Applied:
    """A seat of a visit for several was given up, and nothing says whose: nobody is cancelled for that."""
    escalations.escalate(
        key=f"seat_unclear:{visit.id}",
        reason="seat_unclear",
        appointment=visit,
        tenant_id=visit.tenant_id,
    )
    return Applied(outcome="applied", detail="somebody left a shared visit: a person finds out who")


def somebody_absent(visit: Appointment) -> Applied:
    """Somebody of those who share a visit did not come, and nothing says who."""
    escalations.escalate(
        key=f"seat_absent:{visit.id}",
        reason="seat_unclear",
        title=happened("seat_unclear.absent"),
        next_step=to_do("seat_unclear.absent"),
        appointment=visit,
        tenant_id=visit.tenant_id,
    )
    return Applied(outcome="applied", detail="somebody of several did not come: a person finds out who")


def tell_of_second_person(booking: Booking, name: Name) -> None:
    """Somebody else came under an id that was one person's: both have a visit, and the first may have been replaced."""
    first = names.get(name.source, name.shared_id) if name.shared_id and not booking.shared else None
    if first is not None and names.is_current(first) and first.appointment.status in states.UPCOMING:
        corrections.tell_of_other_person(first.appointment)


def _tell_of_guess(visit: Appointment) -> None:
    escalations.escalate(
        key=f"moved_unclear:{visit.id}",
        reason="moved_unclear",
        title=happened("moved_unclear.guessed"),
        next_step=to_do("moved_unclear.guessed"),
        priority=escalations.MEDIUM,
        appointment=visit,
        tenant_id=visit.tenant_id,
    )


def _of_person(booking: Booking) -> Sequence[Appointment]:
    """The person's visits to come at this booking system."""
    business = businesses.current()
    customer = customers.match(booking.person, business=business)
    if customer is None:
        return []
    live = Appointment.objects.select_related("customer").filter(customer=customer, source=booking.source)
    return list(live.filter(status__in=states.LIVE).order_by("starts_at"))
