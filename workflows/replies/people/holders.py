"""Who has a phone now: a text that went there may be about somebody whose number was corrected since."""

from __future__ import annotations

from collections.abc import Sequence

from appointments.models import Appointment, Customer, Message


def named_by(text: Message) -> list[Appointment]:
    """The visits that a text is about, several when it went to a family."""
    named = [one.appointment for one in text.named.all()]
    return named or ([text.appointment] if text.appointment else [])


def has(visit: Appointment | None, phone: str) -> bool:
    """A mailbox may be shared by people with phones of their own: each phone speaks of its own visits."""
    return visit is not None and visit.customer.phone == phone


def theirs_of(text: Message, phone: str) -> list[Appointment]:
    """The visits of a text whose people have this phone still."""
    return [visit for visit in named_by(text) if has(visit, phone)]


def is_theirs(text: Message, phone: str) -> bool:
    """Whether a text was about somebody who has this phone still."""
    own = text.customer is not None and text.customer.phone == phone and not named_by(text)
    return own or bool(theirs_of(text, phone))


def former_person(asking: Sequence[Message], texts: Sequence[Message], phone: str, tenant_id: str) -> Customer | None:
    """Whose number it was. Where a family still has the phone, the last question tells of whom they speak."""
    shared = Customer.objects.filter(tenant_id=tenant_id, phone=phone, deleted_at=None).exists()
    newest = next(iter(asking if shared else asking or texts), None)
    return None if newest is None or is_theirs(newest, phone) else person_of(newest)


def person_of(text: Message) -> Customer | None:
    """Whom a text was about, where they can be reached elsewhere."""
    about: list[Customer | None] = [visit.customer for visit in named_by(text)] or [text.customer]
    return next((one for one in about if one is not None and one.phone and one.deleted_at is None), None)
