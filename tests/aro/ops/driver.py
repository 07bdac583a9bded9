"""Runs a supervisor over the programs of a JSON list on the command line: `python -m tests.aro.ops.driver DIR LIST`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from aro.console import say
from aro.ops.supervise.processes import Program
from aro.ops.supervise.supervisor import Supervisor
from aro.watch import pulse


def main(directory: Path, programs: list[dict[str, object]]) -> None:
    supervisor = Supervisor(
        environment=dict(os.environ), directory=directory, logs=directory, state=directory / "state.json"
    )
    for entry in programs:
        entry["argv"] = tuple(entry["argv"])  # type: ignore[arg-type]
        if entry.pop("gives_signs", False):
            entry["alive"] = pulse.seen(str(entry["name"]))
        supervisor.start(Program(**entry))  # type: ignore[arg-type]
    say("watching")
    supervisor.watch()
    supervisor.stop()
    say("stopped")


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
