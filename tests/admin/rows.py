"""Rows of every model, as many as a test asks for, with all their relations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from appointments.models import (
    Appointment,
    BookingRef,
    Business,
    ClosedDay,
    Customer,
    Deposit,
    Escalation,
    FailedAttempt,
    Message,
    MessageTemplate,
    MoneyBack,
    NamedVisit,
    ReplyClassification,
    RiskModel,
    SenderId,
    StatusChange,
    WhatsAppTemplate,
)
from aro import clock
from aro.models import DeadLetter, Due, Heartbeat, KeyProof
from compliance import events
from compliance.audit import chain
from compliance.models import (
    AuditHead,
    Consent,
    IdempotencyKey,
    SendingStop,
    StreamHead,
    StreamPosition,
    Suppression,
    WrongNumber,
)
from integrations.models import (
    BreakerChange,
    ChannelStop,
    HourlyCount,
    ImportBatch,
    ImportedVisit,
    ProviderState,
    Receipt,
    SyncSeen,
    SyncState,
)
from tests.factories import ALWAYS_OPEN
from workflows.models import Execution, StepLog, Undoable, WorkflowInstance

ZONE = "America/New_York"


def business(**values: object) -> Business:
    return Business.objects.create(**{"name": "Fern Clinic", "timezone": ZONE, "hours": ALWAYS_OPEN, **values})


def person(number: int = 0, **values: object) -> Customer:
    return Customer.objects.create(**{"name": f"Person {number}", "phone": f"+1202556{number:04d}", **values})


def visit(number: int = 0, *, customer: Customer | None = None, **values: object) -> Appointment:
    defaults = {
        "source": "calendly",
        "external_id": f"visit-{uuid4()}",
        "customer": customer or person(number),
        "starts_at": clock.now() + timedelta(days=2, minutes=number),
        "timezone": ZONE,
        "risk_reasons": ["booked 40 days ahead"],
    }
    return Appointment.objects.create(**{**defaults, **values})


def case(number: int = 0, *, about: Appointment | None = None, **values: object) -> Escalation:
    defaults = {
        "key": f"case:{uuid4()}",
        "reason": "no_answer",
        "title": f"No answer {number}",
        "next_step": "Call them.",
        "appointment": about,
        "customer": about.customer if about else None,
    }
    return Escalation.objects.create(**{**defaults, **values})


def stop(**values: object) -> ChannelStop:
    return ChannelStop.objects.create(**{"channel": "sms", "code": "30034", **values})


def letter(**values: object) -> DeadLetter:
    moment = clock.now()
    defaults = {
        "lane": "events",
        "ref": uuid4(),
        "error_code": "broken",
        "error_message": "It broke. Try again.",
        "stack": "File x, line 1",
        "attempts": 5,
        "first_attempt_at": moment,
        "last_attempt_at": moment,
    }
    return DeadLetter.objects.create(**{**defaults, **values})


def message(about: Appointment, **values: object) -> Message:
    defaults = {
        "key": str(uuid4()),
        "direction": Message.Direction.OUT,
        "kind": "reminder_first",
        "appointment": about,
        "customer": about.customer,
        "address": about.customer.phone,
        "body": "See you soon?",
        "status": Message.Status.DELIVERED,
        "sent_at": clock.now(),
    }
    return Message.objects.create(**{**defaults, **values})


def reply(about: Appointment, body: str = "C", label: str = "CONFIRM") -> ReplyClassification:
    received = message(about, direction=Message.Direction.IN, kind="reply", body=body, status=Message.Status.RECEIVED)
    return ReplyClassification.objects.create(message=received, label=label, confidence=0.9, source="rules")


def run(about: Appointment, **values: object) -> WorkflowInstance:
    now = clock.now()
    defaults = {
        "definition": "appointment-reminder-sequence",
        "version": 1,
        "occurrence": str(uuid4()),
        "appointment": about,
        "customer": about.customer,
        "status": WorkflowInstance.Status.WAITING,
        "step": "remind_friendly",
        "wake_at": now + timedelta(hours=1),
        "correlation_id": uuid4(),
        "started_at": now,
        "updated_at": now,
    }
    return WorkflowInstance.objects.create(**{**defaults, **values})


def everything(count: int) -> None:
    """`count` rows of every model that has a list, each related to rows of its own."""
    for _ in range(count):
        offset = Appointment.objects.count()
        about = visit(offset)
        _around(about)
        _proof(offset, about)
        _machine(offset, about)
        _others(offset)


def _around(about: Appointment) -> None:
    BookingRef.objects.create(source="calendly", external_id=about.external_id, appointment=about)
    StatusChange.objects.create(appointment=about, before="booked", after="confirmed", at=clock.now(), actor="user")
    deposit = Deposit.objects.create(appointment=about, amount=Decimal("50.00"), currency="USD")
    ClosedDay.objects.create(day=clock.now().date() + timedelta(days=ClosedDay.objects.count()), name="Staff day")
    MoneyBack.objects.create(deposit=deposit, ref="re_1", state=MoneyBack.State.REFUND_FAILED)
    case(about=about).visits.add(about)
    message(about)
    reply(about)
    NamedVisit.objects.create(
        message=message(about), appointment=about, visit_start=clock.now(), planned_for=clock.now()
    )
    FailedAttempt.objects.create(message=message(about), channel="sms", error_code="30006")
    WhatsAppTemplate.objects.create(kind=f"k{uuid4().hex[:20]}", content_sid="HX1", wording="{{ business_name }}")
    MessageTemplate.objects.create(name=f"n{uuid4().hex[:20]}", category="reminder", body="{{ business_name }}")


def _proof(number: int, about: Appointment) -> None:
    phone = about.customer.phone
    Consent.objects.create(
        address=phone, address_hmac=f"{number}", channel="sms", purpose="care", given=True, method="keyword"
    )
    _risk_model()
    Suppression.objects.create(address=phone, address_hmac=f"{number}", source="staff")
    SenderId.objects.create(external_id=f"US.{number}", phone=phone)
    WrongNumber.objects.create(address_hmac=f"{number}")
    SendingStop.objects.create(by="ada", lifted_at=clock.now(), lifted_by="ada")
    KeyProof.objects.create(name=f"encryption {number}-{about.pk.hex[:8]}", proof="x")
    event = events.record(type="appointment.created", aggregate_type="appointment", aggregate_id=about.pk)
    StreamPosition.objects.create(tenant_id="default", cursor=number + 1, event=event)
    StreamHead.objects.create(tenant_id=f"t{number}")
    AuditHead.objects.get_or_create(tenant_id=f"t{number}")
    chain.write(action="test", actor="admin", resource_type="appointment", resource_id=about.pk)
    IdempotencyKey.objects.create(source="command", key=str(number), payload_hash="x", expires_at=clock.now())


def _risk_model() -> None:
    """A trial of weights that were not better."""
    now = clock.now()
    figures = {"auc_before": 0.7, "auc_after": 0.7, "brier_before": 0.15, "brier_after": 0.15}
    flagging = {"before": {"flagged": 0.1, "caught": 0.2, "wrongly_flagged": None}, "after": {"flagged": 0.1}}
    RiskModel.objects.create(
        fitted_at=now,
        quantiles_at=now,
        held_out_since=now,
        weights={},
        quantiles=[],
        visits=9,
        held_out=9,
        **figures,
        **flagging,
    )


def _machine(number: int, about: Appointment) -> None:
    instance = run(about)
    StepLog.objects.create(instance=instance, seq=1, name="tell", outcome="next", at=clock.now())
    Execution.objects.create(key=str(number), command_type="integration.messaging.send", correlation_id=uuid4())
    Due.objects.create(lane="timers", ref=instance.pk, due_at=clock.now() + timedelta(hours=1))
    letter()
    Undoable.objects.create(command="appointment.cancel", appointment=about, stamp=clock.now(), until=clock.now())
    Heartbeat.objects.create(name=f"part{number}", at=clock.now())
    Receipt.objects.create(source="calendly", delivery_key=str(number), body=b"{}")
    HourlyCount.objects.create(name=f"all{number}", hour=clock.now())
    ProviderState.objects.create(name=f"provider{number}", domain="messaging")
    stop(tenant_id=f"t{number}")
    BreakerChange.objects.create(provider="twilio", before="closed", after="open")
    state = SyncState.objects.create(provider=f"provider{number}")
    SyncSeen.objects.create(state=state, external_id=str(number), version="x", run=1, seen_at=clock.now())
    batch = ImportBatch.objects.create(kind="csv", digest="x")
    ImportedVisit.objects.create(batch=batch, appointment=about, line=2)


def _others(number: int) -> None:
    every = IntervalSchedule.objects.create(every=number + 1, period="seconds")
    CrontabSchedule.objects.create(minute=str(number))
    SolarSchedule.objects.create(event="sunrise", latitude=number, longitude=1)
    ClockedSchedule.objects.create(clocked_time=datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=number))
    PeriodicTask.objects.create(name=f"task {number}", task="aro.tick", interval=every)
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        attempt = {"failures_since_start": 1} if model is AccessAttempt else {}
        model.objects.create(username=f"name{number}", ip_address="127.0.0.1", **attempt)


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
