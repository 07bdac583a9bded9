"""Celery carries hints and beats; what must happen is in rows (docs/adr/0001)."""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready
from django.conf import settings

from aro import garbage
from aro.ops import settings_module
from aro.queue.sqlite import turns
from config import keys, tracing


class CelerySettings:
    """Celery's own part of the settings, under its names. A worker tells its configuration to whoever asks, Flower at
    every start: all settings would be read then, the password in `EMAIL_URL` among them."""

    def __dir__(self) -> list[str]:
        return [name.removeprefix(_PREFIX).lower() for name in dir(settings) if name.startswith(_PREFIX)]

    def __getattr__(self, name: str) -> Any:
        return getattr(settings, _PREFIX + name.upper())


_PREFIX = "CELERY_"
settings_module.choose()
app = Celery("aro")
app.config_from_object(CelerySettings())
app.autodiscover_tasks(["aro.queue"])


def _work_behind(**_: Any) -> None:
    turns.be_polite()


def _own_keys_or_end(**_: Any) -> None:
    keys.own_or_end()


def _settle(**_: Any) -> None:
    garbage.settle()


def _trace(**_: Any) -> None:
    tracing.start("worker")


worker_init.connect(_own_keys_or_end, weak=False)
worker_init.connect(_trace, weak=False)
worker_init.connect(_work_behind, weak=False)
worker_ready.connect(_settle, weak=False)
beat_init.connect(_own_keys_or_end, weak=False)
