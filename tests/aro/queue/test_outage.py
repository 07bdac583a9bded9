"""The probes while the database is away: no test transaction, since there is nothing to begin one on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker


@pytest.fixture
def no_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Every new connection fails, as when the server is away or the file cannot be opened."""
    kept = dict(connection.settings_dict)
    connection.settings_dict |= {"NAME": "/nonexistent/aro", "HOST": "/nonexistent"}
    with django_db_blocker.unblock():
        connection.close()
        yield
        connection.close()
    connection.settings_dict |= kept


def test_the_process_probe_needs_no_database(client: Client, no_database: None) -> None:
    assert client.get("/health").status_code == 200


def test_readiness_and_the_database_probe_say_what_to_check(client: Client, no_database: None) -> None:
    response = client.get("/ready")
    assert response.status_code == 503
    assert "DATABASE_URL" in response.json()["reasons"][0]
    assert client.get("/health/database").status_code == 503


def test_the_whole_answer_still_comes(client: Client, no_database: None) -> None:
    response = client.get("/api/v1/health")
    body = response.json()
    assert (response.status_code, body["status"], body["services"]["database"]) == (503, "unhealthy", "down")
    assert body["services"]["worker"] == "degraded"
    assert body["metrics"]["dead_letters"] is None


def test_metrics_say_which_sources_could_not_be_read(client: Client, no_database: None) -> None:
    text = client.get("/metrics").content.decode()
    assert 'aro_metrics_source_up{source="aro.queue.queue_metrics.about_queues"} 0.0' in text
    assert "aro_build_info" in text
