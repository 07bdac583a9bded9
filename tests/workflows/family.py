"""A family on one phone, told by one text."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from appointments.models import Appointment, Message, NamedVisit
from aro import clock
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import asked_about

PHONE, MAIL = "+12025550177", "rays@example.com"

TOLD = "See you at Bright Dental? Tue, Dec 1: Tom 10:00 AM, Amy 10:30 AM, Zoe 11:00 AM. Reply C to confirm all."
MAILED = """Hello Tom,

see you at Bright Dental on Tue, Dec 1 at 10:00 AM?

To confirm, to choose another time, or if you cannot come, please call us at +1 202-555-0100.

To get no more e-mails like this: https://aro.example.com/unsubscribe/x1"""


def there(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("America/New_York"))


def family(*names: str) -> list[Appointment]:
    BusinessFactory.create()
    start = there(clock.now() + timedelta(days=2)).replace(hour=14, minute=0)
    return [
        AppointmentFactory.create(
            customer=CustomerFactory.create(name=name if " " in name else f"{name} Ray", phone=PHONE, email=MAIL),
            starts_at=start + timedelta(minutes=30 * place),
        )
        for place, name in enumerate(names)
    ]


def told_together(visits: list[Appointment], by: str = "sms") -> None:
    sent = asked_about(visits[0], TOLD, kind="reminder_first")
    Message.objects.filter(pk=sent.pk).update(channel=by, address=MAIL if by == "email" else PHONE)
    for visit in visits:
        NamedVisit.objects.create(message=sent, appointment=visit, visit_start=visit.starts_at, planned_for=clock.now())
