"""Where a person is reached: a corrected number or address, and what goes with it.

Consent and stops belong to the number, so a new number has its own. What waits goes to the new one.
"""

from __future__ import annotations

from collections.abc import Callable

from appointments.case_reasons import Change
from appointments.models import Appointment, Customer, Message
from appointments.services import case_endings
from compliance import consent, wrong_numbers
from compliance.models import Channel, Consent, Purpose

# Told of the person, the former number, and who corrected it.
Follower = Callable[[Customer, str, str], None]
WAITING = (Message.Status.PLANNED, Message.Status.HELD)
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Registers what a higher floor does when a person's number was corrected."""
    if follower not in _followers:
        _followers.append(follower)


def correct_phone(customer: Customer, phone: str, *, by: str) -> None:
    """A person's number as it is now known, in E.164. Their cases about the number close. Under both phones' locks."""
    before = customer.phone
    customer.phone, customer.phone_usable, customer.phone_typed = phone, True, ""
    customer.save(update_fields=["phone", "phone_usable", "phone_typed", "updated_at"])
    case_endings.person_changed(customer, Change.REACHABLE)
    _readdress(customer, before)
    number_changed(customer, before, by=by)


def number_changed(customer: Customer, before: str, *, by: str) -> None:
    """Tells whoever wants to know that what went to `before` goes to this person's number from now on."""
    for follower in _followers:
        follower(customer, before, by)


def correct_email(customer: Customer, email: str) -> None:
    """A person's address as it is now known."""
    was_unusable = not customer.email_usable
    customer.email, customer.email_usable = email, True
    customer.save(update_fields=["email", "email_usable", "updated_at"])
    if was_unusable and customer.phone:
        case_endings.person_changed(customer, Change.REACHABLE)


def hand_over(visit: Appointment, to: Customer) -> None:
    """The visit is this person's: what waits about it, and its open cases, are theirs as well."""
    before = visit.customer
    visit.customer = to
    visit.save(update_fields=["customer", "updated_at"])
    Message.objects.filter(appointment=visit, automatic=True, status__in=WAITING).update(customer=to)
    _readdress(to, before.phone, visit)
    case_endings.handed_over(visit)


def _readdress(customer: Customer, before: str, visit: Appointment | None = None) -> None:
    """What waits for the former number is the new one's; where it really goes is chosen when it is sent."""
    waiting = Message.objects.filter(
        customer=customer, direction=Message.Direction.OUT, automatic=True, status__in=WAITING, address=before
    ).exclude(channel=Channel.EMAIL)
    if visit is not None:
        waiting = waiting.filter(appointment=visit)
    if customer.phone:
        waiting.update(address=customer.phone)


def take_stop_along(customer: Customer, before: str) -> bool:
    """A person who had said stop gets no texts at another number either, until they say so there; True if so.

    Not when somebody else had answered at the former number: that stop was a stranger's. Nor when the new number has
    a word of its own.
    """
    tenant_id, phone = customer.tenant_id, customer.phone
    theirs = consent.is_suppressed(before, tenant_id=tenant_id) and not wrong_numbers.is_held(
        before, tenant_id=tenant_id
    )
    if not theirs or consent.is_suppressed(phone, tenant_id=tenant_id) or _has_its_own_word(phone, tenant_id):
        return False
    for channel in (Channel.SMS, Channel.WHATSAPP):
        for purpose in Purpose:
            consent.withdraw(
                phone,
                channel,
                purpose,
                method=Consent.Method.BOOKING_SYSTEM,
                evidence="said stop at the former number",
                tenant_id=tenant_id,
            )
    return consent.suppress(phone, source="former number", tenant_id=tenant_id)


def _has_its_own_word(phone: str, tenant_id: str) -> bool:
    return any(consent.state(phone, Channel.SMS, purpose, tenant_id=tenant_id) is not None for purpose in Purpose)
