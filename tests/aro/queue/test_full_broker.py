"""A Redis that answers and takes nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from pytest_django import Settings

from aro.ops.unused_ports import unused_port
from aro.watch import health
from aro.watch.health import Status
from tests.own_redis import USER, USERS_PASSWORD, own_redis


@pytest.fixture
def client(tmp_path: Path, settings: Settings) -> Iterator[redis.Redis]:
    port = unused_port()
    password = USERS_PASSWORD.replace(" ", "%20").replace("&", "%26")
    with own_redis(tmp_path, port=port):
        settings.CELERY_BROKER_URL = f"redis://{USER}:{password}@127.0.0.1:{port}/0"
        with redis.Redis(port=port, username=USER, password=USERS_PASSWORD) as client:
            yield client


def test_the_broker_itself_says_that_it_is_full(client: redis.Redis) -> None:
    assert health.broker().status == Status.UP
    client.config_set("maxmemory", "1")
    found = health.broker()
    assert found.status == Status.DEGRADED
    assert "maxmemory" in found.detail
    client.config_set("maxmemory", "0")
    assert health.broker().status == Status.UP


def test_looking_leaves_nothing_behind(client: redis.Redis) -> None:
    health.broker()
    assert client.dbsize() == 0


def test_a_login_of_few_rights_is_no_fault(client: redis.Redis) -> None:
    client.acl_setuser(USER, enabled=True, commands=["-setrange"])
    assert health.broker().status == Status.UP


def test_a_replica_takes_nothing_and_says_what_to_do(client: redis.Redis) -> None:
    client.execute_command("REPLICAOF", "127.0.0.1", "1")  # type: ignore[no-untyped-call]
    found = health.broker()
    assert found.status == Status.DEGRADED
    assert "REDIS_URL" in found.detail
