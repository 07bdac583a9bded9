"""The ports of throw-away servers."""

from __future__ import annotations

import socket

import pytest

from aro.ops import unused_ports


def test_they_are_different_and_can_be_listened_at() -> None:
    ports = unused_ports.unused_ports(20)
    assert len(set(ports)) == 20
    for port in ports:
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_what_somebody_listens_at_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    free = unused_ports.unused_port()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(unused_ports, "_RANGE", [taken.getsockname()[1], free])
        assert {unused_ports.unused_port() for _ in range(20)} == {free}
