"""The web server's socket. It is made before the server, and may outlive it."""

from __future__ import annotations

import socket

# Callers who may wait while nobody accepts, as while the server starts again; the kernel caps it (Linux: somaxconn).
BACKLOG = 1024
UNREAD_BYTES = 128 * 1024


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. `::` takes IPv4 as well. Raises `OSError`."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted connections inherit it: what a slow reader leaves in the kernel is little, and counts as not taken.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNREAD_BYTES)
    if host == "::":
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind(address)
    listener.listen(BACKLOG)
    return listener
