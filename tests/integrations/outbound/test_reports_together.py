"""Reports of a carrier that follow one another are applied together, and mean what they mean one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments.inbound import DeliveryReported
from appointments.models import Appointment, Message
from aro import clock
from aro.models import Due
from compliance.models import Event
from integrations.outbound import callbacks
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import ana, cases, sends, taken, told, twilio, visit
from workflows.models import Execution

__all__ = ["ana", "twilio", "visit"]
pytestmark = pytest.mark.django_db(transaction=True)
St, Ex = Message.Status, Execution.Status


def sid(n: int) -> str:
    return f"SM{n:032}"


def news(message: Message, status: str, provider_id: str) -> DeliveryReported:
    return DeliveryReported(
        execution_id=str(message.execution.id), provider_id=provider_id, status=status, occurred_at=clock.now()
    )


def sent(twilio: Loopback, visit: Appointment, count: int) -> list[Message]:
    twilio.answers = [taken(sid(n)) for n in range(count)]
    return [sends(visit) for _ in range(count)]


def together(reports: Sequence[DeliveryReported]) -> list[str]:
    with transaction.atomic():
        return [one.outcome for one in callbacks.progressed(reports)]


def arrivals() -> int:
    return Event.objects.filter(type__in=["message.delivered", "reminder.delivered"]).count()


@pytest.mark.parametrize("statuses", sorted(product(["sent", "delivered", "read"], repeat=3)))
def test_they_leave_the_text_where_one_by_one_they_would(
    twilio: Loopback, visit: Appointment, statuses: tuple[str, ...]
) -> None:
    one, other = sent(twilio, visit, 2)
    alone = [told(one, status, sid=sid(0)) for status in statuses]
    before = arrivals()
    assert together([news(other, status, sid(1)) for status in statuses]) == alone
    other.refresh_from_db()
    assert (other.status, other.error_code) == (one.status, "")
    assert bool(other.delivered_at) == bool(one.delivered_at)
    assert arrivals() == 2 * before


def test_three_texts_are_read_by_as_many_statements_as_one(twilio: Loopback, visit: Appointment) -> None:
    texts = sent(twilio, visit, 3)
    reports = [news(one, "sent", sid(n)) for n, one in enumerate(texts)]
    reports += [news(one, "delivered", sid(n)) for n, one in enumerate(texts)]
    with CaptureQueriesContext(connection) as asked:
        assert together(reports) == ["applied"] * 6
    reads = [query["sql"] for query in asked if query["sql"].lstrip().startswith("SELECT")]
    assert len(reads) == 3, reads
    assert {one.status for one in Message.objects.all()} == {St.DELIVERED}


def test_each_arrival_is_an_event_that_is_due_in_their_order(twilio: Loopback, visit: Appointment) -> None:
    texts = sent(twilio, visit, 3)
    together([news(one, "delivered", sid(n)) for n, one in enumerate(texts)])
    due = Due.objects.filter(lane="events").order_by("id").values_list("ref", flat=True)
    told_of = [Event.objects.get(pk=ref).payload.get("message_id") for ref in due]
    assert told_of[-3:] == [str(one.id) for one in texts]


def test_one_whose_call_has_not_returned_is_settled_among_others(twilio: Loopback, visit: Appointment) -> None:
    one, other = sent(twilio, visit, 2)
    Execution.objects.filter(pk=other.execution.pk).update(status=Ex.SENDING)
    Message.objects.filter(pk=other.pk).update(status=St.SENDING, provider_id="")
    reports = [news(one, "sent", sid(0)), news(other, "sent", sid(1)), news(other, "delivered", sid(1))]
    assert together(reports) == ["applied"] * 3
    other.refresh_from_db()
    assert (other.status, other.provider_id, other.execution.status) == (St.DELIVERED, sid(1), Ex.DONE)


def test_a_late_arrival_among_others_ends_the_second_sending(twilio: Loopback, visit: Appointment) -> None:
    one, other = sent(twilio, visit, 2)
    told(other, "undelivered", "30003", sid=sid(1))
    assert other.status == St.HELD
    assert together([news(one, "delivered", sid(0)), news(other, "delivered", sid(1))]) == ["applied"] * 2
    other.refresh_from_db()
    assert (other.status, other.execution.status, cases()) == (St.DELIVERED, Ex.DONE, {})


def test_what_is_no_text_of_ours_harms_none_of_the_others(twilio: Loopback, visit: Appointment) -> None:
    (one,) = sent(twilio, visit, 1)
    strangers = [
        DeliveryReported(execution_id=known, provider_id="SMx", status="sent", occurred_at=clock.now())
        for known in (str(uuid4()), "", "no id")
    ]
    assert together([*strangers, news(one, "delivered", sid(0))]) == ["ignored"] * 3 + ["applied"]
