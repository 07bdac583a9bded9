"""The Celery application and its tasks; `python -m celery -A tests.bench.plain.tasks worker`."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import django
from celery import Celery, shared_task
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

django.setup()

from tests.bench.plain import settings  # noqa: E402
from tests.bench.plain.models import Appointment, Text  # noqa: E402

app = Celery("plain")
app.config_from_object("django.conf:settings", namespace="CELERY")
WORDS = {
    "confirmation": "Hi {name}, your {service} is booked for {when}.",
    "reminder": "Hi {name}, a reminder of your {service} on {when}. Reply C to confirm.",
}


class _ToTheTwin(TwilioHttpClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's own client, at the address where the carrier is played."""

    def request(self, method: str, uri: str, *rest: Any, **options: Any) -> Any:
        return super().request(method, uri.replace("https://api.twilio.com", settings.TWILIO_URL), *rest, **options)


_twilio = Client(settings.TWILIO_ACCOUNT, settings.TWILIO_TOKEN, http_client=_ToTheTwin())


@shared_task
def confirm(appointment_id: int) -> None:
    """Texts that the visit is booked."""
    _text(Appointment.objects.select_related("customer").get(pk=appointment_id), "confirmation")


@shared_task
def remind(appointment_id: int, starts_at: str) -> None:
    """Texts about the visit, unless it was moved or cancelled since the reminder was planned."""
    appointment = Appointment.objects.select_related("customer").get(pk=appointment_id)
    if appointment.status == "booked" and appointment.starts_at.isoformat() == starts_at:
        _text(appointment, "reminder")


def _text(appointment: Appointment, kind: str) -> None:
    when = appointment.starts_at.astimezone(ZoneInfo(appointment.timezone))
    body = WORDS[kind].format(
        name=appointment.customer.name, service=appointment.service, when=when.strftime("%a %d %b, %I:%M %p")
    )
    sent = _twilio.messages.create(
        to=appointment.customer.phone,
        from_=settings.TWILIO_NUMBER,
        body=body,
        status_callback=f"{settings.PUBLIC_BASE_URL}/webhooks/twilio",
    )
    Text.objects.create(appointment=appointment, kind=kind, body=body, sid=sent.sid, status=sent.status)
