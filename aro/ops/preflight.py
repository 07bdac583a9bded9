"""What can be wrong before anything is started. Each finding is one plain line with the way out."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator

from aro import paths
from aro.console import PlainError
from aro.ops import public_address
from aro.ops.stores import database
from aro.ops.supervise.programs import Addresses
from aro.stores import broker_address, broker_talk

OLDEST_PYTHON = (3, 11)
BROKER_SECONDS = 3.0
LEAST_FREE_BYTES = 200 * 1024 * 1024


def addresses() -> Addresses:
    """Host and ports from the environment. Raises `PlainError` for a port that is no number."""
    elsewhere = paths.sandbox_home() != paths.home()
    return Addresses(
        host=os.environ.get("HOST") or "127.0.0.1",
        port=_port("PORT", 3000),
        sandbox_port=_port_elsewhere() if elsewhere else _port("SANDBOX_PORT", 3900),
        flower_port=_port("FLOWER_PORT", 5555),
        sandbox=os.environ.get("ARO_MODE") == "sandbox",
        own_sandbox=not elsewhere,
    )


def _port_elsewhere() -> int:
    port = paths.sandbox_port_elsewhere()
    if not port:
        raise PlainError(
            f"SANDBOX_HOME is {paths.sandbox_home()}, where ARO has never been started. Start it there first, or unset "
            "SANDBOX_HOME to have a sandbox of one's own."
        )
    return int(port)


def check_machine() -> None:
    """Python, disk and database file."""
    if sys.version_info < OLDEST_PYTHON:
        raise PlainError(f"ARO needs Python 3.11 or newer; this is {sys.version.split()[0]}. Install a newer Python.")
    free = shutil.disk_usage(paths.home()).free
    if free < LEAST_FREE_BYTES:
        raise PlainError(
            f"Only {free // 1024**2} MB are free for {paths.home()}; ARO needs 200 MB. Free some space, "
            "or choose a data directory on another disk with ARO_HOME=/some/where."
        )
    file = paths.sqlite_file(paths.chosen_database_url())
    if file:
        database.check_sqlite(file)
    check_broker()


def check_addresses(at: Addresses) -> None:
    """Where providers reach ARO in live mode, and who reaches the sandbox's front desk."""
    wrong = "" if at.sandbox else public_address.problem(os.environ.get("PUBLIC_BASE_URL", ""))
    if wrong:
        raise PlainError(wrong)
    if at.sandbox and not public_address.is_loopback(at.host) and os.environ.get("ARO_SANDBOX_ON_NETWORK") != "yes":
        raise PlainError(
            f"HOST={at.host} would open sandbox mode to the network: its secrets are public, so anybody there could "
            "forge bookings and replies. Leave HOST unset, or say ARO_SANDBOX_ON_NETWORK=yes if that is what you want "
            "(in a container, say)."
        )


def check_broker() -> None:
    """A broker of one's own must answer and let us in; the embedded one is started by us."""
    if not paths.given("REDIS_URL"):
        return
    address = broker_address.parse(paths.given("REDIS_URL"))
    try:
        broker_talk.connect(address, seconds=BROKER_SECONDS).close()
    except OSError as error:
        raise PlainError(
            f"No Redis or Valkey answers at {address.shown} ({error.strerror or error}). "
            "Start it, correct REDIS_URL, or unset REDIS_URL to use the embedded one."
        ) from error
    answer = broker_talk.ask(address, "PING", seconds=BROKER_SECONDS)
    if answer.startswith("-"):
        raise PlainError(
            f"The Redis or Valkey at {address.shown} refuses this login ({answer[1:].split(' ')[0]}). "
            "Correct user and password in REDIS_URL; special characters are percent-encoded."
        )
    if not answer.startswith("+PONG"):
        raise PlainError(
            f"What listens at {address.shown} does not answer like Redis or Valkey. "
            "Correct REDIS_URL, or unset REDIS_URL to use the embedded one."
        )


def check_ports(at: Addresses) -> None:
    """Raises `PlainError` for the first port that another program holds, or that two settings name."""
    owners: dict[int, str] = {}
    for name, host, port in _wanted(at):
        if port in owners:
            raise PlainError(
                f"{owners[port]} and {name} both name port {port}. Choose another one for one of them: "
                f"{name}={_other(at, host, port)}"
            )
        owners[port] = name
        if not _is_free(host, port):
            raise PlainError(
                f"Port {port} is in use by another program. Stop that program, or choose another port: "
                f"{name}={_other(at, host, port)}"
            )


def _other(at: Addresses, host: str, port: int) -> int:
    """A port above it that is free and that no setting names."""
    taken = {port for _, _, port in _wanted(at)}
    return next(n for n in range(port + 1, 65536) if n not in taken and _is_free(host, n))


def _wanted(at: Addresses) -> Iterator[tuple[str, str, int]]:
    yield "PORT", at.host, at.port
    if at.sandbox and at.own_sandbox:
        yield "SANDBOX_PORT", "127.0.0.1", at.sandbox_port
    yield "FLOWER_PORT", "127.0.0.1", at.flower_port


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do: connections of a previous run that are still closing are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise PlainError(f"Port {port} needs root. Choose a port above 1023, for example PORT=3000.") from error
        except OSError:
            return False
    return True


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 65536:
        raise PlainError(f"{name} is {text!r}; it must be a port number such as {default}.")
    return int(text)
