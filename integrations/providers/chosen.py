"""Which vendor this installation uses for what. The one place that decides it, so that whoever sends does not."""

from __future__ import annotations

from django.conf import settings

from appointments.inbound import DeliveryReported, ReplyReceived
from compliance.models import Channel
from integrations.providers import CARRIERS, PAYMENTS
from integrations.providers.shared.carrier import Carrier
from integrations.providers.shared.payments import Payments

# Where people can write back.
REPLY_CHANNELS = (Channel.SMS, Channel.WHATSAPP)


def carrier(channel: str) -> Carrier:
    """Who carries messages there."""
    return CARRIERS[settings.EMAIL_CARRIER if channel == Channel.EMAIL else settings.TEXT_CARRIER]


def carrier_that_says(news: DeliveryReported | ReplyReceived, channel: str) -> Carrier:
    """Who brought the news. After a change the former carrier still reports what it was given."""
    return CARRIERS[news.carrier] if news.carrier else carrier(channel)


def carrier_name(channel: str) -> str:
    """Whose breaker and limits count for messages there."""
    return carrier(channel).name


def is_set_up(channel: str) -> bool:
    """Whether this installation can send there at all."""
    return carrier(channel).is_set_up(channel)


def replies() -> str:
    """The adapter by which answers to our texts come in."""
    return carrier(Channel.SMS).replies


def listed_channels() -> list[Channel]:
    """Where the carrier can be asked what people wrote."""
    return [channel for channel in REPLY_CHANNELS if carrier(channel).lists_replies(channel)]


def payments() -> Payments:
    """Who makes payment links."""
    return PAYMENTS[settings.PAYMENT_PROVIDER]
