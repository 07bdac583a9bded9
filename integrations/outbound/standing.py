"""What stands at an address, as far as a text to it is concerned: all of it in one statement, under the address's lock.

Each part is worded where its rule is; here they are only asked together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, QuerySet, Subquery

from appointments.models import Business, Message
from appointments.services import escalations, messages
from aro.queue.remembered import remembered
from compliance import consent, kill_switch, wrong_numbers
from compliance.models import Channel
from integrations.models import ChannelStop
from integrations.outbound import settling


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`agreed`: to this channel, for the message's purpose. `settles_at`: until then what staff did to the person or
    their number can be taken back. `told_how_to_stop_at`: when it was last told how to stop the texts."""

    channel_stopped: bool
    suppressed: bool
    agreed: bool | None
    wrong_number: bool
    told_of_death: bool
    kill_switch: bool
    settles_at: datetime | None
    told_how_to_stop_at: datetime | None


_NOWHERE: Final = {"suppressed": False, "agreed": None, "wrong_number": False, "told_of_death": False}


def at(message: Message, *, channel: str, address: str, now: datetime) -> Standing:
    """Of the message, were it to go there."""
    found = _found(
        message.tenant_id,
        channel=channel,
        agreed_to=Channel.SMS if channel == Channel.WHATSAPP else channel,
        purpose=message.purpose,
        address=address or None,
        spellings=consent.spellings(address),
        hmacs=consent.hmacs(address),
        hmac=consent.address_hmac(address),
        visit=message.appointment_id,
        customer=message.customer_id,
        now=now,
    )
    values: dict[str, Any] = dict(zip(Standing.__dataclass_fields__, found[0], strict=True))
    return Standing(**values) if address else Standing(**{**values, **_NOWHERE})


@remembered
def _found(  # noqa: PLR0913 - whatever the parts ask for
    tenant_id: str,
    *,
    channel: str,
    agreed_to: str,
    purpose: str,
    address: str | None,
    spellings: Collection[str],
    hmacs: Collection[str],
    hmac: str,
    visit: UUID | None,
    customer: UUID | None,
    now: datetime,
) -> QuerySet[Business, Any]:
    """In the order of `Standing`. Consent to texts is given once for SMS and WhatsApp, which reach the same number;
    e-mail has its own: `agreed_to`."""
    stops = ChannelStop.objects.filter(tenant_id=tenant_id, channel=channel, lifted_at=None)
    said = consent.statements(tenant_id, hmacs, agreed_to, purpose)
    shown = Message.objects.filter(
        tenant_id=tenant_id, address=address, opt_out_line=True, status__in=messages.HANDED_OVER
    )
    return Business.objects.filter(tenant_id=tenant_id).values_list(
        Exists(stops),
        Exists(consent.suppressions(tenant_id, spellings, hmacs)),
        Subquery(said.values("given")[:1]),
        Exists(wrong_numbers.unsettled(tenant_id, hmac)),
        Exists(escalations.deaths(tenant_id, address, visit, customer)),
        Exists(kill_switch.in_force(tenant_id)),
        Subquery(settling.undoable(customer, tenant_id, address, now).values("until")[:1]),
        Subquery(shown.order_by("-created_at").values("sent_at")[:1]),
    )
