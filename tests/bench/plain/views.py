"""Two webhooks, an address that does nothing, and the WSGI application."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from twilio.request_validator import RequestValidator

from tests.bench.plain import settings, tasks
from tests.bench.plain.models import Appointment, Customer, Text

REMINDERS = (timedelta(hours=48), timedelta(hours=24))
_validator = RequestValidator(settings.TWILIO_TOKEN)


def _is_signed(request: HttpRequest) -> bool:
    parts = dict(
        part.split("=", 1) for part in request.headers.get("Calendly-Webhook-Signature", "").split(",") if part
    )
    signed = f"{parts.get('t')}.".encode() + request.body
    expected = hmac.new(settings.CALENDLY_KEY.encode(), signed, hashlib.sha256).hexdigest()
    fresh = abs(time.time() - int(parts.get("t", 0))) < 180
    return fresh and hmac.compare_digest(parts.get("v1", ""), expected)


@csrf_exempt
def calendly(request: HttpRequest) -> HttpResponse:
    """Keeps the booking; the texts are for Celery."""
    if not _is_signed(request):
        return HttpResponse(status=401)
    payload = json.loads(request.body)["payload"]
    with transaction.atomic():
        appointment = _booked(payload)
        transaction.on_commit(partial(_plan, appointment))
    return HttpResponse("ok")


def _booked(payload: dict[str, Any]) -> Appointment:
    customer, _ = Customer.objects.update_or_create(
        phone=payload["text_reminder_number"], defaults={"name": payload["name"], "email": payload["email"]}
    )
    event = payload["scheduled_event"]
    appointment: Appointment = Appointment.objects.update_or_create(
        uri=payload["uri"],
        defaults={
            "customer": customer,
            "service": event["name"],
            "timezone": payload["timezone"],
            "starts_at": datetime.fromisoformat(event["start_time"]),
            "ends_at": datetime.fromisoformat(event["end_time"]),
        },
    )[0]
    return appointment


def _plan(appointment: Appointment) -> None:
    tasks.confirm.delay(appointment.pk)
    for before in REMINDERS:
        at = appointment.starts_at - before
        tasks.remind.apply_async((appointment.pk, appointment.starts_at.isoformat()), eta=at)


@csrf_exempt
def twilio(request: HttpRequest) -> HttpResponse:
    """What became of a text."""
    form, signature = request.POST.dict(), request.headers.get("X-Twilio-Signature", "")
    if not _validator.validate(f"{settings.PUBLIC_BASE_URL}{request.path}", form, signature):
        return HttpResponse(status=403)
    Text.objects.filter(sid=form["MessageSid"]).update(status=form["MessageStatus"])
    return HttpResponse(status=204)


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """What the framework and the server cost alone."""
    return HttpResponse("ok")


urlpatterns = [path("webhooks/calendly", calendly), path("webhooks/twilio", twilio), path("nothing", nothing)]
application = get_wsgi_application()
