"""A reply that comes while staff can still take back what they did to a visit or a person of this phone.

What is true of it may be undone in a moment: the reply is kept, and read when that moment is over, or when it
was taken back. Until then nothing tells the person of it, and the reply is no reason to refuse the undoing. What holds
whatever becomes of it (a stop, an emergency, a wrong number) is never put off.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Max

from appointments.inbound import ReplyReceived
from appointments.models import Message
from aro.queue import due
from workflows.engine.effects import EXECUTIONS
from workflows.models import Execution, Undoable
from workflows.replies.labels import ALWAYS_ACTED_ON, Classification, Label

READ: Final = "integration.nlp.read_reply"
CORRECTS_A_NUMBER: Final = "customer.correct_phone"


def until(message: Message, now: datetime) -> datetime | None:
    """When nothing that was done about this phone can be taken back any more; None: that is so already."""
    if not message.address:
        return None
    open_ones = Undoable.objects.filter(customer__tenant_id=message.tenant_id, until__gt=now)
    own = open_ones.filter(customer__phone=message.address).aggregate(last=Max("until"))["last"]
    corrected = open_ones.filter(command=CORRECTS_A_NUMBER).exclude(customer__phone=message.address)
    away = [one.until for one in corrected if _was_theirs(one, message.address)]
    return max([*away, *([own] if own else [])], default=None)


def _was_theirs(kept: Undoable, phone: str) -> bool:
    """Whether that correction took this number from somebody, who may have it back in a moment."""
    return any(values.get("phone", [""])[0] == phone for _, _, values in kept.changed)


def keep(news: ReplyReceived, message: Message, found: Classification, *, now: datetime, correlation_id: UUID) -> bool:
    """Puts the reading off; False when the message is to be read now. In the transaction that stores the message."""
    if _cannot_wait(found):
        return False
    at = until(message, now)
    if at is None:
        return False
    execution, new = Execution.objects.get_or_create(
        tenant_id=message.tenant_id,
        key=_key(message.id),
        defaults={
            "command_type": READ,
            "payload": {"message": str(message.id), "carrier": news.carrier_says, "answered": news.provider_answered},
            "correlation_id": correlation_id,
        },
    )
    if new:
        due.put(EXECUTIONS, execution.id, at)
    return True


def waiting_at(address: str, tenant_id: str) -> list[UUID]:
    """The readings of this phone's messages that were put off."""
    unread = Message.objects.filter(
        tenant_id=tenant_id, address=address, direction=Message.Direction.IN, classification=None
    )
    keys = [_key(pk) for pk in unread.order_by("-created_at").values_list("pk", flat=True)[:20]] if address else []
    waiting = Execution.objects.filter(tenant_id=tenant_id, key__in=keys, status=Execution.Status.INTENT)
    return list(waiting.values_list("pk", flat=True))


def _key(message: UUID) -> str:
    return f"read:{message}"


def _cannot_wait(found: Classification) -> bool:
    beside = set(found.also) - {Label.START}
    return bool({found.label, *beside} & ALWAYS_ACTED_ON)
