"""A business's own weights: learned weekly, used when better, and for new bookings only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments.inbound import BookingCreated, Person
from appointments.models import Appointment, Business, RiskModel
from appointments.risk.rank import LEVELS, Quantiles
from appointments.risk.score import REFERENCE
from appointments.risk.trial import TooLittle, Trial
from appointments.services import risk, risk_weights
from appointments.services.booking import bookings
from appointments.services.visit import visits
from aro import clock
from aro.errors import ConflictError
from aro.ids import new_id
from aro.models import DeadLetter, Due
from aro.queue import lanes, work
from compliance.audit import chain
from compliance.models import AuditLog
from tests.appointments import past
from tests.appointments.past import clinic_with_a_past
from tests.factories import AppointmentFactory, BusinessFactory, booking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def standing_still() -> Iterator[None]:
    with time_machine.travel(past.NOON, tick=True):
        yield


S = Appointment.Status
ENOUGH = 700


def book(**changes: Any) -> Appointment:
    """A new booking, scored as it comes in."""
    news = booking(external_id=f"https://x/{uuid4()}", **changes)
    bookings.created(BookingCreated(booking=news, occurred_at=clock.now()), correlation_id=new_id())
    return Appointment.objects.get(external_id=news.external_id)


def missed(appointment: Appointment) -> None:
    """The desk marks it."""
    visits.mark_no_show(appointment)


def lessons(business: Business) -> Due:
    return Due.objects.get(lane="sweeps", ref=business.id)


def test_without_own_weights_the_reference_is_used() -> None:
    used = risk_weights.in_use(BusinessFactory.create().tenant_id)

    assert (used.weights, used.model, used.quantiles) == (REFERENCE, None, None)


def test_better_weights_are_used_from_the_next_booking_on() -> None:
    business = clinic_with_a_past(ENOUGH)
    before = book()
    lesson = risk_weights.learn(business)
    after = book(person=Person(name="Bo Li", phone="+12025550177", timezone="America/New_York"))

    assert isinstance(lesson.found, Trial)
    assert lesson.found.better
    assert lesson.stored is not None
    assert risk_weights.in_use("default").model == lesson.stored
    assert after.risk_probability > 1.3 * before.risk_probability
    assert abs(after.risk_score - before.risk_score) <= 10, "a rank stays a rank when all probabilities rise"


def test_bookings_scored_before_keep_score_and_reasons() -> None:
    business = clinic_with_a_past(ENOUGH)
    scored = book()
    known = Appointment.objects.filter(pk=scored.pk).values().get()
    risk_weights.learn(business)

    assert Appointment.objects.filter(pk=scored.pk).values().get() == known


def test_a_dry_run_changes_nothing() -> None:
    lesson = risk_weights.learn(clinic_with_a_past(ENOUGH), dry_run=True)

    assert isinstance(lesson.found, Trial)
    assert lesson.found.better
    assert not RiskModel.objects.exists()
    assert not AuditLog.objects.exists()


def test_weights_that_are_not_better_are_kept_on_record_and_not_used() -> None:
    stored = risk_weights.learn(clinic_with_a_past(ENOUGH, dict(REFERENCE))).stored

    assert stored is not None
    assert (stored.active, stored.activated_at) == (False, None)
    assert risk_weights.in_use("default").weights == REFERENCE
    assert not AuditLog.objects.exists()


def test_a_second_look_at_the_same_visits_keeps_the_weights_and_renews_the_ranks() -> None:
    business = clinic_with_a_past(ENOUGH)
    first = risk_weights.learn(business).stored
    assert first is not None
    RiskModel.objects.update(quantiles=[0.0] * len(LEVELS))
    second = risk_weights.learn(business).stored

    assert second is not None
    assert not second.active
    renewed = RiskModel.objects.get(active=True)
    assert renewed.pk == first.pk
    assert renewed.quantiles == pytest.approx(first.quantiles)
    assert renewed.quantiles_at > first.quantiles_at


def test_a_young_clinic_keeps_the_reference_and_stores_nothing() -> None:
    lesson = risk_weights.learn(clinic_with_a_past(300))

    assert isinstance(lesson.found, TooLittle)
    assert not RiskModel.objects.exists()


def test_an_outcome_of_today_is_not_learned_from() -> None:
    business = clinic_with_a_past(ENOUGH)
    known = risk_weights.learn(business, dry_run=True).found
    now = clock.now()
    today = {"starts_at": now - timedelta(minutes=1), "booked_at": now - timedelta(hours=30), "status": S.NO_SHOW}
    for _ in range(100):
        AppointmentFactory.create(**today)

    found = risk_weights.learn(business, dry_run=True).found
    assert isinstance(known, Trial)
    assert isinstance(found, Trial)
    assert (found.visits, found.held_out, found.weights) == (known.visits, known.held_out, known.weights)


def test_a_visit_entered_after_it_took_place_is_not_learned_from() -> None:
    business = clinic_with_a_past(ENOUGH)
    known = risk_weights.learn(business, dry_run=True).found
    day = clock.now() - timedelta(days=60)
    for _ in range(100):
        AppointmentFactory.create(starts_at=day, booked_at=day + timedelta(days=2), status=S.NO_SHOW)

    found = risk_weights.learn(business, dry_run=True).found
    assert isinstance(known, Trial)
    assert isinstance(found, Trial)
    assert found.visits == known.visits


def test_another_tenants_visits_and_weights_stay_its_own() -> None:
    clinic_with_a_past(ENOUGH)
    other = BusinessFactory.create(tenant_id="other", name="Other Clinic")

    assert isinstance(risk_weights.learn(other).found, TooLittle)
    assert risk_weights.in_use("other").model is None


def test_the_change_is_in_the_audit_log_and_the_chain_stays_whole() -> None:
    business = clinic_with_a_past(ENOUGH)
    stored = risk_weights.learn(business).stored
    entry = AuditLog.objects.get()

    assert stored is not None
    assert (entry.action, entry.actor, entry.resource_id) == ("risk.weights_changed", "system", str(stored.pk))
    assert entry.before["weights"]["start"] == str(REFERENCE["start"])
    assert chain.verify() is None


def test_the_database_allows_one_set_in_use() -> None:
    stored = risk_weights.learn(clinic_with_a_past(ENOUGH)).stored
    assert stored is not None
    stored.pk = new_id()

    with pytest.raises(IntegrityError), transaction.atomic():
        stored.save(force_insert=True)


def test_weights_changed_meanwhile_are_not_overwritten() -> None:
    business = clinic_with_a_past(ENOUGH)

    with connection.execute_wrapper(_Faster(business)), pytest.raises(ConflictError, match="Repeat"):
        risk_weights.learn(business)
    assert RiskModel.objects.count() == 1


class _Faster:
    """Somebody who learns and stores the weights while another one is still reading the visits."""

    def __init__(self, business: Business) -> None:
        self._business = business
        self._done = False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not self._done and 'FROM "appointments_appointment"' in sql:
            self._done = True
            risk_weights.learn(self._business)
        return execute(sql, *rest)


def test_a_feature_of_a_later_release_has_its_reference_weight() -> None:
    stored = risk_weights.learn(clinic_with_a_past(ENOUGH)).stored
    assert stored is not None
    own = stored.weights["start"]
    RiskModel.objects.update(weights={"start": own, "gone": 3.0}, quantiles=[0.1])
    used = risk_weights.in_use("default")

    assert dict(used.weights) == {**REFERENCE, "start": own}
    assert used.quantiles is None
    assert book().risk_reasons


def test_a_booking_costs_no_more_queries_with_own_weights_than_without() -> None:
    business = clinic_with_a_past(ENOUGH)
    appointment = book()

    without, used = _queries(appointment, business), risk_weights.learn(business).stored
    assert used is not None
    assert _queries(appointment, business) <= without


def _queries(appointment: Appointment, business: Business) -> int:
    with CaptureQueriesContext(connection) as captured:
        risk.assess(appointment, business)
    return len([query for query in captured if "SELECT" in query["sql"]])


def test_learning_reads_the_visits_in_one_query() -> None:
    business = clinic_with_a_past(ENOUGH)

    with CaptureQueriesContext(connection) as captured:
        risk_weights.learn(business, dry_run=True)
    assert len(captured) == 3, "the weights in use, the visits, and which of them were called off"


def test_the_first_no_show_begins_the_weekly_learning_and_the_next_one_does_not_put_it_off() -> None:
    business = BusinessFactory.create()
    first, second = book(), book()
    assert not Due.objects.filter(ref=business.id).exists()
    missed(first)
    planned = lessons(business)
    missed(second)

    local = planned.due_at.astimezone(ZoneInfo("America/New_York"))
    assert (local.hour, local.minute) == (3, 30)
    assert timedelta(days=6) < planned.due_at - clock.now() < timedelta(days=8)
    assert (lessons(business).due_at, lessons(business).fence) == (planned.due_at, planned.fence)


def test_the_weekly_sweep_learns_and_is_due_again_in_a_week() -> None:
    business = clinic_with_a_past(ENOUGH)
    missed(book())
    Due.objects.filter(lane="sweeps", ref=business.id).update(due_at=clock.now() - timedelta(seconds=1))
    work.drain_inline(lanes.get("sweeps"))

    assert RiskModel.objects.filter(active=True).count() == 1
    assert not DeadLetter.objects.exists()
    assert timedelta(days=6) < lessons(business).due_at - clock.now() < timedelta(days=8)


def test_the_sweep_still_completes_visits_that_are_due_together_with_the_business() -> None:
    business = BusinessFactory.create()
    missed(book())
    over = book(starts_at=clock.now() - timedelta(hours=5))
    Due.objects.filter(lane="sweeps").update(due_at=clock.now() - timedelta(seconds=1))
    work.drain_inline(lanes.get("sweeps"))

    over.refresh_from_db()
    assert over.status == S.COMPLETED
    assert lessons(business).attempts == 0


def test_a_clinic_in_an_unknown_zone_learns_by_utc() -> None:
    business = BusinessFactory.create(timezone="Mars/Olympus")
    missed(book())

    assert lessons(business).due_at.hour == 3


def test_the_ranks_of_own_weights_count_all_recent_bookings_also_cancelled_ones() -> None:
    business = clinic_with_a_past(ENOUGH)
    stored = risk_weights.learn(business).stored
    Appointment.objects.filter(status=S.COMPLETED).update(status=S.CANCELLED, cancelled_at=clock.now())
    renewed = risk_weights.learn(business)

    assert stored is not None
    assert isinstance(renewed.found, TooLittle)
    model = RiskModel.objects.get(active=True)
    assert Quantiles(tuple(model.quantiles)).knots == pytest.approx(tuple(stored.quantiles), rel=0.05)
