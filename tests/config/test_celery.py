"""What a worker tells of its configuration, and to whom: everybody who may look at Flower."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from celery.worker.control import Panel
from django.conf import settings

from config.celery import app


def test_celery_has_its_settings() -> None:
    ours = [name for name in dir(settings) if name.startswith("CELERY_")]
    assert ours
    for name in ours:
        assert app.conf[name.removeprefix("CELERY_").lower()] == getattr(settings, name), name


@pytest.mark.parametrize("asked", ["conf", "report"])
def test_a_worker_tells_nothing_of_the_other_settings(asked: str) -> None:
    told = str(Panel.data[asked](SimpleNamespace(app=app)))
    assert "worker_consumer" in told
    for name in ("EMAIL", "DATABASES", "SENTRY_DSN", "ENCRYPTION", "SECRET", "INSTALLED_APPS"):
        assert name not in told, name
