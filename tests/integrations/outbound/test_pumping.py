"""Countries, kinds of numbers and the hourly cap, on texts on their way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import override_settings

from appointments.models import Appointment, Business, Customer, Escalation
from aro import clock
from compliance import consent, policy
from compliance.models import Channel, Purpose
from integrations.models import HourlyCount, ProviderState
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import ana, sends, twilio, visit, work

__all__ = ["ana", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]
ABROAD = "+447911123456"


def living_at(visit: Appointment, phone: str) -> Appointment:
    consent.give(phone, Channel.SMS, Purpose.CARE, method="verbal")
    Customer.objects.filter(pk=visit.customer_id).update(phone=phone)
    visit.customer.refresh_from_db()
    return visit


def cases() -> list[str]:
    return list(Escalation.objects.values_list("reason", flat=True))


def test_a_number_abroad_is_not_texted_and_a_person_is_told_what_to_do(twilio: Loopback, visit: Appointment) -> None:
    message = sends(living_at(visit, ABROAD))
    assert (message.status, message.reason, twilio.requests) == ("blocked", "other_country", [])
    assert cases() == ["other_country"]


def test_a_country_that_the_clinic_names_is_texted(twilio: Loopback, visit: Appointment) -> None:
    Business.objects.update(texting_countries="US, GB")
    message = sends(living_at(visit, ABROAD))
    assert (message.status, message.reason) == ("queued", "")


def test_a_premium_number_is_never_texted(twilio: Loopback, visit: Appointment) -> None:
    message = sends(living_at(visit, "+19005550142"))
    assert (message.status, message.reason, twilio.requests) == ("blocked", "never_texted", [])


def test_who_may_be_in_danger_is_answered_wherever_they_are(twilio: Loopback, visit: Appointment) -> None:
    assert sends(living_at(visit, ABROAD), "emergency_answer", automatic=False).status == "queued"


@pytest.fixture(autouse=True)
def within_an_hour() -> Iterator[None]:
    """No test runs from one hour into the next, which counts anew."""
    with time_machine.travel(datetime(2026, 12, 1, 17, 20, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def nearly_used_up(twilio: Loopback) -> Iterator[None]:
    ProviderState.objects.create(
        name="twilio", domain="messaging", breaker="closed", tokens=10, refilled_at=clock.now()
    )
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    HourlyCount.objects.create(name="all", hour=hour, count=policy.current().pumping.per_hour - 1)
    with override_settings(PROVIDER_RATE_LIMITS=True):
        yield


@pytest.mark.usefixtures("nearly_used_up")
def test_beyond_the_hourly_cap_all_wait_and_one_case_tells_of_it(twilio: Loopback, visit: Appointment) -> None:
    assert sends(visit).status == "queued"
    waiting = [sends(visit, "moved"), sends(visit, "thank_you", automatic=False)]
    assert [(m.status, m.reason) for m in waiting] == [("held", "hourly_cap")] * 2
    assert cases() == ["hourly_cap"]
    assert sends(visit, "emergency_answer", automatic=False).status == "queued"
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=True):
        work()
    for message in waiting:
        message.refresh_from_db()
    assert [m.status for m in waiting] == ["queued"] * 2
