"""Which weights the risk score uses, and how a business comes to its own (docs/adr/0004).

Once a week the visits with known outcomes are learned from. The result is used only when it was better on the newest
of them; bookings scored before keep their score and reasons.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from appointments.models import Appointment, Business, RiskModel
from appointments.risk import trial
from appointments.risk.history import Booked, as_known
from appointments.risk.rank import LEVELS, Quantiles
from appointments.risk.score import REFERENCE, assess
from appointments.risk.trial import Outcome, TooLittle, Trial
from appointments.services.person.customers import zone_or_empty
from appointments.services.visit import doubts
from aro import clock
from aro.errors import ConflictError
from aro.models import Due
from aro.queue import due, locks, rows, sweeps
from compliance.audit import chain
from compliance.models import Actor

S = Appointment.Status
# The business's own recent bookings, among which a new one is ranked.
RECENT: Final = timedelta(days=180)
MOST_RECENT: Final = trial.MOST_RANKED
# Read: more than is learned from, so that the oldest of it has a record too. The sweep works in a transaction, and on
# SQLite nobody else writes meanwhile: these bounds keep it to about half a second of one processor.
MOST_READ: Final = 6_000
MOST_LEARNED: Final = 3_000
WEEK: Final = timedelta(days=7)
# When a clinic is closed, by its own clock.
AT_NIGHT: Final = time(3, 30)
_COLUMNS: Final = ("pk", "customer_id", "booked_at", "starts_at", "timezone", "status", "cancelled_at", "created_at")


@dataclass(frozen=True, slots=True)
class InUse:
    """What new bookings are scored with. `model` and `quantiles` are None for the reference."""

    weights: Mapping[str, float]
    model: RiskModel | None = None

    @property
    def quantiles(self) -> Quantiles | None:
        """The spread of recent bookings with these weights; scores stored with others would not compare."""
        known = self.model.quantiles if self.model else ()
        return Quantiles(tuple(known)) if len(known) == len(LEVELS) else None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of learning: the trial (or why there was none), and what is in use after it."""

    found: Trial | TooLittle
    before: InUse
    stored: RiskModel | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A business's bookings, as known when made, and when each reached ARO."""

    outcomes: list[Outcome]
    recent: list[Outcome]


def in_use(tenant_id: str) -> InUse:
    """The weights for new bookings; one indexed query. A feature that came with a later release has its reference."""
    model = rows.first(RiskModel, tenant_id=tenant_id, active=True)
    if model is None:
        return InUse(REFERENCE)
    return InUse({code: model.weights.get(code, weight) for code, weight in REFERENCE.items()}, model)


def learn(business: Business, *, dry_run: bool = False, actor: str = Actor.SYSTEM, actor_id: str = "") -> Lesson:
    """Learns from the business's visits, and uses what was learned if it was better. `dry_run` changes nothing.

    Raises `ConflictError` when somebody else changed the weights meanwhile.
    """
    now, before = clock.now(), in_use(business.tenant_id)
    read = _read(business, now)
    found = trial.run(read.outcomes, in_use=before.weights, threshold=business.deposit_threshold)
    if dry_run:
        return Lesson(found, before)
    with transaction.atomic():
        locks.hold("risk_model", business.tenant_id)
        _refuse_if_changed(business, before)
        if isinstance(found, TooLittle) or not found.better:
            _bring_up_to_date(before, read, now)
        if isinstance(found, TooLittle):
            return Lesson(found, before)
        return Lesson(found, before, _store(business, found, before, read, now, actor, actor_id))


def learn_weekly(tenant_id: str) -> None:
    """Has the business learned from once a week, from its first no-show on: without one there is nothing to learn."""
    business = Business.objects.filter(tenant_id=tenant_id).only("id", "timezone").first()
    if business is not None and not Due.objects.filter(lane=sweeps.LANE, ref=business.id).exists():
        due.put(sweeps.LANE, business.id, _next_night(business, clock.now()))


def look(refs: Sequence[UUID], now: datetime) -> Iterable[UUID]:
    """Learns from the businesses among these, which are due again in a week, and says which they are."""
    known = Business.objects.in_bulk(refs)
    for business in known.values():
        learn(business)
        due.put(sweeps.LANE, business.id, _next_night(business, now))
    return known


def _next_night(business: Business, now: datetime) -> datetime:
    """A week from now, moved to the small hours of that day."""
    zone = ZoneInfo(zone_or_empty(business.timezone) or "UTC")
    return datetime.combine((now + WEEK).astimezone(zone).date(), AT_NIGHT, zone)


def _read(business: Business, now: datetime) -> _Read:
    """One bounded query: the newest bookings by start, whatever became of them."""
    newest = Appointment.objects.filter(tenant_id=business.tenant_id).order_by("-starts_at")
    read = list(newest.values_list(*_COLUMNS)[:MOST_READ])
    called_off = doubts.gave_up_in_time([row[0] for row in read if S.NO_SHOW in row])
    bookings = [_booked(row, called_off) for row in read]
    pairs = list(zip(bookings, as_known(bookings), strict=True))
    reached = [(row[-1], pair) for row, pair in zip(read, pairs, strict=True) if row[-1] >= now - RECENT]
    reached.sort(key=lambda one: one[0], reverse=True)
    return _Read(
        outcomes=[pair for pair in pairs if _teaches(pair[0], now)][:MOST_LEARNED],
        recent=[pair for _, pair in reached[:MOST_RECENT]],
    )


def _booked(row: Sequence[Any], called_off: Collection[UUID]) -> Booked:
    pk, person, booked_at, starts_at, timezone, status, cancelled_at, _ = row
    zone = ZoneInfo(zone_or_empty(timezone) or "UTC")
    return Booked(
        person=person,
        booked=booked_at.astimezone(zone),
        starts=starts_at.astimezone(zone),
        missed=status == S.NO_SHOW if status in (S.COMPLETED, S.NO_SHOW) and pk not in called_off else None,
        cancelled_at=cancelled_at,
    )


def _teaches(booking: Booked, now: datetime) -> bool:
    """Its outcome counts from the day after. A visit entered after it took place says nothing about bookings."""
    return booking.known_on(now.astimezone(booking.starts.tzinfo)) and booking.booked <= booking.starts


def _spread(read: _Read, weights: Mapping[str, float]) -> list[float]:
    return list(Quantiles.of(assess(visit, weights=weights).probability for _, visit in read.recent).knots)


def _refuse_if_changed(business: Business, before: InUse) -> None:
    now_active = RiskModel.objects.filter(tenant_id=business.tenant_id, active=True)
    if now_active.values_list("pk", flat=True).first() != (before.model.pk if before.model else None):
        raise ConflictError("The risk weights were changed by somebody else meanwhile. Repeat the command.")


def _bring_up_to_date(before: InUse, read: _Read, now: datetime) -> None:
    """The weights stay; the bookings that new ones are ranked among have moved on by a week."""
    if before.model is not None:
        before.model.quantiles, before.model.quantiles_at = _spread(read, before.weights), now
        before.model.save(update_fields=["quantiles", "quantiles_at"])


def _store(  # noqa: PLR0913 - each names a separate fact
    business: Business, found: Trial, before: InUse, read: _Read, now: datetime, actor: str, actor_id: str
) -> RiskModel:
    if found.better:
        RiskModel.objects.filter(tenant_id=business.tenant_id, active=True).update(active=False)
    stored = RiskModel.objects.create(
        tenant_id=business.tenant_id,
        fitted_at=now,
        activated_at=now if found.better else None,
        active=found.better,
        weights=dict(found.weights),
        quantiles=_spread(read, found.weights),
        quantiles_at=now,
        visits=found.visits,
        held_out=found.held_out,
        held_out_since=found.since,
        auc_before=found.before.auc,
        auc_after=found.after.auc,
        brier_before=found.before.brier,
        brier_after=found.after.brier,
        before=asdict(found.before.flagging),
        after=asdict(found.after.flagging),
    )
    if found.better:
        _note(stored, before, actor, actor_id)
    return stored


def _note(stored: RiskModel, before: InUse, actor: str, actor_id: str) -> None:
    """Who is asked for a deposit changes with the weights: the audit log says when, and from what to what."""
    chain.write(
        action="risk.weights_changed",
        actor=actor,
        actor_id=actor_id,
        resource_type="risk_model",
        resource_id=stored.pk,
        before={"weights": before.weights},
        after={"weights": stored.weights},
        reason=f"better on the newest {stored.held_out} visits",
        tenant_id=stored.tenant_id,
    )
