"""The no-show risk of a visit: a rank within the business's own recent bookings (docs/adr/0004)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from appointments.models import Appointment, Business, Customer
from appointments.risk import score
from appointments.risk.features import Visit
from appointments.risk.rank import Quantiles, category, rank
from appointments.services import journal, risk_weights
from appointments.services.risk_weights import MOST_RECENT, RECENT, InUse
from appointments.services.visit import doubts
from aro import clock
from aro.queue import rows
from aro.queue.remembered import remembered

PAST = (Appointment.Status.COMPLETED, Appointment.Status.NO_SHOW)
PENDING = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)
# A person's newest visits that are looked at, and those of them that are over.
MOST_VISITS, MOST_PAST_VISITS = 200, 50


def assess(appointment: Appointment, business: Business) -> None:
    """Sets the visit's risk and whether a deposit is due, and the person's risk to match. Does not save the visit."""
    used = risk_weights.in_use(business.tenant_id)
    found = score.assess(features(appointment), weights=used.weights)
    appointment.risk_probability = found.probability
    appointment.risk_score = rank(found.probability, _spread(used, business.tenant_id))
    appointment.risk_reasons = _in_words(found)
    risky = appointment.customer.requires_deposit or appointment.risk_score >= business.deposit_threshold
    # An amount of 0 is how a business says that it takes no deposits.
    appointment.deposit_required = appointment.deposit_required or (risky and business.deposit_amount > 0)
    _set_customer(appointment.customer, appointment.risk_score, appointment.risk_reasons)


def refresh_customer(customer: Customer) -> None:
    """Ranks the person anew by their latest visit, after an outcome has become known."""
    risk_weights.learn_weekly(customer.tenant_id)
    latest = customer.appointments.select_related("customer").order_by("-starts_at").first()
    if latest is not None:
        used = risk_weights.in_use(customer.tenant_id)
        found = score.assess(features(latest, as_if_next=True), weights=used.weights)
        _set_customer(customer, rank(found.probability, _spread(used, customer.tenant_id)), _in_words(found))


def features(appointment: Appointment, *, as_if_next: bool = False) -> Visit:
    """What is known at booking: lead time and the person's own history, never age, gender, address or health."""
    known = _visits_of(appointment.customer_id, None if as_if_next else appointment.pk)
    # Who wrote in time that they would not come did not fail to come, whatever nobody entered.
    called_off = doubts.gave_up_in_time([pk for status, *_, pk in known if status == Appointment.Status.NO_SHOW])
    past = [(status, at) for status, at, _, pk in known if status in PAST and pk not in called_off][:MOST_PAST_VISITS]
    zone = ZoneInfo(appointment.timezone)
    booked, starts = (m.astimezone(zone) for m in (appointment.booked_at, appointment.starts_at))
    return Visit(
        lead_days=max(0, (starts.date() - booked.date()).days),
        prior_visits=len(past),
        prior_no_shows=sum(status == Appointment.Status.NO_SHOW for status, _ in past),
        last_was_no_show=past[0][0] == Appointment.Status.NO_SHOW if past else None,
        days_since_last=max(0, (booked - past[0][1]).days) if past else None,
        # A visit that is over and whose outcome nobody has told is neither kept, nor missed, nor still to come.
        pending=sum(status in PENDING and at.astimezone(zone).date() >= booked.date() for status, at, *_ in known),
        booked_same_day=sum(_is_earlier_that_day(at, appointment.booked_at) for *_, at, _ in known),
        booked_hour=booked.hour,
        weekday=starts.weekday(),
    )


@remembered
def _visits_of(customer: UUID, but: UUID | None) -> QuerySet[Appointment, tuple[str, datetime, datetime, UUID]]:
    theirs = Appointment.objects.filter(customer=customer)
    history = theirs.exclude(pk=but) if but else theirs
    return history.order_by("-starts_at").values_list("status", "starts_at", "booked_at", "pk")[:MOST_VISITS]


def _is_earlier_that_day(moment: datetime, other: datetime) -> bool:
    """By the day in UTC."""
    return moment < other and moment.astimezone(UTC).date() == other.astimezone(UTC).date()


def recent_quantiles(tenant_id: str) -> Quantiles:
    """How recent bookings' stored probabilities are spread; the reference spread while there are few.

    One bounded, indexed query. Only for the reference weights: own weights bring their spread along.
    """
    return Quantiles.of(_recent(tenant_id, clock.now() - RECENT))


@remembered
def _recent(tenant_id: str, since: datetime) -> QuerySet[Appointment, float]:
    recent = Appointment.objects.filter(tenant_id=tenant_id, created_at__gte=since).order_by("-created_at")
    return recent.values_list("risk_probability", flat=True)[:MOST_RECENT]


def _spread(used: InUse, tenant_id: str) -> Quantiles:
    """What a new probability is ranked among. Probabilities found with other weights would not compare."""
    return used.quantiles or recent_quantiles(tenant_id)


def _in_words(found: score.Assessment) -> list[str]:
    """The reasons without the base that all visits share."""
    return [reason.text for reason in found.reasons if reason.code != "start"]


def _set_customer(customer: Customer, value: int, reasons: list[str]) -> None:
    before, customer.risk_score, customer.risk_reasons = customer.risk_score, value, reasons
    if customer.risk_category != Customer.RiskCategory.BLOCKED:
        customer.risk_category = category(value)
    rows.save(customer, "risk_score", "risk_reasons", "risk_category", "updated_at")
    if before != value:
        journal.customer_event("customer.risk_score_changed", customer, payload={"before": before, "after": value})
