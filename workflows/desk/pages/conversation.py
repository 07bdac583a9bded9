"""The conversation with a person, as bubbles: all of their number, which a family may share, and what was written to
them by e-mail or at a former number."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from appointments.desk.screens import TICKS, fate, written
from appointments.models import Customer, Message
from aro.desk.show import day_and_time, humanized
from compliance.models import Channel

# The newest; older ones are in the list of messages.
_MOST = 100


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """One message. `ticks` as carriers show them; `fate` says it in words."""

    inbound: bool
    text: str
    kind: str
    # Where it went, or came from, when that is not the phone on record.
    where: str
    when: str
    ticks: str
    fate: str
    sent: bool


def of(person: Customer, *, zone: str, texts: bool) -> list[Bubble]:
    """Oldest first. `texts`: whether the reader may see what was written. Times in `zone`."""
    whose = Q(customer=person) | (Q(address=person.phone) if person.phone else Q())
    newest = Message.objects.filter(whose, tenant_id=person.tenant_id).order_by("-created_at")[:_MOST]
    return [_bubble(message, person, zone=zone, texts=texts) for message in reversed(newest)]


def _bubble(message: Message, person: Customer, *, zone: str, texts: bool) -> Bubble:
    inbound = message.direction == Message.Direction.IN
    return Bubble(
        inbound=inbound,
        text=written(message, texts=texts) or humanized(message.kind),
        kind=humanized(message.kind),
        where=_where(message, person),
        when=day_and_time(message.sent_at or message.created_at, zone),
        ticks="" if inbound else TICKS.get(message.status, ""),
        fate="" if inbound else fate(message, zone),
        sent=inbound or message.status in TICKS,
    )


def _where(message: Message, person: Customer) -> str:
    if message.address in ("", person.phone):
        return ""
    if message.channel == Channel.EMAIL:
        return message.get_channel_display()
    return _("former number {number}").format(number=message.address)
