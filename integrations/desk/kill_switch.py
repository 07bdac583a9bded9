"""Switching all sending off and on, by the command bus: validated and audited like everything that people do."""

from __future__ import annotations

from typing import Any

from compliance import kill_switch
from integrations.outbound.waiting import pauses
from workflows.commands.bus import Caller, Done, command

LONGEST_REASON = 200


@command("kill_switch.on")
def switch_off_all_sending(payload: dict[str, Any], caller: Caller) -> Done:
    """Nothing goes out from here on; what is due is held."""
    reason = _reason(payload.get("reason", ""))
    new = kill_switch.stop(by=caller.actor_id, reason=reason)
    return _done({"sending": "on" if new else "off"}, {"sending": "off", "changed": new}, reason)


def _reason(given: object) -> str:
    """No reason is so odd that sending would stay on for it: it is made to fit."""
    text = str(given).encode("utf-8", "replace").decode().replace("\0", " ").strip()
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"


@command("kill_switch.off")
def switch_sending_on_again(payload: dict[str, Any], caller: Caller) -> Done:
    """What was held is judged anew at once; what no longer makes sense is left out, with the reason."""
    lifted = kill_switch.lift(by=caller.actor_id)
    waiting = pauses.sending_is_on_again() if lifted else 0
    return _done({"sending": "off" if lifted else "on"}, {"sending": "on", "changed": lifted, "held": waiting})


def _done(before: dict[str, Any], after: dict[str, Any], reason: str = "") -> Done:
    return Done(resource_type="sending", resource_id="all", before=before, after=after, reason=reason)
