"""A Redis of one's own, however it is reached: one place reads its address, and everybody comes through."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from celery import Celery
from pytest_django import Settings

from aro import paths
from aro.console import PlainError
from aro.ops import preflight
from aro.ops.supervise import programs
from aro.ops.supervise.processes import Program
from aro.ops.supervise.programs import Addresses
from aro.ops.unused_ports import unused_port
from aro.project import ROOT
from aro.queue import looking
from aro.stores import broker_address, broker_talk
from aro.stores.broker_address import BrokerAddress, parse
from aro.watch import health
from tests.own_redis import PASSWORD, USER, USERS_PASSWORD, behind_tls, own_redis

WAYS = ["tcp", "ipv6", "user", "unix", "unix user", "tls"]


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The addresses of one server; database 3 is used, so that whoever ignores it is found out."""
    directory, port = tmp_path_factory.mktemp("own"), unused_port()
    login, user = f":{quote(PASSWORD, safe='')}", f"{USER}:{quote(USERS_PASSWORD, safe='')}"
    with own_redis(directory, port=port), behind_tls(directory, port=port) as (tls_port, authority):
        yield {
            "tcp": f"redis://{login}@127.0.0.1:{port}/3",
            "ipv6": f"redis://{login}@[::1]:{port}/3",
            "user": f"redis://{user}@localhost:{port}/3",
            "unix": f"unix://{login}@{directory}/own.sock?db=3",
            "unix user": f"unix://{user}@{directory}/own.sock?db=3",
            "tls": f"rediss://{login}@127.0.0.1:{tls_port}/3?ssl_ca_certs={quote(str(authority))}",
        }


@pytest.fixture(params=WAYS)
def url(ways: dict[str, str], request: pytest.FixtureRequest) -> str:
    if request.param == "ipv6" and not _has_ipv6():
        pytest.skip("this machine has no IPv6 loopback")
    return ways[request.param]


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def test_every_part_of_aro_comes_through(url: str, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    preflight.check_broker()
    address = parse(url)
    assert broker_talk.answers(address)
    assert not broker_talk.has_worker(address)
    settings.CELERY_BROKER_URL = address.celery_url
    assert health.broker() == health.UP
    assert not looking.Watchers().are_at("receipts")


def test_celery_publishes_to_the_database_that_is_named(url: str) -> None:
    address = parse(url)
    with Celery("one", broker=address.celery_url, set_as_current=False) as app:
        app.send_task("aro.tick", args=["receipts"], queue="receipts", ignore_result=True)
    with redis.Redis(**address.client_options()) as client:
        assert client.llen("receipts") == 1
        client.delete("receipts")


def test_kombus_spelling_says_the_same(url: str) -> None:
    assert parse(parse(url).celery_url) == parse(url)


def test_the_password_is_never_shown(url: str) -> None:
    address = parse(url)
    for shown in (address.shown, repr(address), str(address)):
        assert address.password not in shown
        assert quote(address.password, safe="") not in shown


@pytest.mark.slow
def test_flower_shows_every_queue_before_a_worker_was_asked(url: str, tmp_path: Path) -> None:
    with redis.Redis(**parse(url).client_options()) as client:
        client.delete("sync")
        client.rpush("sync", "one", "two", "three")
    with Flower(url, tmp_path) as port:
        page = _get(port, "/broker", login="aro:of this test")
        rows = dict(re.findall(r"<td>(\w+)</td>\s*<td[^>]*>(\d+)</td>", page[1]))
        assert rows == {**dict.fromkeys(programs.QUEUES.split(","), "0"), "sync": "3"}
        assert parse(url).password not in page[1]


@pytest.mark.slow
def test_flower_tells_nobody_its_metrics_without_the_password(ways: dict[str, str], tmp_path: Path) -> None:
    with Flower(ways["tcp"], tmp_path) as port:
        for path in ("/metrics", "/", "/broker", "/api/workers", "/api/queues/length"):
            assert _get(port, path)[0] == 401, path
            assert _get(port, path, login="aro:wrong")[0] == 401, path
        assert _get(port, "/metrics", login="aro:of this test")[0] == 200
        assert _get(port, "/healthcheck") == (200, "OK")


@pytest.mark.slow
def test_flower_loads_no_django(tmp_path: Path) -> None:
    program = Flower("", tmp_path).program()
    asked = "import sys; from {} import app; app.loader.import_default_modules(); print('django.db' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked.format("aro.ops.supervise.flower_app")],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.sandbox", **program.environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["False"]


class Flower:
    """Flower as `aro up` starts it."""

    def __init__(self, url: str, home: Path) -> None:
        (home / "keys").mkdir()
        (home / "keys" / "flower_password").write_text("of this test\n")
        self.port, self._url, self._home = unused_port(), url, home

    def program(self) -> Program:
        at = Addresses(host="127.0.0.1", port=1, sandbox_port=2, flower_port=self.port, sandbox=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ARO_HOME", str(self._home))
            return programs.view(at)

    def __enter__(self) -> int:
        program = self.program()
        environment = {**os.environ, **program.environment, "ARO_HOME": str(self._home), "REDIS_URL": self._url}
        self._process = subprocess.Popen(
            program.argv, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        deadline = time.monotonic() + 60
        while not programs.answers("127.0.0.1", self.port, "/healthcheck")():
            assert time.monotonic() < deadline
            assert self._process.poll() is None
            time.sleep(0.1)
        return self.port

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:  # as the supervisor does when its time is up
            self._process.kill()
            self._process.wait(20)


def _get(port: int, path: str, *, login: str = "") -> tuple[int, str]:
    headers = {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"} if login else {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_a_wrong_password_is_said_before_anything_starts(ways: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = ways["tcp"].replace(quote(PASSWORD, safe=""), "guessed")
    monkeypatch.setenv("REDIS_URL", wrong)
    with pytest.raises(PlainError, match=r"at 127\.0\.0\.1:\d+ refuses this login \(WRONGPASS\)") as said:
        preflight.check_broker()
    assert "guessed" not in str(said.value)
    monkeypatch.setenv("REDIS_URL", re.sub(r"//.*@", "//", ways["tcp"]))
    with pytest.raises(PlainError, match=r"refuses this login \(NOAUTH\)"):
        preflight.check_broker()


def test_a_certificate_that_nobody_vouches_for_is_refused(
    ways: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", ways["tls"].partition("?")[0])
    with pytest.raises(PlainError, match="No Redis or Valkey answers at .*certificate"):
        preflight.check_broker()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://:secret@host", "begins with 'http'"),
        ("host:6379", "begins with"),
        ("redis://:secret@host:port/0", "not well formed"),
        ("redis://:secret@[::1", "not well formed"),
        ("redis://:secret@host:99999", "not well formed"),
        ("redis://:secret@host/zero", "the database is a number"),
        ("unix://", "the path of the socket is missing"),
        ("rediss://:secret@host?ssl_cert_reqs=maybe", "ssl_cert_reqs is one of"),
        ("redis://:sec/ret@host", "not well formed"),
    ],
)
def test_an_address_that_is_none_is_explained_without_the_password(url: str, words: str) -> None:
    with pytest.raises(PlainError, match=words) as said:
        parse(url)
    assert "sec" not in str(said.value).replace("rediss", "")


def test_the_embedded_brokers_address_is_read_as_well(home: Path) -> None:
    assert parse(paths.embedded_broker_url()) == BrokerAddress(path=str(paths.broker_socket()))


def test_nobody_else_reads_the_brokers_address() -> None:
    """Whoever takes it apart anew gets a case of its own wrong: IPv6, a user, a database on a socket."""
    readers = re.compile(r"(urlsplit|urlparse|from_url)\(.*(REDIS_URL|BROKER_URL|broker_url)")
    sources = [file for folder in ("aro", "config", "integrations") for file in (ROOT / folder).rglob("*.py")]
    assert [str(file) for file in sources if readers.search(file.read_text(encoding="utf-8"))] == []


def test_both_spellings_of_the_password_are_hidden() -> None:
    assert broker_address.passwords_in(f"redis://:{quote(PASSWORD, safe='')}@host") == (
        PASSWORD,
        quote(PASSWORD, safe=""),
        quote(PASSWORD),
    )
    assert json.dumps(broker_address.passwords_in("redis://host")) == "[]"
