"""What the front desk can do about a person: whether and where they get messages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from appointments import profiles
from appointments.models import Business, Customer
from appointments.services import businesses, journal
from appointments.services.person import contacts, customers, new_numbers, stopped
from aro.errors import ConflictError, InvalidRequestError
from aro.queue import locks
from compliance import consent, phones
from compliance.models import Channel, Consent, Purpose
from workflows.commands import fields, settle_numbers
from workflows.commands.bus import Caller, Done, command

# Consent for a number holds for both of its channels; an e-mail address has its own.
_BY_PHONE, _BY_EMAIL = (Channel.SMS, Channel.WHATSAPP), (Channel.EMAIL,)


@command("customer.opt_out")
def opt_out(payload: dict[str, Any], caller: Caller) -> Done:
    customer = _with_phone(payload)
    return _stop(customer, customer.phone, _BY_PHONE, caller)


@command("customer.opt_in")
def opt_in(payload: dict[str, Any], caller: Caller) -> Done:
    customer = _with_phone(payload)
    return _allow(customer, customer.phone, Channel.SMS, fields.text(payload, "evidence", required=True), caller)


@command("customer.email_opt_out")
def email_opt_out(payload: dict[str, Any], caller: Caller) -> Done:
    customer = _with_email(payload)
    return _stop(customer, customer.email, _BY_EMAIL, caller)


@command("customer.email_opt_in")
def email_opt_in(payload: dict[str, Any], caller: Caller) -> Done:
    customer = _with_email(payload)
    return _allow(customer, customer.email, Channel.EMAIL, fields.text(payload, "evidence", required=True), caller)


@command("customer.correct_phone")
def correct_phone(payload: dict[str, Any], caller: Caller) -> Done:
    """The number in any spelling. Whether texts may go to it is looked at as for every number."""
    customer = fields.record(Customer, payload, "customer_id")
    phone = _phone(fields.text(payload, "phone", required=True), businesses.current(customer.tenant_id))
    before = customer.phone
    for one in sorted({before, phone} - {""}):
        locks.hold("phone", one)
    contacts.correct_phone(customer, phone, by=caller.actor_id)
    if before and not consent.is_suppressed(before, tenant_id=customer.tenant_id):
        settle_numbers.take_consent_along(customer, before)
    new_numbers.corrected_by_staff(customer, before, actor=caller.actor)
    journal.customer_event("customer.updated", customer, payload={"fields": ["phone"]}, actor=caller.actor)
    return Done(
        resource_type="customer",
        resource_id=str(customer.id),
        before={"phone": phones.mask(before)},
        after={"phone": phones.mask(phone)},
    )


def _phone(typed: str, business: Business) -> str:
    if wrong := new_numbers.refused(typed, business):
        raise InvalidRequestError(wrong, details={"field": "phone"})
    return phones.normalise(typed, phones.region_of(business.timezone))


@command("customer.correct_email")
def correct_email(payload: dict[str, Any], caller: Caller) -> Done:
    """Whoever has it has agreed to nothing yet: e-mail goes there once they did, as with every address."""
    customer = fields.record(Customer, payload, "customer_id")
    email, before = _email(fields.text(payload, "email", required=True)), customer.email
    for one in sorted({before, email} - {""}):
        locks.hold("phone", one)
    contacts.correct_email(customer, email)
    journal.customer_event("customer.updated", customer, payload={"fields": ["email"]}, actor=caller.actor)
    return Done(
        resource_type="customer",
        resource_id=str(customer.id),
        before={"email": phones.mask(before)},
        after={"email": phones.mask(email)},
    )


def _email(typed: str) -> str:
    """Raises `InvalidRequestError`."""
    try:
        validate_email(typed)
    except ValidationError as error:
        wrong = "This is no e-mail address. Write it like ana@example.com."
        raise InvalidRequestError(wrong, details={"field": "email"}) from error
    return typed


@command("customer.choose_language")
def choose_language(payload: dict[str, Any], caller: Caller) -> Done:
    """Stays until staff choose again. Empty: as the person answers, else as the business writes."""
    customer, language = fields.record(Customer, payload, "customer_id"), fields.text(payload, "language")
    known = sorted(profiles.load(businesses.current(customer.tenant_id).profile).texts)
    if language and language not in known:
        raise InvalidRequestError(f"Choose one of {', '.join(known)}.", details={"field": "language"})
    before = customer.language
    customers.choose_language(customer, language)
    journal.customer_event("customer.updated", customer, payload={"fields": ["language"]}, actor=caller.actor)
    return Done(
        resource_type="customer",
        resource_id=str(customer.id),
        before={"language": before},
        after={"language": language},
    )


@command("customer.number_is_right")
def number_is_right(payload: dict[str, Any], caller: Caller) -> Done:
    """Somebody had said that they are not the patient; a person has found out otherwise."""
    customer = _with_phone(payload)
    locks.hold("phone", customer.phone)
    return _number_settled(customer, "right", changed=settle_numbers.is_right(customer, by=caller.actor_id))


@command("customer.number_is_wrong")
def number_is_wrong(payload: dict[str, Any], caller: Caller) -> Done:
    """Somebody else answers there, as staff have heard: nothing personal goes there from now on."""
    customer = _with_phone(payload)
    locks.hold("phone", customer.phone)
    return _number_settled(customer, "wrong", changed=settle_numbers.is_wrong(customer))


@command("customer.choose_channel")
def choose_channel(payload: dict[str, Any], caller: Caller) -> Done:
    """Empty: the business's usual one. What cannot arrive there goes on by the next that the person agreed to."""
    customer, channel = fields.record(Customer, payload, "customer_id"), fields.text(payload, "channel")
    if channel and channel not in Channel.values:
        raise InvalidRequestError(f"Choose one of {', '.join(Channel.values)}.", details={"field": "channel"})
    if channel == Channel.EMAIL and not agreed_to_email(customer):
        raise ConflictError("This patient has not agreed to e-mail. Ask them, then press Allow e-mail first.")
    before = customer.preferred_channel
    Customer.objects.filter(pk=customer.pk).update(preferred_channel=channel)
    journal.customer_event("customer.updated", customer, payload={"fields": ["preferred_channel"]}, actor=caller.actor)
    return Done(
        resource_type="customer",
        resource_id=str(customer.id),
        before={"channel": before},
        after={"channel": channel},
    )


def agreed_to_email(customer: Customer) -> bool:
    """Whether messages about a visit may go to the person's e-mail address."""
    if not customer.email or consent.is_suppressed(customer.email, tenant_id=customer.tenant_id):
        return False
    return consent.state(customer.email, Channel.EMAIL, tenant_id=customer.tenant_id) is True


def _stop(customer: Customer, address: str, channels: tuple[str, ...], caller: Caller) -> Done:
    tenant_id = customer.tenant_id
    locks.hold("phone", address)
    for channel in channels:
        for purpose in Purpose:
            consent.withdraw(address, channel, purpose, method=Consent.Method.VERBAL, tenant_id=tenant_id)
    new = consent.suppress(address, source="staff", tenant_id=tenant_id)
    journal.customer_event("customer.opted_out", customer, actor=caller.actor)
    return _consent_changed(customer, channels[0], "opted out", changed=new)


def _allow(customer: Customer, address: str, channel: str, evidence: str, caller: Caller) -> Done:
    tenant_id, method = customer.tenant_id, Consent.Method.VERBAL
    locks.hold("phone", address)
    consent.give(address, channel, Purpose.CARE, method=method, evidence=evidence, tenant_id=tenant_id)
    lifted = consent.lift(address, by=caller.actor_id, tenant_id=tenant_id)
    stopped.over(address, tenant_id=tenant_id)
    journal.customer_event("customer.opted_in", customer, actor=caller.actor)
    return _consent_changed(customer, channel, "opted in", changed=lifted)


def _number_settled(customer: Customer, what: str, *, changed: bool) -> Done:
    after = {"number": what, "changed": changed}
    return Done(resource_type="customer", resource_id=str(customer.id), before={}, after=after)


def _with_phone(payload: dict[str, Any]) -> Customer:
    customer = fields.record(Customer, payload, "customer_id")
    if not customer.phone:
        raise ConflictError("This customer has no phone number. Add one first.")
    return customer


def _with_email(payload: dict[str, Any]) -> Customer:
    customer = fields.record(Customer, payload, "customer_id")
    if not customer.email:
        raise ConflictError("This customer has no e-mail address. Add one in the booking system first.")
    return customer


def _consent_changed(customer: Customer, channel: str, what: str, *, changed: bool) -> Done:
    after = {"channel": channel, "messages": what, "changed": changed}
    return Done(resource_type="customer", resource_id=str(customer.id), before={}, after=after)
