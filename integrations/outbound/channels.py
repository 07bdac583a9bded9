"""Where a message goes: a person's own channel, or the next one that can reach them and that they agreed to.

A reminder for which the clinic's list names a channel goes there to whoever agreed to it, and to all others as usual.
Another channel is for what cannot arrive, never for what is not wanted: who said stop is followed nowhere. Who ended
e-mails still gets the texts they agreed to. An answer stays where the person wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from appointments.case_reasons import Reminders
from appointments.case_reasons.words import happened, to_do
from appointments.models import Business, Customer, FailedAttempt, Message, WhatsAppTemplate
from appointments.services import escalations
from appointments.services.person import customers
from appointments.texts import fit
from aro.queue import rows
from compliance import policy
from compliance.kinds import Kind, present_name
from compliance.models import Channel
from compliance.reasons import Reason
from integrations.models import ChannelStop
from integrations.outbound import standing
from integrations.outbound.standing import Standing
from integrations.providers import chosen

# WhatsApp lets a business write freely for so long after the person's last message there. A minute less than it grants,
# because our clock and theirs differ.
WHATSAPP_WINDOW = timedelta(hours=24) - timedelta(minutes=1)
# A stopped channel is looked at again after this.
LOOK_AGAIN = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where a message goes, and what stands there. `problem`: why it can go nowhere. `template`: the approved wording
    that WhatsApp wants. `reminders`: how the person may be reminded now, when that was asked.

    `no_template_for`: it would have gone there, had there been an approved wording.
    """

    channel: str
    address: str
    business: Business
    standing: Standing | None = None
    reminders: Reminders | None = None
    template: WhatsAppTemplate | None = None
    problem: Reason | None = None
    no_template_for: str = ""

    @property
    def is_suppressed(self) -> bool:
        """Whether the person said stop there."""
        return self.standing is not None and self.standing.suppressed

    @property
    def has_consent(self) -> bool:
        """Whether they agreed to texts there."""
        return self.standing is not None and self.standing.agreed is True


@dataclass(frozen=True)
class Failure:
    """How a message failed somewhere."""

    channel: str
    templated: bool
    code: str

    def rules_out(self, channel: str, *, templated: bool) -> bool:
        """A free text outside WhatsApp's window may still go there as a template, once."""
        if channel != self.channel:
            return False
        return self.templated or not templated or self.code != chosen.carrier(channel).outside_window


def choose(message: Message, *, business: Business, now: datetime, failures: Collection[Failure] = ()) -> Route:
    """The first channel that can take it; when none can, the person's own with the problem that staff should know."""
    own_channel, *others = _order(message, business)
    asked = _Asked(message, business, now, (*failures, *_past_failures(message)))
    own = asked.look(own_channel)
    unwanted = own.is_suppressed
    # A STOP ends everything; the link in an e-mail ends e-mails only.
    if unwanted and own.channel != Channel.EMAIL:
        return own
    wished = asked.look(message.wished_channel) if message.wished_channel else None
    usual = own if not (unwanted or own.problem) else _another(asked, own, others)
    if wished is None or not _is_agreed(message, wished):
        return usual
    if wished.problem == Reason.NO_TEMPLATE:
        return replace(usual, no_template_for=wished.channel)
    return usual if wished.problem else wished


def _another(asked: _Asked, own: Route, others: Collection[str]) -> Route:
    """The first of the other channels that can take it, where they agreed to it; else their own, with its problem."""
    missing = own.channel if own.problem == Reason.NO_TEMPLATE else ""
    for channel in others:
        route = asked.look(channel)
        if not route.problem and _is_agreed(asked.message, route):
            return replace(route, no_template_for=missing)
    # Sending says what is not set up, and tells whoever can set it up.
    return replace(own, problem=None) if own.problem == Reason.SWITCHED_OFF else own


def _order(message: Message, business: Business) -> list[str]:
    if not message.automatic:
        return [message.channel]
    wanted = _person(message).preferred_channel or business.default_channel
    return list(dict.fromkeys([wanted, *policy.current().channels.fallback_order]))


@dataclass(frozen=True)
class _Asked:
    """What is asked of every channel in turn."""

    message: Message
    business: Business
    now: datetime
    failures: tuple[Failure, ...]

    def look(self, channel: str) -> Route:
        template = self._template() if self._needs_template(channel) else None
        address = self._address(channel)
        stands = standing.at(self.message, channel=channel, address=address, now=self.now)
        return Route(
            channel=channel,
            address=address,
            business=self.business,
            standing=stands,
            template=template,
            problem=self._problem(channel, stands, template),
        )

    def _address(self, channel: str) -> str:
        if not self.message.automatic:
            return self.message.address
        return customers.address_on(_person(self.message), channel)

    def _problem(self, channel: str, stands: Standing, template: WhatsAppTemplate | None) -> Reason | None:
        """The reason that staff should read when the message can go nowhere else either."""
        if self.message.automatic:
            if not self._address(channel):
                return Reason.NO_PHONE
            if not customers.can_receive(_person(self.message), channel):
                return Reason.PHONE_UNUSABLE
            if customers.wants_no(_person(self.message), channel):
                return Reason.TEXTS_UNWANTED
        if any(failure.rules_out(channel, templated=template is not None) for failure in self.failures):
            return Reason.PROVIDER_REFUSED
        if stands.channel_stopped:
            return Reason.CHANNEL_STOPPED
        if not chosen.is_set_up(channel):
            return Reason.SWITCHED_OFF
        return Reason.NO_TEMPLATE if template is None and self._needs_template(channel) else None

    def _needs_template(self, channel: str) -> bool:
        if channel != Channel.WHATSAPP or not self.message.automatic:
            return False
        outside = any(f.code == chosen.carrier(channel).outside_window for f in self.failures)
        wrote_at = customers.last_wrote_at(_person(self.message), channel)
        return outside or wrote_at is None or self.now - wrote_at > WHATSAPP_WINDOW

    def _template(self) -> WhatsAppTemplate | None:
        """In the person's language, else in the business's. One that leaves out what it is for is none."""
        spoken = [_plain(_person(self.message).language), _plain(self.business.language)]
        approved = WhatsAppTemplate.objects.filter(
            tenant_id=self.message.tenant_id,
            kind=present_name(Kind(self.message.kind)),
            active=True,
            language__in=spoken,
        )
        able = [row for row in approved if not fit.problems(row.kind, row.wording, channel=Channel.WHATSAPP)]
        return min(able, key=lambda row: spoken.index(row.language), default=None)


def _plain(language: str) -> str:
    """`es-MX` is served by `es`."""
    return language.replace("_", "-").split("-")[0].lower()


def _person(message: Message) -> Customer:
    if message.customer is None:
        raise LookupError("a text to nobody")
    return message.customer


def _is_agreed(message: Message, route: Route) -> bool:
    """Whether the person agreed to this channel too. WhatsApp: they have written there, and agreed to texts."""
    if route.is_suppressed:
        return False
    if route.channel == Channel.WHATSAPP and customers.last_wrote_at(_person(message), Channel.WHATSAPP) is None:
        return False
    return route.has_consent


def _past_failures(message: Message) -> Iterator[Failure]:
    if message.fallbacks:
        for one in FailedAttempt.objects.filter(message=message, retried=False):
            yield Failure(one.channel, is_templated(one.template), one.error_code)


def label_of(template: WhatsAppTemplate) -> str:
    """What the message's row says of its wording."""
    return f"{template.kind}/{template.language}/{template.content_sid}"


def is_templated(label: str) -> bool:
    """Whether a message's wording was an approved one."""
    return chosen.carrier(Channel.WHATSAPP).is_template(label.rpartition("/")[2])


def is_stopped(channel: str, *, tenant_id: str) -> bool:
    """Whether the carrier does not let the business use it until a person has seen to it."""
    return rows.first(ChannelStop, tenant_id=tenant_id, channel=channel, lifted_at=None) is not None


def case_key(channel: str) -> str:
    """Of the case that says that a channel is stopped."""
    return f"channel_stopped:{channel}"


def stop(channel: str, *, code: str, why: str, tenant_id: str) -> None:
    """Stops a channel for everybody and tells staff, once. In the caller's transaction."""
    known = is_stopped(channel, tenant_id=tenant_id)
    if known:
        return
    ChannelStop.objects.bulk_create(
        [ChannelStop(tenant_id=tenant_id, channel=channel, code=code)], ignore_conflicts=True
    )
    escalations.escalate(
        key=case_key(channel),
        reason="channel_stopped",
        title=happened("channel_stopped", channel=Channel(channel).label, why=why),
        next_step=to_do("channel_stopped", carrier=chosen.carrier(channel).label, channel=channel),
        priority=escalations.HIGH,
        tenant_id=tenant_id,
    )
