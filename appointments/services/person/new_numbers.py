"""What follows when a person has another number: whether texts may go there, and who is told when none can."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from appointments import case_reasons, states
from appointments.case_reasons.words import happened, to_do
from appointments.models import Appointment, Business, Customer
from appointments.services import businesses, escalations
from appointments.services.booking import booking_rows, corrections
from appointments.services.person import contacts, customers
from aro import clock
from compliance import consent, kinds, phones, wrong_numbers


def corrected_by_staff(customer: Customer, before: str, *, actor: str) -> None:
    """Whoever has it knows nothing of their visits yet, and may not want to: a stop goes along. A number that was
    missing is theirs as if they had booked with it."""
    if before == customer.phone:
        return
    stopped = bool(before) and contacts.take_stop_along(customer, before)
    business = businesses.current(customer.tenant_id)
    for visit in to_come(customer):
        if stopped:
            corrections.tell_of_stop(visit)
            continue
        if not before:
            booking_rows.note_consent(visit, business)
        booking_rows.tell_again(visit, unless=kinds.TELLS_THE_TIME, actor=actor)


def tell_if_silent(customer: Customer, before: str, by: str) -> None:
    """A case for a visit to come of which no text can tell: the number had said STOP, or somebody else answers there.
    Follows every correction, whoever made it."""
    for visit in to_come(customer) if before != customer.phone else ():
        if wrong_numbers.is_held(customer.phone, tenant_id=customer.tenant_id):
            _tell_of_stranger(visit)
        elif consent.is_suppressed(customer.phone, tenant_id=customer.tenant_id):
            _tell_of_stop(visit)


def refused(typed: str, business: Business) -> str:
    """Why what staff typed is nobody's number to text, and what to write; empty when it can be a patient's."""
    region = phones.region_of(business.timezone)
    if phones.is_extension(typed, region):
        return "No text can go to an extension. Write the patient's own number, or call them."
    phone = phones.typed(typed, region)
    if not phone:
        return "This is no phone number. Write only the number, with its country code, e.g. +12125550142."
    return "This is your own number. Write the patient's." if customers.is_our_own(phone, business) else ""


def to_come(customer: Customer) -> QuerySet[Appointment]:
    """The person's visits that are still to take place; the next one first."""
    theirs = Appointment.objects.filter(customer=customer, status__in=states.UPCOMING, starts_at__gt=clock.now())
    return theirs.select_related("customer").order_by("starts_at", "id")


def _tell_of_stranger(visit: Appointment) -> None:
    escalations.escalate(
        key=f"{case_reasons.HELD_NUMBER}:{visit.id}",
        reason=case_reasons.HELD_NUMBER,
        title=happened("held_number.corrected"),
        next_step=to_do("held_number.corrected"),
        appointment=visit,
        tenant_id=visit.tenant_id,
    )


def _tell_of_stop(visit: Appointment) -> None:
    since = consent.suppressed_since(visit.customer.phone, tenant_id=visit.tenant_id) or clock.now()
    said_on = f"{since.astimezone(ZoneInfo(visit.timezone)):%Y-%m-%d}"
    escalations.escalate(
        key=f"{case_reasons.SAID_STOP}:{visit.customer_id}",
        reason=case_reasons.SAID_STOP,
        title=happened("said_stop.corrected", day=said_on),
        appointment=visit,
        tenant_id=visit.tenant_id,
    )
