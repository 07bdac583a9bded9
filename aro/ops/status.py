"""`aro status` and `aro stop`."""

from __future__ import annotations

import json

from aro.ops import instance, paths
from aro.ops.console import say

_STOP_SECONDS = 40.0


def status(arguments: list[str]) -> int:
    """0 when everything runs; 1 when something, or all of it, does not."""
    pid = instance.running_pid()
    children = instance.state().get("children", {}) if pid else {}
    if "--json" in arguments:
        say(json.dumps({"home": str(paths.home()), "supervisor": pid, "children": children}))
    elif pid is None:
        say(f"ARO is not running on {paths.home()}. Start it with `aro up`.")
    else:
        _show(pid, children)
    return 0 if children and all(child["up"] for child in children.values()) else 1


def stop() -> int:
    """Stops the running `aro up` and waits for its end."""
    instance.stop_running(seconds=_STOP_SECONDS)
    say("ARO has stopped.")
    return 0


def _show(pid: int, children: dict[str, dict[str, object]]) -> None:
    say(f"ARO is running on {paths.home()} (process {pid}).")
    for name, child in children.items():
        state = "up" if child["up"] else "down, will be started again"
        say(f"  {name:10} {state:28} process {child['pid']}, restarted {child['restarts']} times")
