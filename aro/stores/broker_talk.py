"""A word with a Redis or Valkey server without a client library: launchers know whether one is there within moments."""

from __future__ import annotations

import socket
from typing import IO

from aro.stores.broker_address import BrokerAddress

ANSWER_SECONDS = 0.5


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
