"""Which lanes workflows work on, and the services that definitions may name."""

from __future__ import annotations

import importlib
from datetime import timedelta
from decimal import Decimal

from django.db.models import Sum

from appointments.case_reasons.words import happened, to_do
from appointments.models import Appointment
from appointments.services import escalations, risk_weights
from appointments.services.person import contacts, new_numbers
from aro.models import DeadLetter
from aro.queue import lanes, sweeps
from aro.queue.lanes import Lane
from aro.queue.sweeps import Tidying
from workflows import past_visits
from workflows.commands import bus, replays, settle_numbers, undo
from workflows.definitions import FORMER, SHIPPED
from workflows.engine import dispatch, effects, registry, runner

HOUR = timedelta(hours=1)


def require_deposit_next_time(appointment: Appointment) -> None:
    """The person's next booking asks for a deposit."""
    appointment.customer.requires_deposit = True
    appointment.customer.save(update_fields=["requires_deposit", "updated_at"])


def update_lifetime_value(appointment: Appointment) -> None:
    """What the person's completed visits were worth in all; may run twice."""
    done = appointment.customer.appointments.filter(status=Appointment.Status.COMPLETED)
    appointment.customer.lifetime_value = done.aggregate(total=Sum("service_cost"))["total"] or Decimal("0.00")
    appointment.customer.save(update_fields=["lifetime_value", "updated_at"])


def tell_of_dead_letter(letter: DeadLetter) -> None:
    """A case for the kind of failure; more of the same kind count up."""
    escalations.escalate(
        key=f"dead_letter:{letter.lane}:{letter.error_code}",
        reason="dead_letter",
        title=happened("dead_letter", lane=letter.lane, code=letter.error_code),
        next_step=to_do("dead_letter"),
    )


def register() -> None:
    """Called once, when Django is ready. Importing the command modules registers their commands."""
    importlib.import_module("workflows.commands.closed_days")
    importlib.import_module("workflows.commands.visits")
    importlib.import_module("workflows.commands.people")
    importlib.import_module("workflows.commands.operators")
    for definition in (*SHIPPED, *FORMER):
        registry.register(definition)
    effects.register_service("require_deposit_next_time", require_deposit_next_time)
    effects.register_service("update_lifetime_value", update_lifetime_value)
    contacts.follow(settle_numbers.corrected)
    contacts.follow(new_numbers.tell_if_silent)
    lanes.tell_of_dead_letters(tell_of_dead_letter)
    lanes.register(Lane(name="events", handle=dispatch.handle, batch=100))
    lanes.register(
        Lane(
            name="timers",
            handle=runner.handle,
            batch=200,
            max_attempts=3,
            on_retry=runner.on_retry,
            on_dead=runner.on_dead,
            replayer=replays.RUN_REPLAYER,
        )
    )
    sweeps.look_with(past_visits.look)
    sweeps.look_with(risk_weights.look)
    sweeps.register(Tidying(name="idempotency keys", every=HOUR, tidy=bus.tidy))
    sweeps.register(Tidying(name="what could be taken back", every=HOUR, tidy=undo.tidy))
