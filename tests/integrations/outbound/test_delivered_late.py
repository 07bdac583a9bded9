"""A carrier says "not delivered" and later "delivered" of the same text: it is not sent again, in whatever order."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.db import transaction

from appointments.inbound import DeliveryReported
from appointments.models import Appointment, Customer, Escalation, FailedAttempt, Message
from appointments.services import message_fates
from appointments.services.person import contacts
from aro import clock
from aro.ids import new_id
from aro.models import Due
from aro.queue import due
from aro.queue.due import LostClaimError
from compliance import consent
from compliance.models import Channel, Purpose
from integrations.outbound import callbacks, messaging
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Stored
from tests.integrations.carriers.mail_server import MailServer
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import PHONE, ana, cases, mail, sends, taken, told, twilio, visit, work
from workflows.models import Execution

__all__ = ["ana", "mail", "twilio", "visit"]
pytestmark = pytest.mark.django_db(transaction=True)
St, Ex = Message.Status, Execution.Status
SECOND = "SM" + "2" * 32


@pytest.fixture(autouse=True)
def no_other_channel(ana: Customer) -> None:
    Customer.objects.filter(pk=ana.pk).update(email="")
    ana.refresh_from_db()


def later() -> None:
    """The wait before the second sending is over."""
    Due.objects.update(due_at=clock.now() - timedelta(seconds=1))
    work()


def held(visit: Appointment, code: str = "30003") -> Message:
    message = sends(visit)
    told(message, "undelivered", code)
    assert message.status == St.HELD
    return message


@pytest.mark.parametrize("news", ["delivered", "read"])
@pytest.mark.parametrize("code", ["30003", "30008", "30001"])
def test_a_late_delivered_ends_the_second_sending(twilio: Loopback, visit: Appointment, code: str, news: str) -> None:
    message = held(visit, code)
    assert told(message, news) == "applied"
    later()
    message.refresh_from_db()
    assert (message.status, message.error_code, message.reason, message.held_until) == (news, "", "", None)
    assert (message.provider_id, message.address) == ("SM" + "1" * 32, PHONE)
    assert message.sent_at == message.execution.handed_over_at
    assert (message.execution.status, len(twilio.requests)) == (Ex.DONE, 1)
    assert message_fates.explain(message) == news
    assert not Due.objects.filter(lane="executions").exists()


@pytest.mark.parametrize("order", sorted(set(permutations(["sent", "undelivered", "delivered"]))))
@pytest.mark.parametrize("times", [1, 2])
def test_any_order_and_any_repetition_is_one_text(
    twilio: Loopback, visit: Appointment, order: tuple[str, ...], times: int
) -> None:
    message = sends(visit)
    for status in order * times:
        told(message, status, "30003" if status == "undelivered" else "")
    later()
    message.refresh_from_db()
    assert (message.status, len(twilio.requests), cases()) == (St.DELIVERED, 1, {})


@pytest.mark.parametrize("code", ["30008", "30003", "30005", "21610", "99999"])
@pytest.mark.parametrize("status", ["delivered", "read", "sent"])
def test_a_code_beside_a_good_state_changes_nothing(
    twilio: Loopback, visit: Appointment, status: str, code: str
) -> None:
    message = sends(visit)
    told(message, status, code)
    later()
    message.refresh_from_db()
    assert (message.status, message.error_code, len(twilio.requests), cases()) == (status, "", 1, {})
    assert Customer.objects.get().phone_usable


def test_the_case_of_a_text_that_arrived_after_all_closes_itself_and_says_why(
    twilio: Loopback, visit: Appointment
) -> None:
    message = sends(visit)
    told(message, "undelivered", "30005")
    assert (list(cases()), Customer.objects.get().phone_usable) == (["not_delivered"], False)
    assert told(message, "delivered") == "applied"
    case = Escalation.objects.get()
    assert (case.status, case.resolved_by) == ("resolved", "system")
    assert case.resolution == "The message arrived after all: the carrier said so later."
    assert (message.status, message.error_code, Customer.objects.get().phone_usable) == (St.DELIVERED, "", True)
    assert told(message, "undelivered", "30005") == "stale"
    assert Escalation.objects.filter(status="open").count() == 0


def test_who_was_told_of_another_time_after_all_need_not_be_called(twilio: Loopback, visit: Appointment) -> None:
    message = sends(visit, "moved")
    told(message, "undelivered", "30005")
    assert set(cases()) == {"not_delivered", "not_told"}
    told(message, "delivered")
    assert not Escalation.objects.filter(status="open").exists()


def test_while_the_second_sending_is_being_claimed_it_loses_its_claim(twilio: Loopback, visit: Appointment) -> None:
    message = held(visit)
    Due.objects.update(due_at=clock.now() - timedelta(seconds=1))
    claims = due.claim("executions", now=clock.now(), limit=5)
    assert len(claims) == 1
    execution = Execution.objects.get()
    told(message, "delivered")
    # A sender that had read its execution before the news came.
    execution.message = Message.objects.get()
    with pytest.raises(LostClaimError):
        messaging.run(claims[0], execution, clock.now())
    message.refresh_from_db()
    assert (message.status, len(twilio.requests)) == (St.DELIVERED, 1)


@pytest.mark.parametrize("state", [St.SENDING, St.UNKNOWN])
def test_a_second_sending_that_is_under_way_or_unknown_is_never_followed_by_a_third(
    twilio: Loopback, visit: Appointment, state: str
) -> None:
    message = held(visit)
    Execution.objects.update(status=state, attempt=2, handed_over_at=clock.now())
    Message.objects.update(status=state, held_until=None, sent_at=clock.now())
    assert told(message, "delivered") == "applied"
    later()
    message.refresh_from_db()
    assert (message.status, message.execution.status, len(twilio.requests)) == (St.DELIVERED, Ex.DONE, 1)
    assert told(message, "undelivered", "30003", sid=SECOND) == "stale"


def test_once_it_was_sent_again_the_first_ones_arrival_still_counts(twilio: Loopback, visit: Appointment) -> None:
    message = held(visit)
    twilio.answers = [taken(SECOND)]
    later()
    message.refresh_from_db()
    assert (message.status, message.provider_id) == (St.QUEUED, SECOND)
    assert told(message, "delivered") == "applied"
    assert told(message, "undelivered", "30003", sid=SECOND) == "stale"
    assert (message.status, cases(), len(twilio.requests)) == (St.DELIVERED, {}, 2)


def test_the_second_one_failed_too_and_the_first_arrived(twilio: Loopback, visit: Appointment) -> None:
    message = held(visit)
    twilio.answers = [taken(SECOND)]
    later()
    told(message, "undelivered", "30003", sid=SECOND)
    assert list(cases()) == ["not_delivered"]
    assert told(message, "delivered") == "applied"
    assert not Escalation.objects.filter(status="open").exists()
    assert (message.status, message.provider_id) == (St.DELIVERED, "SM" + "1" * 32)


def test_a_text_that_was_given_up_meanwhile_is_told_as_it_was(twilio: Loopback, visit: Appointment) -> None:
    message = held(visit)
    Appointment.objects.update(starts_at=clock.now() - timedelta(days=1))
    later()
    message.refresh_from_db()
    assert message.status == St.BLOCKED
    told(message, "delivered")
    assert (message.status, message.reason, message.execution.status) == (St.DELIVERED, "", Ex.DONE)


def test_what_waits_to_go_by_email_is_not_mailed(
    twilio: Loopback, mail: MailServer, visit: Appointment, ana: Customer
) -> None:
    Customer.objects.update(email="ana@example.com")
    message = sends(visit)
    news = DeliveryReported(
        execution_id=str(message.execution.id),
        provider_id=message.provider_id,
        status="undelivered",
        error_code="30006",
        occurred_at=clock.now(),
    )
    with transaction.atomic():
        callbacks.delivered(news, correlation_id=new_id())
    message.refresh_from_db()
    assert (message.channel, message.status) == ("email", St.PLANNED)
    told(message, "delivered")
    later()
    message.refresh_from_db()
    assert (message.channel, message.address, message.status, mail.letters) == ("sms", PHONE, St.DELIVERED, [])
    assert not FailedAttempt.objects.exists()
    assert not Escalation.objects.filter(status="open").exists()
    assert Customer.objects.get().phone_usable


def callback(message: Message, to: str) -> DeliveryReported:
    body = f"MessageSid={'SM' + '1' * 32}&MessageStatus=delivered&To={to}".encode()
    stored = Stored(body=body, path_ref=str(message.execution.id), received_at=clock.now())
    (news,) = ADAPTERS["twilio_status"].parse(stored)
    assert isinstance(news, DeliveryReported)
    return news


@pytest.mark.parametrize(("to", "sent"), [("%2B12125550177", 2), ("%2B12125550188", 1)])
def test_what_arrived_at_a_number_corrected_since_has_not_reached_the_person(
    twilio: Loopback, visit: Appointment, ana: Customer, to: str, sent: int
) -> None:
    message = held(visit)
    with transaction.atomic():
        contacts.correct_phone(ana, "+12125550188", by="test")

    consent.give("+12125550188", Channel.SMS, Purpose.CARE, method="verbal")
    with transaction.atomic():
        callbacks.delivered(callback(message, to), correlation_id=uuid4())
    twilio.answers = [taken(SECOND)]
    later()
    assert len(twilio.requests) == sent
