"""Who a booking is for: found by phone and compatible name, else by e-mail, else new."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from appointments import names, phone_wishes
from appointments.case_reasons import Change
from appointments.inbound import Person
from appointments.models import Appointment, Business, Customer, Message
from appointments.services import case_endings
from aro import secrets
from aro.queue import locks, rows
from compliance import phones
from compliance.models import Channel

# A booking form's field, not an essay.
_LONGEST_TYPED = 200


def match_or_create(person: Person, *, business: Business) -> Customer:
    """The customer of a booking. A family may share a phone: a different name on it is a different person."""
    phone = phone_of(person, business)
    alone_with(phone, person.email, business.tenant_id)
    found = match(person, business=business)
    if found is None:
        return create(person, phone, business)
    fill_gaps(found, person, phone)
    if heed(found, person, business):
        found.save(update_fields=["texting", "updated_at"])
    return found


def match(person: Person, *, business: Business) -> Customer | None:
    """The customer that this person is, as far as that is known."""
    known = _by_phone(number_in(person, business), person.name, business.tenant_id)
    return known or _by_email(person, phone_of(person, business), business.tenant_id)


def of(message: Message, business: Business) -> Customer:
    """Whose message it is; for a phone that nobody is known by, a person who is not kept: the address, and no name."""
    if message.customer is not None:
        return message.customer
    return Customer(tenant_id=message.tenant_id, phone=message.address, timezone=business.timezone)


def phone_of(person: Person, business: Business) -> str:
    """The person's number in E.164 by the rules of the business's country; empty when there is none to text."""
    if phone_wishes.says_not_to_text(person.phone):
        return ""
    return number_in(person, business)


def number_in(person: Person, business: Business) -> str:
    """Whatever is said beside it: whoever is known by the number is meant."""
    phone = phones.texted(person.phone, phones.region_of(business.timezone))
    return "" if is_our_own(phone, business) else known_spelling(phone, business.tenant_id)


def is_our_own(phone: str, business: Business) -> bool:
    """Whether it is the clinic's number, which a front desk types where a patient's is missing."""
    ours = phones.normalise(business.phone, phones.region_of(business.timezone)) if business.phone else ""
    return bool(phone) and ours in phones.variants(phone)


def heed(customer: Customer, person: Person, business: Business) -> bool:
    """Notes that a booking says not to text them: in the name, or beside the number that they are known by. What staff
    have allowed stays allowed. True when it is news; not saved here."""
    beside = bool(customer.phone) and phone_wishes.says_not_to_text(person.phone)
    by_phone = beside and number_in(person, business) == customer.phone
    if customer.texting or not (by_phone or phone_wishes.name_says_not_to_text(person.name)):
        return False
    customer.texting = Customer.Texting.UNWANTED
    return True


def known_spelling(phone: str, tenant_id: str) -> str:
    """The number as its owner is known by, where a country's numbers have two spellings; else as given."""
    _, *others = phones.variants(phone)
    if not others or Customer.objects.filter(tenant_id=tenant_id, phone=phone).exists():
        return phone
    known = Customer.objects.filter(tenant_id=tenant_id, phone__in=others).values_list("phone", flat=True)
    return known.first() or phone


def typed_phone(customer: Customer) -> str:
    """What a booking gave as the phone and nobody could read; empty when there is no such thing."""
    if not customer.phone_typed:
        return ""
    return secrets.open_sealed(customer.phone_typed, **_place(customer))


def keep_typed(customer: Customer, typed: str) -> None:
    """What nobody can read is kept for staff. Not saved here."""
    customer.phone_typed = secrets.seal(typed[:_LONGEST_TYPED], **_place(customer))


def _place(customer: Customer) -> secrets.Place:
    return {"table": "customer", "row": customer.pk, "field": "phone_typed"}


def choose_language(customer: Customer, language: str) -> None:
    """What staff chose, against what replies may seem; empty gives the choice back to the replies."""
    customer.language = language
    customer.language_set_by = Customer.LanguageSetBy.STAFF if language else ""
    customer.save(update_fields=["language", "language_set_by", "updated_at"])


def alone_with(phone: str, email: str, tenant_id: str) -> None:
    """Nobody else makes a person with these until the transaction ends: two first bookings at once are one person."""
    for known in sorted(filter(None, (phone, email.lower()))):
        locks.hold("person", tenant_id, known)


def _by_phone(phone: str, name: str, tenant_id: str) -> Customer | None:
    return next((one for one in with_phone(phone, tenant_id) if names.compatible(one.name, name)), None)


def with_phone(phone: str, tenant_id: str) -> list[Customer]:
    """Who has this number; the oldest first."""
    if not phone:
        return []
    in_use = "tenant_id = %s AND phone = %s AND deleted_at IS NULL"
    return _oldest_first(rows.matching(Customer, in_use, [tenant_id, phone]))


def _by_email(person: Person, phone: str, tenant_id: str) -> Customer | None:
    if not person.email:
        return None
    others = [c for c in with_email(person.email, tenant_id) if not (phone and c.phone and c.phone != phone)]
    found = [customer for customer in others if names.compatible(customer.name, person.name)]
    # One name and address with several numbers: which of them is right is not for us to guess.
    return found[0] if found and len({c.phone for c in found if c.phone}) <= 1 else None


def with_email(address: str, tenant_id: str) -> list[Customer]:
    """Who has this e-mail address, whatever the case of its letters; the oldest first."""
    in_any_case = "tenant_id = %s AND LOWER(email) = %s AND deleted_at IS NULL"
    return _oldest_first(rows.matching(Customer, in_any_case, [tenant_id, address.lower()]))


def mark_email_unusable(address: str, tenant_id: str) -> None:
    """Mail to it comes back, whoever has it."""
    ids = [customer.id for customer in with_email(address, tenant_id)]
    Customer.objects.filter(pk__in=ids).update(email_usable=False)


def _oldest_first(people: Iterable[Customer]) -> list[Customer]:
    return sorted(people, key=lambda one: one.created_at)


def create(person: Person, phone: str, business: Business) -> Customer:
    """A new customer. The caller knows that there is none yet, and is `alone_with` the phone and the address."""
    customer = Customer(
        tenant_id=business.tenant_id,
        phone=phone,
        email=person.email[:254],
        name=person.name[:200],
        timezone=zone_or_empty(person.timezone),
        language=person.language[:8],
    )
    if person.phone.strip() and not phone:
        keep_typed(customer, person.phone)
    heed(customer, person, business)
    rows.insert_all(Customer, [customer])
    return customer


def fill_gaps(customer: Customer, person: Person, phone: str) -> None:
    """A booking adds what was missing and never overwrites what is known."""
    news = {
        "phone": phone,
        "email": person.email[:254],
        "name": person.name[:200],
        "timezone": zone_or_empty(person.timezone),
    }
    changed = [field for field, value in news.items() if value and not getattr(customer, field)]
    for field in changed:
        setattr(customer, field, news[field])
    if person.phone.strip() and not customer.phone:
        keep_typed(customer, person.phone)
        changed.append("phone_typed")
    if changed:
        customer.save(update_fields=[*changed, "updated_at"])
    if "phone" in changed:
        case_endings.person_changed(customer, Change.REACHABLE)


def wanted_channel(customer: Customer) -> str:
    """The person's own channel as far as it is known without the business's rules; SMS without a wish."""
    wanted = customer.preferred_channel or Channel.SMS
    return wanted if address_on(customer, wanted) else Channel.SMS


def address_on(customer: Customer, channel: str) -> str:
    """Where the person is reached on a channel; empty when they are not."""
    return customer.email if channel == Channel.EMAIL else customer.phone


def can_receive(customer: Customer, channel: str) -> bool:
    """Whether anything may arrive there at all: an address that is not known to be wrong.

    A number that cannot get SMS may still be on WhatsApp: somebody has written from there.
    """
    if channel == Channel.EMAIL:
        return bool(customer.email) and customer.email_usable
    if channel == Channel.WHATSAPP and customer.phone and not customer.phone_usable:
        return last_wrote_at(customer, channel) is not None
    return bool(customer.phone) and customer.phone_usable


def wants_no(customer: Customer, channel: str) -> bool:
    """Whether nothing automatic goes to them there, because a booking of theirs says so."""
    return channel != Channel.EMAIL and customer.texting == Customer.Texting.UNWANTED


def last_wrote_at(customer: Customer, channel: str) -> datetime | None:
    """When somebody last wrote from the person's phone on that channel."""
    written = Message.objects.filter(
        tenant_id=customer.tenant_id, address=customer.phone, channel=channel, direction=Message.Direction.IN
    )
    return written.order_by("-created_at").values_list("sent_at", flat=True).first()


def zone_or_empty(name: str) -> str:
    """The name when it is an IANA zone, else an empty string."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    return name


def resolve_zone(appointment_zone: str, customer: Customer, business: Business) -> str:
    """The visit's zone: its own, else the person's, else the business's, else UTC."""
    wanted = (appointment_zone, customer.timezone, business.timezone)
    return next((zone for zone in map(zone_or_empty, wanted) if zone), "UTC")


def count_outcome(appointment: Appointment) -> None:
    """Brings the counts of the visit's person up to date: may run twice."""
    recount(appointment.customer)


def recount(customer: Customer) -> None:
    """Brings the person's counts up to date from their visits: may run twice."""
    visits = Customer.objects.get(pk=customer.pk).appointments
    customer.no_shows = visits.filter(status=Appointment.Status.NO_SHOW).count()
    customer.cancellations = visits.filter(status=Appointment.Status.CANCELLED).count()
    customer.completed_visits = visits.filter(status=Appointment.Status.COMPLETED).count()
    past = visits.filter(status__in=[Appointment.Status.COMPLETED, Appointment.Status.NO_SHOW])
    total = past.count()
    customer.confirmation_rate = past.filter(confirmation_received=True).count() / total if total else 0.0
    customer.reschedules = sum(visits.values_list("moves", flat=True))
    customer.save(
        update_fields=[
            "no_shows",
            "cancellations",
            "completed_visits",
            "confirmation_rate",
            "reschedules",
            "updated_at",
        ]
    )
