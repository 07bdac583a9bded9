"""A clinic with a past: visits whose outcomes are known, written as rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from appointments.models import Appointment, Business, Customer
from appointments.risk.features import Visit
from appointments.risk.score import REFERENCE, assess
from aro import clock
from tests.factories import BusinessFactory

S = Appointment.Status
FORGETFUL = {**REFERENCE, "start": REFERENCE["start"] + 1.5}
"""Patients who miss far more visits than the reference expects: own weights must win."""

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
"""Outcomes count from the next day, so what a past holds depends on the hour: tests of it stand still here."""
LEADS = (0, 1, 3, 7, 14, 30)
DAYS_BACK = 170


def clinic_with_a_past(visits: int, weights: dict[str, float] = FORGETFUL) -> Business:
    """Visits booked evenly over the last half year, each by somebody new; outcomes follow `weights`."""
    random, now = Random(7), clock.now()
    people = Customer.objects.bulk_create(Customer(name=f"Past {n}") for n in range(visits))
    made = []
    for place, person in enumerate(people):
        booked = now - timedelta(days=DAYS_BACK * (1 - place / visits))
        starts = booked + timedelta(days=random.choice(LEADS), hours=1)
        known = Visit(lead_days=(starts.date() - booked.date()).days, weekday=starts.weekday())
        missed = random.random() < assess(known, weights=weights).probability
        outcome = S.NO_SHOW if missed else S.COMPLETED
        made.append(
            Appointment(
                source="calendly",
                external_id=f"past-{place}",
                customer=person,
                starts_at=starts,
                timezone="America/New_York",
                status=outcome if starts < now else S.BOOKED,
                booked_at=booked,
                time_set_at=booked,
                created_at=booked,
                risk_probability=assess(known).probability,
            )
        )
    Appointment.objects.bulk_create(made)
    return BusinessFactory.create()
