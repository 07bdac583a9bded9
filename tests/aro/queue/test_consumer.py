"""The part of a worker that hears hints never gives up. On real refusals: tests/flows/test_refusing_broker.py."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from billiard.common import restart_state  # type: ignore[import-untyped]
from celery.bootsteps import CLOSE

from aro.ops.unused_ports import unused_port
from aro.queue import absence, consumer
from aro.queue.consumer import Consumer
from config.celery import app

# Celery's own ends after so many.
CELERYS_LIMIT = 100


class Counting(Consumer):
    """Asked to end after more tries than Celery would make."""

    tries = 0

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        super().on_connection_error_before_connected(exc)
        self.tries += 1
        if self.tries > 2 * CELERYS_LIMIT:
            self.blueprint.state = CLOSE


def test_a_broker_that_is_away_for_long_is_tried_for_ever_and_told_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert consumer.KNOCK_EVERY_SECONDS <= 1  # so soon is it back, however long the broker was away
    monkeypatch.setattr(consumer, "KNOCK_EVERY_SECONDS", 0)
    monkeypatch.setitem(app.conf, "broker_url", f"redis://127.0.0.1:{unused_port()}/0")
    controller = SimpleNamespace(use_eventloop=False, semaphore=None)
    worker = Counting(lambda request: None, app=app, controller=controller)
    worker._restart_state = restart_state(maxR=1000, maxT=1)  # at the pace of this test it would brake
    worker.start()
    assert worker.tries > 2 * CELERYS_LIMIT
    assert [message for message in caplog.messages if absence.AWAY in message] == caplog.messages
    assert len(caplog.messages) == 1
