"""An answer that waited while the number was corrected goes to nobody."""

from __future__ import annotations

import pytest

from appointments.models import Appointment
from appointments.services.person import contacts
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import PHONE, ana, sends, twilio, visit

__all__ = ["ana", "twilio", "visit"]
pytestmark = pytest.mark.django_db(transaction=True)
NOW = "+12125550178"


@pytest.mark.parametrize("kind", ["thank_you", "reschedule_link", "handed_over"])
def test_it_names_a_visit_to_a_stranger_otherwise(twilio: Loopback, visit: Appointment, kind: str) -> None:
    contacts.correct_phone(visit.customer, NOW, by="ada")
    answer = sends(visit, kind, automatic=False, address=PHONE)
    assert (answer.status, answer.reason) == ("blocked", "wrong_number")
    assert twilio.requests == []


def test_what_says_nothing_personal_still_goes(twilio: Loopback, visit: Appointment) -> None:
    contacts.correct_phone(visit.customer, NOW, by="ada")
    assert sends(visit, "emergency_answer", automatic=False, address=PHONE).status == "queued"
    assert len(twilio.requests) == 1
