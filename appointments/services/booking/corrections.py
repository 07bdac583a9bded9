"""A booking system's newer word of who comes to a visit that is known: another number, address or name.

Only what it says differently than the last time counts: a delivery that repeats a number which staff have corrected
changes nothing. Where name and number both differ, it may be a correction or another person: staff are asked.
"""

from __future__ import annotations

from appointments import names, states
from appointments.case_reasons.words import happened, to_do
from appointments.inbound import Person
from appointments.models import Appointment, Business, Customer
from appointments.services import businesses, case_endings, escalations, journal
from appointments.services.person import contacts, customers
from aro.queue import locks
from aro.secrets import fingerprint
from compliance import phones
from compliance.models import Actor

BY = "booking system"
OTHER_PERSON = "other_person"
STOP_TAKEN_ALONG = "stop_taken_along"
News = dict[str, str]


def told(person: Person, business: Business) -> News:
    """Fingerprints of what is said of a person, by field. What is left out is not in it."""
    given = _given(person, business) | ({"phone": person.phone.strip()} if _is_unreadable(person, business) else {})
    return {field: fingerprint(_plain(field, value), purpose="told") for field, value in given.items() if value}


def is_news(visit: Appointment, person: Person) -> bool:
    """Whether the booking system says something else of the person than the last time."""
    new = told(person, businesses.current(visit.tenant_id))
    return any(visit.person_told.get(field) != mark for field, mark in new.items())


def apply(visit: Appointment, person: Person) -> bool:
    """Corrects who comes. True when the visit's texts go to another number now. Call it before the visit is changed."""
    business = businesses.current(visit.tenant_id)
    if not is_news(visit, person):
        return False
    news = _news(visit, person, business)
    visit.person_told = {**visit.person_told, **told(person, business)}
    visit.save(update_fields=["person_told", "updated_at"])
    if _may_be_somebody_else(visit.customer, news):
        tell_of_other_person(visit)
        return False
    if news:
        return _correct(visit, news, business)
    _look_at_number(visit, person, business)
    return False


def tell_of_other_person(visit: Appointment) -> None:
    """Asks staff once; the booking system's next word about it says no more than this one."""
    escalations.escalate(
        key=f"{OTHER_PERSON}:{visit.id}", reason=OTHER_PERSON, appointment=visit, tenant_id=visit.tenant_id
    )


def _news(visit: Appointment, person: Person, business: Business) -> News:
    """What differs from what is known, and was not said before. Of a visit older than this memory: what is missing."""
    known, new = visit.customer, told(person, business)
    found: News = {}
    for field, value in _given(person, business).items():
        before = _plain(field, str(getattr(known, field)))
        if not value or _plain(field, value) == before:
            continue
        if visit.person_told.get(field) != new[field] if visit.person_told else not before:
            found[field] = value
    return found


def _given(person: Person, business: Business) -> News:
    return {"phone": customers.phone_of(person, business), "email": person.email[:254], "name": person.name[:200]}


def _plain(field: str, value: str) -> str:
    if field == "phone":
        return min(phones.variants(value)) if value else ""
    return value.lower() if field == "email" else value


def _is_unreadable(person: Person, business: Business) -> bool:
    return bool(person.phone.strip()) and not customers.phone_of(person, business)


def _may_be_somebody_else(known: Customer, news: News) -> bool:
    both = bool("phone" in news and known.phone and known.name and "name" in news)
    return both and not names.alike(known.name, news["name"])


def _correct(visit: Appointment, news: News, business: Business) -> bool:
    before, phone = visit.customer, news.get("phone", visit.customer.phone)
    for one in sorted({before.phone, phone} - {""}):
        locks.hold("phone", one)
    locks.hold("visit", str(visit.pk))
    owner = _owner(visit, news, business)
    former = before.phone
    if owner.pk == before.pk:
        _in_place(before, news)
    else:
        _hand_over(visit, owner, news)
    if visit.customer.phone == former:
        return False
    if former and contacts.take_stop_along(visit.customer, former) and visit.status in states.UPCOMING:
        tell_of_stop(visit)
    return bool(visit.customer.phone)


def _owner(visit: Appointment, news: News, business: Business) -> Customer:
    """Whose the visit is: another known person's, the same one's with other details, or somebody new's."""
    known = visit.customer
    name, phone = news.get("name", known.name), news.get("phone", known.phone)
    if not {"name", "phone"} & news.keys() or ("phone" not in news and names.compatible(known.name, name)):
        return known
    wanted = Person(name=name, phone=phone, email=news.get("email", known.email), timezone=known.timezone)
    customers.alone_with(phone, wanted.email, visit.tenant_id)
    others = [one for one in customers.with_phone(phone, visit.tenant_id) if one.pk != known.pk]
    found = next((one for one in others if names.compatible(one.name, name)), None)
    if found is not None:
        return found
    if names.alike(known.name, name) or not known.appointments.exclude(pk=visit.pk).exists():
        return known
    return customers.create(wanted, phone, business)


def _in_place(customer: Customer, news: News) -> None:
    if "name" in news:
        customer.name = news["name"]
        customer.save(update_fields=["name", "updated_at"])
    if "email" in news:
        contacts.correct_email(customer, news["email"])
    if "phone" in news:
        contacts.correct_phone(customer, news["phone"], by=BY)
    journal.customer_event("customer.updated", customer, payload={"fields": sorted(news)}, actor=Actor.WEBHOOK)


def _hand_over(visit: Appointment, owner: Customer, news: News) -> None:
    before = visit.customer
    contacts.hand_over(visit, owner)
    customers.fill_gaps(owner, Person(name=news.get("name", ""), email=news.get("email", "")), "")
    for one in (before, owner):
        customers.recount(one)
    if before.phone != owner.phone:
        contacts.number_changed(owner, before.phone, by=BY)
    journal.customer_event("customer.updated", owner, payload={"fields": ["visits"]}, actor=Actor.WEBHOOK)


def _look_at_number(visit: Appointment, person: Person, business: Business) -> None:
    """It was changed to one that nobody can read; or back to the one that is known, which ends the doubt about it. The
    one that is known with a wish beside it is heeded elsewhere."""
    if visit.customer.phone and customers.number_in(person, business) == visit.customer.phone:
        if customers.phone_of(person, business):
            case_endings.number_known(visit)
    elif _is_unreadable(person, business):
        _tell_of_unreadable(visit, person)


def _tell_of_unreadable(visit: Appointment, person: Person) -> None:
    """What was known before still stands."""
    customer = visit.customer
    if not customer.phone:
        customers.keep_typed(customer, person.phone)
        customer.save(update_fields=["phone_typed", "updated_at"])
    escalations.escalate(
        key=f"no_phone:{visit.id}",
        reason="unreadable_phone",
        title=happened("unreadable_phone.changed") if customer.phone else "",
        next_step=to_do("unreadable_phone.changed") if customer.phone else "",
        appointment=visit,
        tenant_id=visit.tenant_id,
    )


def tell_of_stop(visit: Appointment) -> None:
    """Their stop has come along to another number."""
    escalations.escalate(
        key=f"{STOP_TAKEN_ALONG}:{visit.customer_id}",
        reason=STOP_TAKEN_ALONG,
        appointment=visit,
        tenant_id=visit.tenant_id,
    )
