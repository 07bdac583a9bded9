"""`aro status` and `aro stop`."""

from __future__ import annotations

import json

import psutil

from aro import paths
from aro.console import say, show
from aro.ops.supervise import instance

_STOP_SECONDS = 40.0


def status(*, as_json: bool) -> int:
    """0 when everything runs; 1 when something, or all of it, does not."""
    pid = instance.running_pid()
    children = instance.state().get("children", {}) if pid else {}
    if as_json:
        show(json.dumps({"home": str(paths.home()), "supervisor": pid, "children": children}))
    elif pid is None:
        show(f"ARO is not running on {paths.home()}. Start it with `aro up`.")
    else:
        _show(pid, children)
    well = all(child["up"] and not _is_stopped(child) for child in children.values())
    return 0 if children and well else 1


def stop() -> int:
    """Stops the running `aro up` and waits for its end."""
    instance.stop_running(seconds=_STOP_SECONDS)
    say("ARO has stopped.")
    return 0


def _show(pid: int, children: dict[str, dict[str, object]]) -> None:
    show(f"ARO is running on {paths.home()} (process {pid}).")
    for name, child in children.items():
        show(f"  {name:10} {_state(child):28} process {child['pid']}, restarted {child['restarts']} times")
    if any(_is_stopped(child) for child in children.values()):
        show("A stopped process does no work. Let it go on with `kill -CONT PROCESS`; in a minute it is started anew.")
    show("Whether they get on with their work: /api/v1/health")


def _state(child: dict[str, object]) -> str:
    if not child["up"]:
        return "down, will be started again"
    return "stopped by a signal" if _is_stopped(child) else "up"


def _is_stopped(child: dict[str, object]) -> bool:
    """Ctrl-Z or `kill -STOP`: alive, and doing nothing."""
    try:
        return psutil.Process(int(str(child["pid"]))).status() == psutil.STATUS_STOPPED
    except (psutil.Error, ValueError):
        return False
