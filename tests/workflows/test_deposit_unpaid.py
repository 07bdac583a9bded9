"""A deposit that nobody was asked for is not said to be unpaid."""

from __future__ import annotations

import pytest

from appointments.models import Appointment, Deposit, Message
from appointments.services import messages
from aro import clock
from compliance.reasons import Reason
from tests.factories import AppointmentFactory, BusinessFactory
from workflows.definitions import deposit
from workflows.engine import facts
from workflows.engine.facts import Facts
from workflows.engine.outcomes import Next

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create(deposit_required=True)


def is_case(visit: Appointment) -> bool:
    asked = visit.id in facts.asked_for_deposit([visit.id])
    done = deposit.unpaid(
        Facts(business=None, appointment=visit, deposit=Deposit.Status.OPEN, deposit_asked=asked), clock.now()
    )
    assert isinstance(done, Next)
    return bool(done.effects)


def asks(visit: Appointment, kind: str, status: str) -> Message:
    planned = messages.plan(key=kind, kind=kind, appointment=visit, customer=visit.customer)
    assert planned is not None
    Message.objects.filter(pk=planned.pk).update(status=status)
    return planned


@pytest.mark.parametrize("status", ["blocked", "held", "planned", "failed", "undelivered"])
def test_a_deposit_that_was_never_asked_for_is_no_case(visit: Appointment, status: str) -> None:
    messages.not_sent(asks(visit, "deposit_request", status), Reason.GAVE_WAY)
    asks(visit, "deposit_reminder", status)
    assert not is_case(visit)


@pytest.mark.parametrize("kind", ["deposit_request", "deposit_reminder"])
@pytest.mark.parametrize("status", ["sent", "delivered", "unknown"])
def test_a_deposit_that_was_asked_for_and_is_not_paid_is_one(visit: Appointment, kind: str, status: str) -> None:
    asks(visit, kind, status)
    assert is_case(visit)
