"""Lifting a channel's stop: a person has settled with the carrier what was wrong."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from appointments.case_reasons.words import because
from appointments.models import Escalation
from appointments.services import escalations
from aro import clock
from aro.errors import InvalidRequestError
from compliance.models import Channel
from integrations.models import ChannelStop
from integrations.outbound import channels
from workflows.commands.bus import Caller, Done, command
from workflows.desk.actions.action import StaffAction, Target
from workflows.desk.actions.actions import register_action

RESUME = "channel.resume"
STOP = Target(model=ChannelStop, key="stop_id", page="admin:integrations_channelstop_change")

register_action(
    StaffAction(
        command=RESUME,
        target=STOP,
        label=_("Resume"),
        done=_("The channel is used again. What waits goes out within a quarter of an hour, if it still helps."),
        explains=_(
            "Only when it is settled with the carrier: else the next text is refused and the channel is stopped again."
        ),
        permission="integrations.change_channelstop",
        asks=True,
        look="primary",
        offered=lambda stop: stop.lifted_at is None,
    )
)


@command(RESUME)
def resume(payload: dict[str, Any], caller: Caller) -> Done:
    """By the channel's name or one of its stops. Messages that wait go out within a quarter of an hour, if they still
    help; the case about it is over."""
    channel = _channel(payload)
    lifted = ChannelStop.objects.filter(channel=channel, lifted_at=None).update(
        lifted_at=clock.now(), lifted_by=caller.actor_id[:64]
    )
    if lifted:
        for case in Escalation.objects.filter(key=channels.case_key(channel), status=Escalation.Status.OPEN):
            escalations.resolve(case, by=caller.actor_id[:64], resolution=because("channel_resumed"))
    return Done(
        resource_type="channel",
        resource_id=channel,
        before={"stopped": bool(lifted)},
        after={"stopped": False, "was_stopped": bool(lifted)},
    )


def _channel(payload: dict[str, Any]) -> str:
    """Raises `InvalidRequestError`."""
    if "stop_id" in payload:
        channel = ChannelStop.objects.filter(pk=payload["stop_id"]).values_list("channel", flat=True).first() or ""
    else:
        channel = str(payload.get("channel", ""))
    if channel not in Channel.values:
        raise InvalidRequestError(f"There is no such channel. Use one of: {', '.join(Channel.values)}.")
    return channel
