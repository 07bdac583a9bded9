"""A browser on this machine carries other sites' requests to the sandbox: they are refused, whatever they ask."""

from __future__ import annotations

import http.client
import json

import psutil
import pytest

from tests.integrations.sandbox.conftest import Receiver, Sandbox

World = tuple[Sandbox, Receiver]
PATHS = ["/", "/clock", "/state", "/messages", "/requests", "/static/main.js", "/checkout/plink_1", "/nowhere"]


def ask(sandbox: Sandbox, method: str, path: str, headers: list[tuple[str, str]], body: bytes = b"") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:3900",
        "127.0.0.1.evil.example",
        "192.168.1.5:3900",
        "0.0.0.0",
        "[::2]",
        "x@evil",
        "[",
    ],
)
def test_a_foreign_name_that_leads_here_is_refused(world: World, path: str, host: str) -> None:
    sandbox, _ = world
    status, said = ask(sandbox, "GET", path, [("Host", host)])
    assert status in (400, 403)
    assert "+1" not in said


def test_a_second_host_header_does_not_help(world: World) -> None:
    sandbox, _ = world
    status, _ = ask(sandbox, "GET", "/clock", [("Host", "127.0.0.1"), ("Host", "evil.example")])
    assert status in (400, 403)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/clock", {"advance_seconds": 86_400}),
        ("POST", "/reply", {"from": "+12025550100", "body": "STOP"}),
        ("POST", "/faults", {"provider": "twilio", "kind": "http_500", "rate": 1}),
        ("DELETE", "/ledger", {}),
    ],
)
@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1.evil.example", "null"])
def test_another_sites_page_changes_nothing(
    world: World, method: str, path: str, body: dict[str, object], origin: str
) -> None:
    """As a form or a fetch without permission sends it: the answer stays unread, but the deed would be done."""
    sandbox, _ = world
    before = sandbox.get("/clock")["offset_seconds"]
    headers = [("Host", f"127.0.0.1:{sandbox.port}"), ("Origin", origin), ("Content-Type", "text/plain")]
    assert ask(sandbox, method, path, headers, json.dumps(body).encode())[0] == 403
    assert (sandbox.get("/clock")["offset_seconds"], sandbox.get("/state")["faults"]) == (before, [])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:{port}", "[::1]:{port}", "127.0.0.1:9999"])
def test_this_machine_is_served_under_each_of_its_names(world: World, host: str) -> None:
    sandbox, _ = world
    name = host.format(port=sandbox.port)
    headers = [("Host", name), ("Origin", f"http://{name}")]
    assert ask(sandbox, "GET", "/clock", headers)[0] == 200
    assert ask(sandbox, "GET", "/static/main.js", headers)[0] == 200


def test_it_listens_on_loopback_even_when_the_front_desk_does_not(own_sandbox: Sandbox) -> None:
    own_sandbox.end()
    own_sandbox.environment = {"HOST": "0.0.0.0", "ARO_SANDBOX_ON_NETWORK": "yes"}
    own_sandbox.start()
    assert own_sandbox.process is not None
    listening = psutil.Process(own_sandbox.process.pid).net_connections(kind="inet")
    assert {one.laddr.ip for one in listening if one.status == psutil.CONN_LISTEN} == {"127.0.0.1"}
