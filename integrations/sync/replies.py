"""What people wrote and no webhook told of: the carrier calls once, and an unanswered call is not repeated.

An opt-out must not get lost while ARO is being restarted. So the carrier's own list is asked as often as the booking
systems', and whatever is not here yet is handed in as its delivery would have been: known by its id, it counts once.
A STOP that is found late holds although a START came after it: better one text too few.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import F

from appointments.inbound import ReplyReceived
from appointments.models import Message
from aro import clock
from compliance import phones
from compliance.models import Channel
from integrations.inbound import webhooks
from integrations.models import SyncState
from integrations.outbound.resilience import gate
from integrations.outbound.waiting import catching_up, pauses
from integrations.providers import ADAPTERS, chosen
from integrations.providers.shared.base import Delivery, ProviderFailure, RateLimitedError, RefusedError, Stored
from integrations.providers.shared.outgoing import Reply

# A message that its sender's carrier handed over late has an earlier time than the last look.
OVERLAP = timedelta(hours=1)
# After a longer break people have been answered otherwise.
LONGEST_BREAK = timedelta(days=2)
# Its delivery may still be on its way.
ON_ITS_WAY = timedelta(minutes=1)
AFTER_A_FAILURE = timedelta(minutes=1)

logger = logging.getLogger(__name__)


def is_set_up() -> bool:
    """Whether people can write to us at all."""
    return bool(chosen.listed_channels())


def turn(known: SyncState, every: timedelta, now: datetime) -> timedelta:
    """Asks once, and hands in what is not here; how long until the next time. May run twice at once."""
    wait = gate.admit(chosen.carrier_name(Channel.SMS), now=now).wait_seconds
    if wait:
        return timedelta(seconds=wait)
    try:
        found = _written(_since(known, now))
    except RateLimitedError as error:
        return timedelta(seconds=gate.slow_down(chosen.carrier_name(Channel.SMS), seconds=error.retry_after, now=now))
    except ProviderFailure as failure:
        return _failed(known, failure, now)
    gate.succeeded(chosen.carrier_name(Channel.SMS), now=now)
    until = catching_up.written_before(now, now - ON_ITS_WAY)
    missed = sum(map(_hand_in, [reply for reply in found if reply.at <= until]))
    if missed:
        logger.warning("replies were found that no webhook had told of", extra={"count": missed})
    _write(
        known,
        last_done_at=now,
        last_error="",
        failures=0,
        listed=len(found),
        missed=missed,
        missed_in_all=F("missed_in_all") + missed,
    )
    return every


def _failed(known: SyncState, failure: ProviderFailure, now: datetime) -> timedelta:
    error = str(failure) or type(failure).__name__
    if isinstance(failure, RefusedError):
        gate.succeeded(chosen.carrier_name(Channel.SMS), now=now)
    else:
        pauses.count_failure(Channel.SMS, error=error, now=now)
    _write(known, last_error=error[:120], failures=F("failures") + 1)
    return AFTER_A_FAILURE


def _since(known: SyncState, now: datetime) -> datetime:
    """The first look finds nothing: what people wrote before ARO was there was not for it."""
    return max(known.last_done_at - OVERLAP, now - LONGEST_BREAK) if known.last_done_at else now


def _written(since: datetime) -> list[Reply]:
    channels = chosen.listed_channels()
    return [reply for channel in channels for reply in chosen.carrier(channel).received(channel, since=since)]


def _hand_in(reply: Reply) -> bool:
    """False when it is here already."""
    at = min(reply.at, clock.now())
    if _is_here(reply, at):
        return False
    delivery = Delivery(body=reply.body, headers={}, url="", path_ref="", received_at=at)
    return webhooks.store(ADAPTERS[chosen.replies()], delivery) is not None


def _is_here(reply: Reply, at: datetime) -> bool:
    """Its delivery may have been kept under a longer name than the message's id, where its form left a doubt.

    The same words under that id are the same message; other words were not its own, and the list tells the truth.
    """
    told = ADAPTERS[chosen.replies()].parse(Stored(body=reply.body, path_ref="", received_at=at))
    for news in (one for one in told if isinstance(one, ReplyReceived)):
        known = Message.objects.filter(
            direction=Message.Direction.IN,
            address__in=phones.variants(phones.dialled(news.sender) or news.sender),
            created_at__gte=at - OVERLAP,
            key__startswith=f"in:{news.provider_id}-",
            body=news.text,
        )
        if known.exists():
            return True
    return False


def _write(known: SyncState, **values: object) -> None:
    SyncState.objects.filter(pk=known.pk).update(**values)
