"""What would keep a text back, asked before there is one: by the choice of channel and the rules of sending itself."""

from __future__ import annotations

from datetime import datetime

from appointments.models import Appointment, Business, Customer, Message
from appointments.services import businesses
from appointments.services.person import customers
from aro import clock
from compliance import guardrails, kinds, policy
from compliance.guardrails import SendContext
from compliance.kinds import Kind
from compliance.reasons import Reason
from compliance.verdicts import Hold, Skip, Verdict
from integrations.outbound import channels, context
from integrations.outbound.channels import Route
from integrations.outbound.waiting import older_database


def of(person: Customer, visit: Appointment | None, kind: Kind) -> Verdict | None:
    """Of an automatic text to this person, were it sent now. Quiet hours and caps are no obstacle: it goes later."""
    now, business = clock.now(), businesses.current(person.tenant_id)
    message = _planned(person, visit, kind, now)
    route = channels.choose(message, business=business, now=now)
    message.channel, message.address = route.channel, route.address
    found = guardrails.obstacle(_seen(message, person, route, business), now)
    if found is not None or route.problem is None:
        return found
    is_stopped = route.problem == Reason.CHANNEL_STOPPED
    return Hold(now + channels.LOOK_AGAIN, route.problem) if is_stopped else Skip(route.problem)


def _planned(person: Customer, visit: Appointment | None, kind: Kind, now: datetime) -> Message:
    channel = customers.wanted_channel(person)
    return Message(
        tenant_id=person.tenant_id,
        direction=Message.Direction.OUT,
        kind=kind,
        purpose=kinds.purpose_of(kind),
        automatic=True,
        appointment=visit,
        customer=person,
        channel=channel,
        address=customers.address_on(person, channel),
        planned_for=now,
    )


def _seen(message: Message, person: Customer, route: Route, business: Business) -> SendContext:
    rules, stands = policy.current(), route.standing
    if stands is None:
        raise LookupError("a route that nobody has looked at")
    return SendContext(
        kind=Kind(message.kind),
        zone=business.timezone,
        hours=rules.hours_for(message.purpose, opens=business.quiet_until, closes=business.quiet_from),
        purpose=message.purpose,
        has_phone=bool(message.address),
        phone_usable=customers.can_receive(person, message.channel),
        number_problem=context.number_problem(message, business, rules),
        suppressed=stands.suppressed,
        texts_unwanted=customers.wants_no(person, message.channel),
        consent=stands.agreed is True,
        wrong_number=stands.wrong_number,
        told_of_death=stands.told_of_death,
        kill_switch=stands.kill_switch,
        older_database=older_database.waits(),
    )
