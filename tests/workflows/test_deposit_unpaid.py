"""A deposit that nobody was asked for is not said to be unpaid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, Deposit, Message
from appointments.services import escalations, messages
from appointments.services.visit import doubts
from aro import clock
from compliance.reasons import Reason
from tests.factories import AppointmentFactory, BusinessFactory
from workflows import simulate
from workflows.definitions import deposit
from workflows.engine import effects, facts, runner
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Escalate, Next, Outcome, Say, WaitFor
from workflows.models import WorkflowInstance

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


def test_a_deposit_is_no_second_question_while_a_person_has_the_wish_to_cancel(visit: Appointment) -> None:
    case = escalations.escalate(key="x", reason="cancel_request", appointment=visit)

    def unpaid() -> Outcome:
        known = Facts(
            business=None,
            appointment=visit,
            deposit=Deposit.Status.OPEN,
            deposit_asked=True,
            given_up=visit.id in doubts.given_up([visit.id]),
        )
        return deposit.unpaid(known, clock.now())

    later = unpaid()
    assert isinstance(later, WaitFor)
    assert (later.otherwise, later.effects) == ("unpaid", ())
    escalations.resolve(case, by="ada")
    assert [effect.reason for effect in unpaid().effects if isinstance(effect, Escalate)] == ["deposit_unpaid"]


def test_the_wish_of_a_family_to_cancel_is_about_each_visit_that_it_names(visit: Appointment) -> None:
    escalations.escalate(key="x", reason="cancel_request", visits=[visit])
    assert doubts.given_up([visit.id]) == {visit.id}


def reminds(visit: Appointment, **data: int) -> Outcome:
    known = Facts(
        business=None,
        appointment=visit,
        deposit=Deposit.Status.OPEN,
        deposit_asked=visit.id in facts.asked_for_deposit([visit.id]),
        deposit_waits=visit.id in facts.waiting_to_ask([visit.id]),
        data=data,
    )
    return deposit.remind(known, clock.now())


def said(outcome: Outcome) -> list[str]:
    return [effect.kind for effect in outcome.effects if isinstance(effect, Say)]


@pytest.mark.parametrize("status", ["blocked", "failed", "undelivered"])
def test_who_was_never_asked_is_asked_before_being_reminded(visit: Appointment, status: str) -> None:
    asks(visit, "deposit_request", status)
    asked = reminds(visit)
    assert isinstance(asked, WaitFor)
    assert (said(asked), asked.within, asked.otherwise) == (["deposit_request"], timedelta(hours=24), "remind")
    asks(visit, "deposit_request:1", "delivered")
    Message.objects.filter(key="deposit_request:1").update(kind="deposit_request")
    assert said(reminds(visit, **asked.keep)) == ["deposit_reminder"]


@pytest.mark.parametrize("status", ["held", "planned"])
def test_a_request_that_still_waits_is_not_made_twice(visit: Appointment, status: str) -> None:
    asks(visit, "deposit_request", status)
    waits = reminds(visit)
    assert isinstance(waits, WaitFor)
    assert (said(waits), waits.otherwise) == ([], "remind")


def test_a_request_that_never_goes_out_is_given_up_without_a_case(visit: Appointment) -> None:
    asks(visit, "deposit_request", "blocked")
    assert reminds(visit, asked_anew=deposit.ASKED_ANEW) == Next("wait_for_late_payment")
    Appointment.objects.update(starts_at=clock.now() - timedelta(minutes=1))
    visit.refresh_from_db()
    assert reminds(visit) == Next("wait_for_late_payment")


def test_what_was_asked_for_in_time_is_reminded_of_as_always(visit: Appointment) -> None:
    asks(visit, "deposit_request", "delivered")
    assert said(reminds(visit)) == ["deposit_reminder"]


def test_the_run_itself_asks_anew_until_somebody_has_read_it(visit: Appointment) -> None:
    Deposit.objects.create(appointment=visit, amount=50, currency="USD", status=Deposit.Status.OPEN)
    definition = deposit.DEPOSIT_REQUEST
    run = WorkflowInstance.objects.create(
        definition=definition.name,
        version=definition.version,
        step="ask",
        appointment=visit,
        customer=visit.customer,
        correlation_id=visit.id,
        occurrence="x",
        started_at=clock.now(),
        updated_at=clock.now(),
    )
    at = clock.now()
    for day, fate in enumerate(["blocked", "blocked", "delivered", "delivered"]):
        run.refresh_from_db()
        advance = runner.advance_run(run, facts.of_instances([run], owing=[run])[run.id], at + timedelta(days=day))
        for step, effect in advance.effects:
            effects.apply(effect, run, step, clock.now())
        assert isinstance(advance.last, WaitFor)
        WorkflowInstance.objects.update(step=advance.last.otherwise, data={**run.data, **advance.kept})
        Message.objects.filter(status="planned").update(status=fate)
    sent = Message.objects.order_by("created_at").values_list("kind", "status")
    assert list(sent) == [
        ("deposit_request", "blocked"),
        ("deposit_request", "blocked"),
        ("deposit_request", "delivered"),
        ("deposit_reminder", "delivered"),
    ]


def plays(hours: float) -> list[tuple[str, float]]:
    """What nobody who pays brings, and how many hours before the visit, asked for so many hours ahead."""
    now = clock.now()
    visit = Appointment(starts_at=now + timedelta(hours=hours), deposit_required=True)
    known = Facts(business=None, appointment=visit, deposit=Deposit.Status.OPEN)
    entries = list(simulate.play(deposit.DEPOSIT_REQUEST, known, start=now))
    told = [(what, visit.starts_at - e.at) for e in entries for what in (*e.texts, *_case(e))]
    assert entries[-1].at <= visit.starts_at, "no wait goes on until after the visit"
    return [(what, before / timedelta(hours=1)) for what, before in told]


def _case(entry: simulate.Entry) -> list[str]:
    return ["case"] if "escalate" in entry.outcome else []


@pytest.mark.parametrize(
    ("ahead", "reminded", "case"),
    [(200, 176, 164), (48, 24, 12), (40, 20, 10), (30, 15, 7.5), (20, 10, 5), (6, 3, 1.5)],
)
def test_staff_hear_of_an_unpaid_deposit_before_the_visit(ahead: float, reminded: float, case: float) -> None:
    assert plays(ahead) == [("deposit_request", ahead), ("deposit_reminder", reminded), ("case", case)]


@pytest.mark.parametrize("ahead", [5, 1, 0.25])
def test_with_too_little_time_for_a_reminder_staff_hear_at_half_of_it(ahead: float) -> None:
    assert plays(ahead) == [("deposit_request", ahead), ("case", ahead / 2)]


def test_once_the_visit_has_begun_there_is_nothing_left_to_decide(visit: Appointment) -> None:
    """ARO was away."""
    asks(visit, "deposit_request", "delivered")
    visit.starts_at = clock.now() - timedelta(minutes=1)
    Appointment.objects.update(starts_at=visit.starts_at)
    assert not is_case(visit)
    unasked = Facts(business=None, appointment=visit, deposit=Deposit.Status.REQUESTED)
    assert deposit.no_link(unasked, clock.now()) == Next("over")


def test_a_request_that_waits_for_the_morning_is_looked_for_until_staff_need_the_time(visit: Appointment) -> None:
    asks(visit, "deposit_request", "held")
    now, looks = clock.now(), 0
    visit.starts_at = now + timedelta(hours=10)
    while True:
        known = Facts(business=None, appointment=visit, deposit=Deposit.Status.OPEN, deposit_waits=True)
        outcome = deposit.remind(known, now)
        if not isinstance(outcome, WaitFor):
            break
        now, looks = now + outcome.within, looks + 1
    assert outcome == Next("wait_for_late_payment")
    assert (looks, now < visit.starts_at) == (5, True)
