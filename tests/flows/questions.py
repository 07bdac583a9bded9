"""What a story may ask about the rows behind it. Asked in the window's process, answered with plain values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from django.db.models import Q

from appointments.models import Appointment, Business, Customer, Escalation, WhatsAppTemplate
from integrations.models import Receipt
from workflows import inspect


def visit(booking_id: str) -> dict[str, Any]:
    """As `aro appointments:show`, with what the visit's person has to do with it."""
    found = inspect.find(booking_id)
    person = found.customer
    known = {
        "phone_usable": person.phone_usable,
        "risk_category": person.risk_category,
        "requires_deposit": person.requires_deposit,
        "deposits_paid": person.deposits_paid,
    }
    return {**inspect.full(found), "person": known, "why": inspect.why(found)}


def cases(phone: str) -> list[dict[str, str]]:
    """Every case for a person, open or not, that has to do with this phone."""
    about = Q(customer__phone=phone) | Q(appointment__customer__phone=phone)
    return [
        {"reason": case.reason, "title": case.title, "priority": case.get_priority_display().lower()}
        for case in Escalation.objects.filter(about).order_by("created_at")
    ]


def notices(key: str) -> list[dict[str, Any]]:
    """The cases with that key, oldest first: whether each is open, and who closed it."""
    found = Escalation.objects.filter(key=key).order_by("created_at")
    return [{"status": case.status, "times": case.times, "resolved_by": case.resolved_by} for case in found]


def unprocessed(source: str) -> int:
    return Receipt.objects.filter(source=source, outcome=Receipt.Outcome.PENDING).count()


def people(phone: str) -> int:
    return Customer.objects.filter(phone=phone).count()


def visits_of(phone: str) -> list[tuple[str, str]]:
    """State and start of each of a person's visits, in the order of their starts."""
    found = Appointment.objects.filter(customer__phone=phone).order_by("starts_at")
    return [(one.status, one.starts_at.isoformat()) for one in found]


def receipts(source: str) -> int:
    return Receipt.objects.filter(source=source).count()


def email_consent(switch: str) -> None:
    """The booking form asks for consent to e-mail, or not."""
    Business.objects.update(booking_consent_email=switch == "on")


def deposits_of(amount: str) -> None:
    """The clinic takes deposits of so much; with 0, none."""
    Business.objects.update(deposit_amount=amount)


def open_always(_: str) -> None:
    """The stories are not about the hours and days on which they happen to be played."""
    day = {"open": "00:00", "close": "24:00", "closed": False}
    Business.objects.update(hours={str(number): day for number in range(7)})


def open_cases(reason: str) -> int:
    return Escalation.objects.filter(reason=reason, status="open").count()


def prefers_whatsapp(phone: str) -> None:
    Customer.objects.filter(phone=phone).update(preferred_channel="whatsapp")


def whatsapp(phone: str) -> None:
    """The patient prefers WhatsApp, and the clinic has an approved reminder."""
    prefers_whatsapp(phone)
    WhatsAppTemplate.objects.get_or_create(
        kind="reminder_first",
        language="en",
        active=True,
        defaults={
            "content_sid": "HX" + 32 * "a",
            "wording": "{{ business_name }} expects you on {{ date }} at {{ time }}.",
        },
    )


def no_templates(_: str) -> None:
    WhatsAppTemplate.objects.update(active=False)


def press(link: str) -> int:
    """The button behind an e-mail's unsubscribe link."""
    return requests.post(link, timeout=20).status_code


ANSWERS: dict[str, Callable[[str], Any]] = {
    "visit": visit,
    "cases": cases,
    "people": people,
    "visits_of": visits_of,
    "receipts": receipts,
    "email_consent": email_consent,
    "deposits_of": deposits_of,
    "open_always": open_always,
    "open_cases": open_cases,
    "prefers_whatsapp": prefers_whatsapp,
    "whatsapp": whatsapp,
    "no_templates": no_templates,
    "press": press,
    "notices": notices,
    "unprocessed": unprocessed,
}
