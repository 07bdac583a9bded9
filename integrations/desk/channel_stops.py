"""Lifting a channel's stop: a person has settled with the carrier what was wrong."""

from __future__ import annotations

from typing import Any

from aro import clock
from aro.errors import InvalidRequestError
from compliance.models import Channel
from integrations.models import ChannelStop
from workflows.commands.bus import Caller, Done, command


@command("channel.resume")
def resume(payload: dict[str, Any], caller: Caller) -> Done:
    """Messages that wait for the channel go out within a quarter of an hour, if they still help."""
    channel = str(payload.get("channel", ""))
    if channel not in Channel.values:
        raise InvalidRequestError(f"There is no such channel. Use one of: {', '.join(Channel.values)}.")
    lifted = ChannelStop.objects.filter(channel=channel, lifted_at=None).update(
        lifted_at=clock.now(), lifted_by=caller.actor_id[:64]
    )
    return Done(
        resource_type="channel",
        resource_id=channel,
        before={"stopped": bool(lifted)},
        after={"stopped": False, "was_stopped": bool(lifted)},
    )
