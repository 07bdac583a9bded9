"""Machines that answer our texts: known by how they act, and told to staff once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from appointments.models import Escalation, Message
from appointments.services import escalations
from aro import clock
from compliance import consent, policy
from workflows.replies.acting.answering import Reply, person_at
from workflows.replies.acting.conversation import Context
from workflows.replies.stops.machines import Came, acts_like_one

REASON: Final = "machine"
# So many of the last messages are compared.
_MOST: Final = 10
_ONCE_IN: Final = timedelta(days=1)


def acts_like_a_machine(message: Message, context: Context) -> bool:
    """Whether this message is the same text again, as only a machine sends it."""
    earlier = Message.objects.filter(
        tenant_id=message.tenant_id, address=message.address, direction=Message.Direction.IN
    ).exclude(pk=message.pk)
    newest = earlier.order_by("-created_at").values_list("body", "created_at")[:_MOST]
    return acts_like_one(
        Came(message.body, message.created_at),
        before=[Came(body, at) for body, at in newest],
        sent_at=[text.sent_at for text in context.texts if text.sent_at and text.address == message.address],
        rules=policy.current().answers,
    )


def tell_once(reply: Reply) -> None:
    """One case in a day, whatever else the machine sends and whether it is still open."""
    message = reply.message
    key = f"{REASON}:{consent.address_hmac(message.address)[:32]}"
    known = Escalation.objects.filter(tenant_id=message.tenant_id, key=key)
    if known.filter(created_at__gt=_since(clock.now())).exclude(status=Escalation.Status.OPEN).exists():
        return
    escalations.escalate(
        key=key,
        reason=REASON,
        appointment=reply.context.visit,
        customer=person_at(reply),
        message=message,
        tenant_id=message.tenant_id,
    )


def _since(now: datetime) -> datetime:
    return now - _ONCE_IN
