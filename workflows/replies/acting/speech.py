"""Whoever answers in Spanish is answered in Spanish, and written to in Spanish from then on; English likewise.

It belongs to the phone: who answers there reads the texts about the whole family. What staff have chosen stays.
"""

from __future__ import annotations

from appointments import profiles
from appointments.models import Customer, Message
from appointments.services import businesses, journal
from compliance import wrong_numbers
from workflows.replies.labels import NO_ANSWER, Classification, Label, Sort
from workflows.replies.text.languages import language_of

_REPLIES, _STAFF = Customer.LanguageSetBy.REPLIES, Customer.LanguageSetBy.STAFF


def is_theirs(message: Message, found: Classification) -> bool:
    """Whether the patient has written: no machine, and nobody who merely has the number now."""
    stranger = Label.WRONG_NUMBER in (found.label, *found.also)
    held = wrong_numbers.is_held(message.address, tenant_id=message.tenant_id)
    silent = found.sort in NO_ANSWER - {Sort.COURTESY}
    return not silent and not stranger and not held


def listen(message: Message, own_words: str) -> None:
    """Notes the language of a reply and follows it, before anything is answered."""
    spoken = language_of(own_words)
    if not spoken:
        return
    message.language = spoken
    message.save(update_fields=["language"])
    business = businesses.current(message.tenant_id)
    if spoken not in profiles.load(business.profile).texts:
        return
    for customer in Customer.objects.filter(tenant_id=message.tenant_id, phone=message.address, deleted_at=None):
        if _is_to_follow(customer, spoken, message, business.language):
            _follow(customer, spoken)


def _is_to_follow(customer: Customer, spoken: str, message: Message, usual: str) -> bool:
    """At once, away from what only came with the booking; after two answers, away from what a reply had set."""
    if customer.language_set_by == _STAFF or _plain(customer.language or usual) == spoken:
        return False
    return customer.language_set_by != _REPLIES or _spoke_before(message) == spoken


def _spoke_before(message: Message) -> str:
    """The language of the reply before this one, of those that told it."""
    earlier = Message.objects.filter(
        tenant_id=message.tenant_id, address=message.address, direction=Message.Direction.IN
    ).exclude(language="")
    return earlier.exclude(pk=message.pk).order_by("-created_at").values_list("language", flat=True).first() or ""


def _follow(customer: Customer, spoken: str) -> None:
    customer.language, customer.language_set_by = spoken, _REPLIES
    customer.save(update_fields=["language", "language_set_by", "updated_at"])
    journal.customer_event("customer.updated", customer, payload={"fields": ["language"]})


def _plain(language: str) -> str:
    """`es-MX` is served by `es`."""
    return language.replace("_", "-").split("-")[0].lower()
