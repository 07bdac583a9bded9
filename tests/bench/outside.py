"""What is measured over HTTP against a running installation."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from queue import Queue
from typing import Any

import requests

from integrations.proving.sandbox import Sandbox
from tests.bench import load

JSON = {"Content-Type": "application/json"}


def webhooks_over_http(
    port: int, *, now: datetime, per_second: int, seconds: int, clients: int, path: str = "/webhooks/calendly"
) -> dict[str, Any]:
    """Latency of accepting webhooks at a steady rate; a late sender's wait counts as latency."""
    deliveries = [load.signed_booking(n, now=now) for n in range(per_second * seconds)]
    jobs: Queue[tuple[float, bytes, dict[str, str]] | None] = Queue()
    latencies: list[float] = []
    errors: list[int] = []

    def send() -> None:
        session = requests.Session()
        while (job := jobs.get()) is not None:
            at, body, headers = job
            time.sleep(max(0.0, at - time.perf_counter()))
            status = session.post(
                f"http://127.0.0.1:{port}{path}", data=body, headers=headers | JSON, timeout=30
            ).status_code
            latencies.append((time.perf_counter() - at) * 1000)
            if status != 200:
                errors.append(status)

    start = time.perf_counter() + 0.5
    for n, (body, headers) in enumerate(deliveries):
        jobs.put((start + n / per_second, body, headers))
    threads = [threading.Thread(target=send) for _ in range(clients)]
    for _ in threads:
        jobs.put(None)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    latencies.sort()
    return {
        "per_s": per_second,
        "p50_ms": round(latencies[len(latencies) // 2], 1),
        "p99_ms": round(latencies[int(len(latencies) * 0.99)], 1),
        "errors": len(errors),
    }


def booking_to_text(sandbox: Sandbox, *, bookings: int) -> dict[str, float]:
    """Milliseconds from the provider's webhook to the first text accepted by the carrier, on an idle system."""
    taken = []
    at, exchange = sandbox.morning(), 620 + int(time.time()) % 80  # none begins with 0 or 1: no text would go there
    for n in range(bookings):
        phone = f"+1503{exchange}{n:04d}"
        began = time.perf_counter()
        sandbox.book(phone=phone, name="Pat Q", starts_at=at + timedelta(days=5))
        while not sandbox.texts_to(phone):
            time.sleep(0.005)
            if time.perf_counter() - began > 10:
                break
        taken.append((time.perf_counter() - began) * 1000)
        time.sleep(0.3)
    taken.sort()
    return {"p50_ms": round(taken[len(taken) // 2], 1), "p99_ms": round(taken[int(len(taken) * 0.99)], 1)}
