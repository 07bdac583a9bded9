"""A broker that answers and takes nothing, or that is away for long: nobody waits for a text, and no worker ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
import requests

from aro.ops.unused_ports import unused_port
from aro.queue import absence
from tests.flows.clinic import Clinic, eventually
from tests.flows.conftest import NewPatient
from tests.flows.installation import running
from tests.own_redis import USER, USERS_PASSWORD, own_redis

Act = Callable[[redis.Redis], object]


def fill(client: redis.Redis) -> None:
    client.config_set("maxmemory-policy", "noeviction")
    client.config_set("maxmemory", "1")


def follow(client: redis.Redis) -> None:
    """As after a failover."""
    client.execute_command("REPLICAOF", "127.0.0.1", "1")  # type: ignore[no-untyped-call]


def lead(client: redis.Redis) -> None:
    client.execute_command("REPLICAOF", "NO", "ONE")  # type: ignore[no-untyped-call]


def may(*commands: str) -> Act:
    return lambda client: client.acl_setuser(USER, enabled=True, commands=list(commands))


REFUSALS = {
    "full": (fill, lambda client: client.config_set("maxmemory", "0")),
    "a replica": (follow, lead),
    "of few rights": (may("-sadd", "-exec"), may("+sadd", "+exec")),
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = unused_port()
    with own_redis(tmp_path_factory.mktemp("redis"), port=port):
        yield port


@pytest.fixture(scope="module")
def installed(database_name: str, port: int) -> Iterator[Clinic]:
    with running(database_name, REDIS_URL=f"redis://{USER}:{quote(USERS_PASSWORD)}@127.0.0.1:{port}/0") as environment:
        clinic = Clinic(environment)
        try:
            yield clinic
        finally:
            clinic.close()


@pytest.fixture
def client(port: int) -> Iterator[redis.Redis]:
    with redis.Redis(port=port, username="default", password="p@ss:w/ör%d#1") as client:
        yield client


def restarts(clinic: Clinic) -> int:
    state = json.loads((Path(clinic.environment["ARO_HOME"]) / "run" / "children.json").read_text(encoding="utf-8"))
    return int(state["children"]["worker"]["restarts"])


def said(clinic: Clinic, words: str) -> int:
    log = Path(clinic.environment["ARO_HOME"]) / "logs" / "worker.log"
    return log.read_text(encoding="utf-8").count(words)


@pytest.mark.slow
@pytest.mark.parametrize("how", REFUSALS)
def test_nobody_waits_for_a_text_while_the_broker_refuses(
    clinic: Clinic, new_patient: NewPatient, client: redis.Redis, how: str
) -> None:
    refuse, relent = REFUSALS[how]
    away, back, restarted = said(clinic, absence.AWAY), said(clinic, absence.BACK), restarts(clinic)
    refuse(client)
    try:
        client.client_kill_filter(_type="normal", skipme=True)
        eventually(lambda: said(clinic, absence.AWAY) > away, "the worker has not met the broker's refusal")
        patient = new_patient()
        patient.books(clinic.day(4, at="14:00"))
        patient.is_told("is booked for")
        assert requests.get(f"{clinic.web}/ready", timeout=10).status_code == 200
        assert requests.get(f"{clinic.web}/api/v1/health", timeout=10).status_code == 200
    finally:
        relent(client)  # type: ignore[no-untyped-call]
    eventually(lambda: said(clinic, absence.BACK) > back, "the worker does not hear hints again")
    assert said(clinic, absence.AWAY) == away + 1
    assert restarts(clinic) == restarted
