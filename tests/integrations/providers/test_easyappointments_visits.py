"""What becomes of a visit that Easy!Appointments tells of."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from appointments.models import Appointment, Business
from aro import clock
from aro.models import DeadLetter, Due
from aro.queue import tick
from integrations.models import ProviderState, Receipt
from tests.integrations import signers
from tests.integrations.contract import fixture
from tests.integrations.loopback import Loopback, http
from tests.integrations.providers.test_easyappointments import EMPTY, NAME, TOKEN, visit

S = Appointment.Status


def deliver(client: Client, name: str) -> None:
    body = json.dumps(json.loads(fixture(NAME, name)) | {"sent": clock.now().isoformat()}).encode()
    headers = signers.easyappointments(body, secret=TOKEN)
    answer = client.generic("POST", "/webhooks/easyappointments", body, "application/json", headers=headers)
    assert answer.status_code == 200
    tick.drain(["receipts", "lookups"])


def upcoming(days: int = 5) -> dict[str, Any]:
    start = clock.now() + timedelta(days=days)
    end = start + timedelta(minutes=45)
    return visit(start=f"{start:%Y-%m-%d} 12:00:00", end=f"{end:%Y-%m-%d} 12:45:00")


def test_a_visits_life_as_the_clinics_installation_tells_it(
    client: Client, business: Business, easyappointments: Loopback
) -> None:
    easyappointments.answers = [http(200, upcoming())]
    deliver(client, "appointment_save")
    found = Appointment.objects.get(source=NAME, external_id="318")
    assert (found.status, found.customer.phone) == (S.BOOKED, "+351912345678")
    easyappointments.answers = [http(200, upcoming(9))]
    deliver(client, "appointment_save.moved")
    found.refresh_from_db()
    assert (found.status, found.moves) == (S.BOOKED, 1)
    easyappointments.answers = [http(404, EMPTY), http(200, fixture(NAME, "api.provider"))]
    deliver(client, "appointment_delete")
    found.refresh_from_db()
    assert found.status == S.CANCELLED
    assert Appointment.objects.count() == 1


def test_the_same_delivery_once_more_moves_nothing(
    client: Client, business: Business, easyappointments: Loopback
) -> None:
    easyappointments.answers = [http(200, upcoming())]
    deliver(client, "appointment_save")
    deliver(client, "appointment_save")
    assert (Appointment.objects.get().moves, Receipt.objects.count()) == (0, 2)


def test_a_deletion_before_its_booking_leaves_the_visit_cancelled(
    client: Client, business: Business, easyappointments: Loopback
) -> None:
    easyappointments.answers = [http(404, EMPTY), http(200, fixture(NAME, "api.provider")), http(404, EMPTY)]
    deliver(client, "appointment_delete")
    deliver(client, "appointment_save")
    assert Appointment.objects.get().status == S.CANCELLED


def test_an_installation_that_is_away_is_asked_again_later(
    client: Client, business: Business, easyappointments: Loopback
) -> None:
    easyappointments.answers = [http(503, b"")]
    deliver(client, "appointment_save")
    assert Due.objects.filter(lane="lookups").exists()
    easyappointments.answers = [http(200, upcoming())]
    ProviderState.objects.update(breaker="closed", tokens=5)  # as if its pause were over
    Due.objects.filter(lane="lookups").update(due_at=clock.now())
    tick.drain(["lookups"])
    assert Appointment.objects.get().status == S.BOOKED
    assert not DeadLetter.objects.exists()
