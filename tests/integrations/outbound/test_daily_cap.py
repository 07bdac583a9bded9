"""What counts among the automatic texts of a day: not what the patient set off."""

from __future__ import annotations

import pytest

from appointments.models import Appointment, Deposit
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import ana, cases, sends, taken, twilio, visit

__all__ = ["ana", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]


def deposit(visit: Appointment, status: str) -> None:
    Deposit.objects.all().delete()
    Deposit.objects.create(appointment=visit, status=status, amount=50, currency="USD", url="https://pay.example/x")


def all_sent(visit: Appointment, twilio: Loopback, *kinds: str) -> list[str]:
    found = []
    for place, kind in enumerate(kinds):
        deposit(visit, "open" if kind == "deposit_request" else "paid")
        twilio.answers = [taken("SM" + str(place) * 32)]
        sent = sends(visit, kind)
        found.append(sent.reason or str(sent.status))
    return found


def test_who_books_and_pays_on_one_day_is_still_reminded(twilio: Loopback, visit: Appointment) -> None:
    sent = all_sent(visit, twilio, "confirmation", "deposit_request", "deposit_receipt", "reminder_last")
    assert sent == ["queued"] * 4
    assert cases() == {}


def test_who_pays_after_three_texts_gets_the_receipt(twilio: Loopback, visit: Appointment) -> None:
    sent = all_sent(visit, twilio, "confirmation", "deposit_request", "reminder_last", "deposit_receipt")
    assert sent == ["queued"] * 4


def test_a_fourth_text_of_ours_is_left_out_as_before(twilio: Loopback, visit: Appointment) -> None:
    sent = all_sent(visit, twilio, "confirmation", "moved", "moved", "reminder_last")
    assert sent == ["queued"] * 3 + ["cap_reached"]
