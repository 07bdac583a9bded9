"""Everything the guardrails look at, read at the moment of sending, and the text itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from appointments.models import Appointment, Business, Customer, Deposit, Message, WhatsAppTemplate
from appointments.services import escalations, messages
from appointments.services.money import deposits
from appointments.services.person import customers
from appointments.services.person.customers import resolve_zone
from appointments.services.visit import doubts, offers, opening_hours, reviews, visits
from appointments.texts.render import Text, compose_approved
from appointments.texts.values import TextError, values_for
from aro import clock
from compliance import guardrails, kinds, policy, pumping
from compliance.guardrails import SendContext
from compliance.kinds import Kind
from compliance.models import Channel
from compliance.reasons import Reason
from integrations.outbound import channels, family, settling, standing, unsubscribe_links, wording
from integrations.outbound.channels import Route
from integrations.outbound.family import Ahead
from integrations.outbound.standing import Standing
from integrations.outbound.waiting import cap_places, catching_up, older_database, overtaken
from integrations.providers.google.reviews import review_link
from integrations.providers.shared.outgoing import Content, Outgoing

DAY = timedelta(hours=24)
SHORTEST_VALIDITY, LONGEST_VALIDITY = 60, 36_000
SWITCHES: dict[Kind, str] = {Kind.REVIEW: "review_requests", Kind.REBOOKING: "rebooking_offers"}


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the executor needs to decide and to send. `names`: the visits that the text tells of, when several, and when
    each alone would have been told. `ahead`: the visits of all who are reached there."""

    context: SendContext
    text: Text
    latest_useful_at: datetime
    outgoing: Callable[[UUID], Outgoing]
    ahead: Ahead
    names: Mapping[Appointment, datetime] = field(default_factory=dict)


def read(message: Message, route: Route, *, now: datetime, others: Sequence[Appointment] = ()) -> Situation:
    """Reads the situation of a planned message on its way. Call it under the address's lock.

    `others`: the family's other visits, which the same text is to name.
    """
    business = route.business
    stands = route.standing or standing.at(message, channel=message.channel, address=message.address, now=now)
    appointment, kind = message.appointment, Kind(message.kind)
    customer = customers.of(message, business)
    deposit = deposits.current(appointment) if appointment else None
    link = _link(kind, business, appointment, deposit)
    latest = _latest_useful(message, kind, appointment)
    text, content = _text(message, route, stands, customer, link, deposit, others, now)
    ahead = family.ahead(message, now)
    seen = _context(message, route, stands, ahead, customer, deposit, text, bool(link), latest, now)
    return Situation(
        context=family.seen(seen, message, ahead),
        text=text,
        latest_useful_at=latest,
        outgoing=partial(_outgoing, message, business, text, content, latest),
        ahead=ahead,
    )


def still_helps(message: Message, now: datetime) -> bool:
    """Whether the message may still be of use, for one that has failed already."""
    kind, visit = Kind(message.kind), message.appointment
    if now > _latest_useful(message, kind, visit):
        return False
    if visit is None or kind not in kinds.BEFORE_THE_VISIT:
        return True
    return visit.status in guardrails.STILL_TO_COME and visit.starts_at > now


def _outgoing(  # noqa: PLR0913 - all that a message is made of
    message: Message, business: Business, text: Text, content: Content | None, latest: datetime, execution_id: UUID
) -> Outgoing:
    left = int((latest - clock.now()).total_seconds())
    return Outgoing(
        to=message.address,
        channel=message.channel,
        body=text.body,
        execution_id=execution_id,
        key=f"{execution_id}-{message.fallbacks}",
        validity_seconds=min(max(left, SHORTEST_VALIDITY), LONGEST_VALIDITY),
        content=content,
        subject=text.subject,
        sender_name=business.name,
        reply_to=business.email,
        unsubscribe_url=_unsubscribe_url(message),
    )


def _unsubscribe_url(message: Message) -> str:
    """Only an e-mail has one."""
    return unsubscribe_links.url_for(message.id) if message.channel == Channel.EMAIL else ""


def _context(  # noqa: PLR0913 - one place that gathers everything
    message: Message,
    route: Route,
    stands: Standing,
    ahead: Ahead,
    customer: Customer,
    deposit: Deposit | None,
    text: Text,
    has_link: bool,  # noqa: FBT001
    latest: datetime,
    now: datetime,
) -> SendContext:
    rules, kind, visit, business = policy.current(), Kind(message.kind), message.appointment, route.business
    # A cap is a person's, wherever the messages went.
    addresses = cap_places.addresses(message, customer)
    capped = message.automatic and kind not in kinds.OUTSIDE_THE_CAP
    sent = messages.sent_since(addresses, now - 7 * DAY, tenant_id=message.tenant_id) if capped else []
    return SendContext(
        kind=kind,
        zone=resolve_zone(customer.timezone or (visit.timezone if visit else ""), customer, business),
        hours=rules.hours_for(message.purpose, opens=business.quiet_until, closes=business.quiet_from),
        purpose=message.purpose,
        automatic=message.automatic,
        answers_person=not message.automatic,
        settles_at=settling.of(message, stands.settles_at, now),
        number_problem=number_problem(message, business, rules),
        visit_status=visit.status if visit else "",
        visit_starts_at=visit.starts_at if visit else None,
        visit_ends_at=visits.ends_at(visit) if visit else None,
        planned_for_start=message.visit_start,
        confirmed=bool(visit and visit.status == Appointment.Status.CONFIRMED),
        heard_too_late=bool(visit and visit.created_at >= visits.ends_at(visit)),
        outcome_open=_is_outcome_open(visit, kind),
        awaiting_staff=wording.is_awaiting_staff(message, route.reminders),
        written_since=message.status == Message.Status.HELD and messages.wrote_since(message),
        has_phone=bool(message.address),
        phone_usable=_can_receive(message, customer),
        suppressed=stands.suppressed,
        texts_unwanted=message.automatic and customers.wants_no(customer, message.channel),
        told_of_death=stands.told_of_death,
        wrong_number=_is_anothers(message, customer, stands),
        consent=stands.agreed is True,
        sent_last_24h=sum(at >= now - DAY for at in sent),
        sent_last_7d=len(sent),
        **(cap_places.seen(message, business, addresses, sent, ahead, now) if capped else {}),
        cap_per_day=cap_places.per_day(business),
        cap_per_week=cap_places.per_week(business),
        latest_useful_at=latest,
        deposit_open=bool(deposit and deposit.status == Deposit.Status.OPEN),
        kind_enabled=bool(getattr(business, SWITCHES[kind])) if kind in SWITCHES else True,
        has_link=has_link,
        overtaken=overtaken.is_overtaken(message),
        last_review_request_at=reviews.last_request(message, addresses),
        last_offer_at=offers.last_offer(message, addresses),
        booked_again=visit is not None and offers.has_booked_again(visit, kind, now),
        ask_again_after=timedelta(days=rules.reviews.ask_again_after_days),
        reviewed=_is_reviewed(visit, kind, now - timedelta(days=rules.reviews.ask_again_after_days)),
        said_before=kind in kinds.AFTER_A_NO_SHOW and messages.was_said(message),
        text_problems=text.problems,
        opening=opening_hours.of(business) if kind in kinds.IN_OPENING_HOURS else None,
        not_before=offers.welcome_from(message, addresses, now),
        kill_switch=stands.kill_switch,
        older_database=older_database.waits() and message.automatic,
        catching_up=message.automatic and catching_up.is_behind(now),
    )


def _is_anothers(message: Message, customer: Customer, stands: Standing) -> bool:
    """Somebody else is said to have the number; or it was corrected while an answer to it waited."""
    corrected = not message.automatic and message.address.startswith("+") and customer.phone != message.address
    return corrected or stands.wrong_number


def number_problem(message: Message, business: Business, rules: policy.Policy) -> Reason | None:
    """Whoever has the number. Only texts cost by country; WhatsApp and e-mail reach everybody alike."""
    if message.channel != Channel.SMS:
        return None
    allowed = pumping.countries(business.texting_countries, business.timezone, rules.pumping)
    return pumping.problem(message.address, allowed, rules.pumping)


def _is_outcome_open(visit: Appointment | None, kind: Kind) -> bool:
    """Asked only for what follows a visit."""
    if visit is None or kind not in kinds.AFTER_ATTENDING | kinds.AFTER_A_NO_SHOW:
        return False
    if kind in kinds.OFFERS_A_VISIT and escalations.has_gone(visit.customer):
        return True  # reviews are asked of everybody alike (16 CFR 465)
    return doubts.about(visit) or (kind in kinds.AFTER_A_NO_SHOW and doubts.wrote_after_no_show(visit))


def _is_reviewed(visit: Appointment | None, kind: Kind, since: datetime) -> bool:
    return visit is not None and kind == Kind.REVIEW and reviews.is_written(visit, since)


def _can_receive(message: Message, customer: Customer) -> bool:
    if message.address != customers.address_on(customer, message.channel):
        return True  # an answer to another number
    return customers.can_receive(customer, message.channel)


def _link(kind: Kind, business: Business, appointment: Appointment | None, deposit: Deposit | None) -> str:
    if kind in (Kind.DEPOSIT_REQUEST, Kind.DEPOSIT_REMINDER):
        return deposit.url if deposit else ""
    if kind == Kind.REVIEW:
        return review_link(business.google_place_id)
    if kind == Kind.RESCHEDULE_LINK and appointment is not None and appointment.reschedule_url:
        return appointment.reschedule_url
    return business.booking_url


def _latest_useful(message: Message, kind: Kind, appointment: Appointment | None) -> datetime:
    planned = message.planned_for or message.created_at
    if kind in kinds.REMINDERS and message.visit_start is not None:
        return planned + wording.reminder_helps_for(message.visit_start - planned)
    if kind == Kind.OPT_OUT_ANSWER:
        return planned + timedelta(minutes=policy.current().opt_out.answer_within_minutes)
    return planned + kinds.helps_for(kind, automatic=message.automatic)


def _text(  # noqa: PLR0913 - all that a text is made of
    message: Message,
    route: Route,
    stands: Standing,
    customer: Customer,
    link: str,
    deposit: Deposit | None,
    others: Sequence[Appointment],
    now: datetime,
) -> tuple[Text, Content | None]:
    """The text as it would go out; one that cannot be made carries its problem instead."""
    business = route.business
    values = values_for(
        business=business, customer=customer, appointment=message.appointment, link=link, deposit=deposit
    )
    try:
        if route.template is not None:
            return _approved(route.template, business, values)
        text = family.composed(
            kind=Kind(message.kind),
            about=family.told_of(message, others),
            customer=customer,
            business=business,
            channel=message.channel,
            values=values,
            tone=wording.tone(message),
            opt_out_line=message.automatic and policy.current().opt_out_line_due(stands.told_how_to_stop_at, now),
            unsubscribe_url=_unsubscribe_url(message),
        )
    except TextError as error:
        text = Text(
            body="", subject="", template="", segments=0, unicode=False, problems=(str(error),), opt_out_line=False
        )
    return text, None


def _approved(template: WhatsAppTemplate, business: Business, values: dict[str, str]) -> tuple[Text, Content]:
    text, numbered = compose_approved(
        wording=template.wording,
        label=channels.label_of(template),
        language=template.language,
        values=values,
        profile=business.profile,
    )
    return text, Content(sid=template.content_sid, variables=numbered)
