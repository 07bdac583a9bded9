"""Two hosts on one PostgreSQL and one Redis with a password. One of them dies in the middle of a crowded hour."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import requests

from aro import paths
from aro.ops.unused_ports import unused_port
from tests.flows.hosts import Host, wait
from tests.flows.installation import Window, aro
from tests.integrations import signers
from tests.own_redis import PASSWORD, own_redis

BOOKINGS, STOPS = 200, 20
SECRET = "whsec_c2FuZGJveC1jdXN0b20td2ViaG9vay1zZWNyZXQ="
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def stores(database_name: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database on this run's PostgreSQL, and a Redis of one's own."""
    if database_name != "postgres":
        pytest.skip("an SQLite file has one host only")
    name, port = f"hosts_{time.time_ns()}", unused_port()
    server = f"postgresql://aro@/postgres?host={paths.socket_directory()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        with own_redis(tmp_path, port=port):
            yield {
                "DATABASE_URL": f"postgresql://aro@/{name}?host={paths.socket_directory()}",
                "REDIS_URL": f"redis://:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/1",
            }
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def hosts(stores: dict[str, str], tmp_path: Path) -> Iterator[tuple[Host, Host]]:
    first = Host(tmp_path / "first", stores)
    second = Host(tmp_path / "second", stores, sandbox_of=first)
    yield first, second
    second.stops()
    first.stops()


def test_a_host_dies_in_a_burst_and_nothing_is_lost_doubled_or_sent_after_stop(hosts: tuple[Host, Host]) -> None:
    first, second = hosts
    first.starts()
    _with_keys_of_its_own_it_is_refused(second)
    second.takes_the_keys_of(first)
    second.starts()
    _takes_no_deposits(first)
    day = _a_week_ahead(first)
    stopped_at = _burst(first, second, day)
    _settles(first)
    _to_the_day_before(first, day)
    _settles(first)
    _check(first, stopped_at)
    assert first.health() == 200
    assert json.loads(aro(first.environment, "audit:verify", "--json"))["ok"] is True


def test_two_hosts_that_start_at_once_on_an_empty_database_do_not_both_win(
    stores: dict[str, str], tmp_path: Path
) -> None:
    """Each has keys of its own: one makes the database, the other is refused, and no migration runs twice."""
    both = [Host(tmp_path / name, stores) for name in ("one", "other")]
    for host in both:
        host.makes_its_keys()
    began = [host.prepares() for host in both]
    said = [process.communicate(timeout=240)[0] for process in began]
    assert sorted(process.returncode for process in began) == [0, 1], said
    loser = next(text for process, text in zip(began, said, strict=True) if process.returncode)
    assert "The HMAC key of this host is not the one this database was made with" in loser
    assert "Traceback" not in loser


def _with_keys_of_its_own_it_is_refused(second: Host) -> None:
    second.begins()
    assert second.ends() == 1
    assert "Copy keys/hmac_key from the ARO_HOME of a host that already works on this database" in second.said()
    assert "Traceback" not in second.said()
    assert second.processes() == []


def _takes_no_deposits(first: Host) -> None:
    """The risk is a rank: which bookings would be asked for one depends on their order."""
    window = Window(first.environment)
    window.ask("deposits_of", "0")
    window.close()


def _phone(number: int) -> str:
    return f"+1212555{2000 + number:04d}"


def _burst(first: Host, second: Host, day: datetime) -> dict[str, int]:
    """All book at once, half of them at each host; some say stop; the second host dies. Returns, for each phone that
    said stop, how many texts it had got when ARO had taken the stop."""
    stopped: dict[str, int] = {}
    with ThreadPoolExecutor(16) as crowd:
        booked = [crowd.submit(_book, first, second, number, day) for number in range(BOOKINGS)]
        for one in booked[:STOPS]:
            one.result(120)
        stopping = [crowd.submit(_stop, first, _phone(number), stopped) for number in range(STOPS)]
        for one in booked[: BOOKINGS // 2]:
            one.result(120)
        second.dies()
        for one in [*booked, *stopping]:
            one.result(240)
    return stopped


def _book(first: Host, second: Host, number: int, day: datetime) -> None:
    """Even ones by the sandbox, which calls the first host; odd ones by a system that asks the second, and the first
    when that does not answer, as a load balancer has it."""
    starts_at = (day + timedelta(minutes=number)).isoformat()
    if number % 2 == 0:
        visit = {"provider": "calendly", "name": f"Pat {_word(number)}", "phone": _phone(number), "service": "Check-up"}
        answer = requests.post(f"{first.sandbox}/book", json={**visit, "starts_at": starts_at}, timeout=60)
        assert answer.status_code == 201, answer.text
        return
    customer = {"name": f"Pat {_word(number)}", "phone": _phone(number), "timezone": "America/New_York"}
    data = {"id": f"visit-{number}", "starts_at": starts_at, "service": "Check-up", "customer": customer}
    body = json.dumps({"type": "appointment.booked", "data": data}).encode()
    wait(
        lambda: any(_delivered(host, body, _now(first)) for host in (second, first)),
        120,
        lambda: f"nobody took booking {number}",
    )


def _now(first: Host) -> datetime:
    return datetime.fromisoformat(requests.get(f"{first.sandbox}/clock", timeout=30).json()["now"])


def _delivered(host: Host, body: bytes, now: datetime) -> bool:
    signed = signers.standard_webhooks(body, secret=SECRET, at=now.timestamp())
    headers = {**signed, "Content-Type": "application/json"}
    try:
        return requests.post(f"{host.web}/webhooks/custom", data=body, headers=headers, timeout=30).status_code == 200
    except requests.RequestException:
        return False


def _word(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).capitalize()


def _stop(first: Host, phone: str, stopped: dict[str, int]) -> None:
    answer = requests.post(f"{first.sandbox}/reply", json={"from": phone, "body": "STOP"}, timeout=60)
    assert answer.ok, answer.text
    stopped[phone] = len(_texts(first, phone))


def _texts(first: Host, phone: str = "") -> list[dict[str, Any]]:
    query = {"to": phone} if phone else {}
    found = requests.get(f"{first.sandbox}/messages", params=query, timeout=60).json()["messages"]
    return [one for one in found if one["to"].startswith("+1212555")]


def _a_week_ahead(first: Host) -> datetime:
    now = _now(first)
    morning = now.replace(hour=15, minute=0, second=0, microsecond=0)  # ten or eleven o'clock in New York
    if now > morning:
        morning += timedelta(days=1)
    _clock(first, morning)
    return morning + timedelta(days=7)


def _to_the_day_before(first: Host, day: datetime) -> None:
    """Past the reminder of two days before, and not yet at the next."""
    _clock(first, day - timedelta(hours=44))


def _clock(first: Host, moment: datetime) -> None:
    answer = requests.post(f"{first.sandbox}/clock", json={"to": moment.isoformat()}, timeout=30)
    assert answer.ok, answer.text


def _settles(first: Host) -> None:
    """Until nothing is due, looked at twice."""
    for _ in range(2):
        time.sleep(1)
        wait(lambda: not _due(first), 180, lambda: f"still due: {_due(first)}")


def _due(first: Host) -> dict[str, float]:
    page = requests.get(f"{first.web}/metrics", timeout=30).text
    lengths = re.findall(r'^aro_queue_length\{queue="(\w+)"\} ([\d.]+)$', page, re.MULTILINE)
    assert lengths
    return {name: float(length) for name, length in lengths if float(length)}


def _check(first: Host, stopped: dict[str, int]) -> None:
    visits = json.loads(aro(first.environment, "appointments:list", "--json", "--limit", "1000"))
    ours = [one for one in visits if one["source"] in ("calendly", "custom")]
    assert len(ours) == BOOKINGS
    texts: dict[str, list[str]] = defaultdict(list)
    for one in _texts(first):
        texts[one["to"]].append(one["body"])
    assert len(stopped) == STOPS
    for number in range(BOOKINGS):
        got, phone = texts[_phone(number)], _phone(number)
        assert len(set(got)) == len(got), f"{number} got a text twice"
        if phone not in stopped:
            assert len(got) == 2, (number, got)  # a confirmation and a reminder
        else:
            late = got[stopped[phone] :]
            assert len(late) <= 1, (number, late)
            assert all("no more" in body.lower() or "unsubscribed" in body.lower() for body in late), late
