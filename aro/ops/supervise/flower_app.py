"""What Flower runs on: `celery -A aro.ops.supervise.flower_app flower`.

Without Django, which saves 50 MB: all that Flower shows comes from the broker.

It differs from Flower as it comes in three things. The queues are known before a worker has been asked. The broker is
reached as the rest of ARO reaches it: Flower's own client knows no database or user on a unix socket and takes TLS from
elsewhere. And its metrics ask for the password like its pages.
"""

from __future__ import annotations

from typing import Any

from celery import Celery
from flower import views
from flower.utils.broker import RedisBase
from flower.views import monitor
from kombu.entity import Queue
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from tornado import web

from aro import paths
from aro.ops.supervise.programs import QUEUES
from aro.stores import broker_address

ADDRESS = broker_address.parse(paths.chosen_broker_url())


class Broker(RedisBase):  # type: ignore[misc]
    """Counts what waits in the queues."""

    def __init__(self, _url: str, **options: Any) -> None:
        super().__init__(_url, **options)
        patience: dict[str, Any] = {
            "socket_timeout": self.socket_timeout,
            "socket_connect_timeout": self.socket_connect_timeout,
        }
        self.redis = Redis(**ADDRESS.client_options(), **patience, retry=Retry(NoBackoff(), 0))


views.Broker = Broker
monitor.Metrics.get = web.authenticated(monitor.Metrics.get)
app = Celery("aro", broker=ADDRESS.celery_url)
app.conf.task_queues = [Queue(name) for name in QUEUES.split(",")]  # type: ignore[no-untyped-call]
app.conf.task_default_queue = "celery"
