"""A web process that has not proved its keys yet, or cannot: probes say so, nothing else is answered."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from aro.models import KeyProof
from aro.ops import key_proofs
from aro.watch import health

pytestmark = pytest.mark.django_db
CHECK = "`aro keys:check` says what to copy from where."


@pytest.fixture
def not_looked_at(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It started while its database was away; the proofs there are another host's."""
    KeyProof.objects.all().delete()
    settings.HMAC_KEY = "the clinic's own"
    key_proofs.check()
    monkeypatch.setattr(key_proofs, "_verified", False)


@pytest.fixture
def foreign(not_looked_at: None, settings: Settings) -> None:
    settings.HMAC_KEY = "another host's"


@pytest.mark.parametrize("path", ["/webhooks/twilio/sms", "/webhooks/calendly", "/admin/", "/admin/login/", "/"])
def test_with_foreign_keys_nothing_is_answered(foreign: None, client: Client, path: str) -> None:
    answer = client.post(path) if path.startswith("/webhooks") else client.get(path)
    assert answer.status_code == 503
    assert "hmac_key" not in answer.content.decode(), "where keys are is nobody's business outside"


def test_with_foreign_keys_it_is_neither_ready_nor_healthy_and_says_so(foreign: None, client: Client) -> None:
    for name in ("worker", "beat"):
        health.beat(name, every=0)
    ready = client.get("/ready")
    assert (ready.status_code, CHECK in ready.json()["reasons"][0]) == (503, True)
    told = client.get("/api/v1/health")
    assert (told.status_code, told.json()["status"], told.json()["services"]["database"]) == (503, "unhealthy", "down")
    assert CHECK in told.json()["details"]["database"]
    assert client.get("/health").status_code == 200, "the process itself is alive"


def test_with_its_own_keys_it_goes_on_once_the_database_is_there(not_looked_at: None, client: Client) -> None:
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/ready").status_code == 200
