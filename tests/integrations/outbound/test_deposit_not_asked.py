"""A deposit that no text can ask for is not waited for in silence: a person is told, once."""

from __future__ import annotations

import pytest

from appointments.models import Appointment, Business, Customer, Deposit, Escalation
from appointments.services.money import deposits
from appointments.services.visit import visits
from compliance import consent
from compliance.models import Actor
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import PHONE, ana, sends, twilio, visit

__all__ = ["ana", "twilio", "visit"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deposit(visit: Appointment) -> Deposit:
    found = deposits.ask(visit, Business.objects.get())
    assert found is not None
    deposits.link_made(found, link_id="plink_1", url="https://buy.example.com/plink_1")
    return found


def cases() -> list[tuple[str, str]]:
    return list(Escalation.objects.filter(reason="deposit_not_asked").values_list("status", "resolution"))


def test_of_who_said_stop_a_person_is_told_once(twilio: Loopback, visit: Appointment, deposit: Deposit) -> None:
    consent.suppress(PHONE, source="keyword")
    for part in ("deposit_request", "deposit_request", "deposit_reminder"):
        assert sends(visit, part).status == "blocked"
    assert cases() == [("open", "")]


def test_of_who_has_no_phone_too(twilio: Loopback, visit: Appointment, deposit: Deposit) -> None:
    Customer.objects.update(phone="", email="")
    visit.customer.refresh_from_db()
    assert sends(visit, "deposit_request").reason == "no_phone"
    assert len(cases()) == 1


def test_it_ends_when_a_text_goes_out_after_all(twilio: Loopback, visit: Appointment, deposit: Deposit) -> None:
    consent.suppress(PHONE, source="keyword")
    sends(visit, "deposit_request")
    consent.lift(PHONE, by="staff")
    sends(visit, "deposit_request")
    assert [status for status, _ in cases()] == ["resolved"]


def test_nobody_is_told_of_one_that_is_not_wanted_any_more(
    twilio: Loopback, visit: Appointment, deposit: Deposit
) -> None:
    consent.suppress(PHONE, source="keyword")
    visits.cancel(visit, actor=Actor.ADMIN)
    sends(visit, "deposit_request")
    assert cases() == []
