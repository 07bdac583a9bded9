"""What is measured against the database of a running installation: `python -m tests.bench.inside`. Prints JSON."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import RequestFactory  # noqa: E402

from aro import clock  # noqa: E402
from aro.ids import new_id  # noqa: E402
from aro.models import Due  # noqa: E402
from aro.ops.supervise import instance  # noqa: E402
from aro.queue import due, lanes  # noqa: E402
from aro.queue.lanes import Lane  # noqa: E402
from aro.queue.pacemaker import Pacemaker  # noqa: E402
from tests.bench import load, probe, stories  # noqa: E402
from workflows.engine.definition import Definition  # noqa: E402

POSTGRESQL = connection.vendor == "postgresql"
FAR = timedelta(days=365)


def probes() -> dict[str, float]:
    """Commit rates; SQLite has one writer, so its rate stands for any number of clients."""
    if not POSTGRESQL:
        rate = probe.sqlite(Path(settings.ARO_HOME) / "data" / "probe.db")
        return {"commits_1": rate, "commits_4": rate}
    from aro import paths  # noqa: PLC0415

    url = paths.database_url()
    return {"commits_1": probe.postgresql(url, clients=1), "commits_4": probe.postgresql(url, clients=4)}


def throughput(mode: str, *, workflows: int, processes: int, definition: Definition = stories.WOKEN) -> dict[str, Any]:
    """Two-step workflows per second over `processes` worker processes."""
    rates = probes()
    stories.start(workflows, at=clock.now(), definition=definition)
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.worker", mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    time.sleep(4)
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    reports = [json.loads(worker.communicate(timeout=600)[0]) for worker in workers]
    seconds = max(r["ended"] for r in reports) - min(r["began"] for r in reports)
    rate = workflows / seconds
    return {
        "workflows_per_s": round(rate),
        "steps_per_s": round(2 * rate),
        "processes": processes,
        **{key: round(value) for key, value in rates.items()},
        "of_commit_rate": round(rate / rates["commits_4"], 3),
        "steps_of_commit_rate_1": round(2 * rate / rates["commits_1"], 3),
    }


def claim_cost() -> dict[str, float]:
    """Milliseconds to claim one due row among 10,000 and among 1,000,000 that sleep."""
    later = clock.now() + FAR
    cost: dict[str, float] = {}
    for size in (10_000, 1_000_000):
        have = Due.objects.filter(lane="bench-sleep").count()
        stories.sleepers(size - have, lane="bench-sleep", at=later)
        if POSTGRESQL:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE aro_due")
        cost[f"at_{size}"] = round(_one_claim() * 1000, 3)
    cost["ratio"] = round(cost["at_1000000"] / cost["at_10000"], 2)
    return cost


def _one_claim() -> float:
    times = []
    for _ in range(300):
        due.put("bench-sleep", new_id(), clock.now() - timedelta(seconds=1))
        began = time.perf_counter()
        (claim,) = due.claim("bench-sleep", now=clock.now(), limit=1)
        times.append(time.perf_counter() - began)
        due.finish(claim)
    return statistics.median(times)


def timer_lateness() -> dict[str, float]:
    """Milliseconds from a timer's moment to its claim, 1,000,000 others asleep: isolated, and 5,000 at one instant."""
    late: list[float] = []

    def handle(claims: Any, now: Any) -> None:
        claimed = clock.now()
        late.extend((claimed - claim.due_at).total_seconds() * 1000 for claim in claims)
        due.finish_many(claims)

    lanes.register(Lane(name="bench-sleep", handle=handle, batch=500))
    worker = Pacemaker()
    worker.serve(["bench-sleep"])
    start = clock.now() + timedelta(seconds=1)
    due.put_many("bench-sleep", [(new_id(), start + timedelta(milliseconds=37 * n)) for n in range(200)])
    _wait(lambda: len(late) >= 200)
    alone = sorted(late)
    late.clear()
    instant = clock.now() + timedelta(seconds=3)
    due.put_many("bench-sleep", [(new_id(), instant) for _ in range(5000)])
    _wait(lambda: len(late) >= 5000)
    worker.end()
    together = sorted(late)
    return {
        "isolated_p50_ms": round(alone[100], 1),
        "isolated_p99_ms": round(alone[197], 1),
        "at_once_5000_p99_ms": round(together[4949], 1),
    }


def _wait(over: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not over() and time.monotonic() < until:
        time.sleep(0.05)


@contextmanager
def alone() -> Iterator[None]:
    """The installation's own worker, at rest, is halted meanwhile: it would take a share of two cores. The supervisor
    first, which would start it anew."""
    settle()
    state = instance.state()
    pids = [int(state["supervisor"]), *(int(state["children"][name]["pid"]) for name in ("worker", "beat"))]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(pids):
            os.kill(pid, signal.SIGCONT)


def settle(seconds: float = 300) -> None:
    """Waits until the installation's own worker has nothing left to do, so that it disturbs no measurement."""
    until = time.monotonic() + seconds
    while Due.objects.exclude(lane__startswith="bench").filter(due_at__lte=clock.now()).exists():
        if time.monotonic() > until:
            raise SystemExit("the worker did not come to rest")
        time.sleep(0.2)


def sleeping_size() -> dict[str, float]:
    """Megabytes that 1,000,000 sleeping workflows take, from 50,000 real ones (PostgreSQL)."""
    if not POSTGRESQL:
        return {}
    before = _table_bytes()
    stories.start(50_000, at=clock.now() + FAR)
    return {"mb_per_million": round((_table_bytes() - before) * 20 / 1e6)}


def _table_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM aro_due, workflows_workflowinstance")
        cursor.execute("SELECT pg_table_size('aro_due') + pg_table_size('workflows_workflowinstance')")
        return int(cursor.fetchone()[0])


def webhook_in_process() -> dict[str, float]:
    """Webhooks accepted durably per second, receipt committed before the 200, without HTTP."""
    from integrations.inbound import views  # noqa: PLC0415

    accept = views.provider("calendly")
    rates, requests = probes(), RequestFactory()
    deliveries = [load.signed_booking(n, now=clock.now()) for n in range(600)]
    calls = [
        requests.post("/webhooks/calendly", body, content_type="application/json", headers=headers)
        for body, headers in deliveries
    ]
    began = time.perf_counter()
    assert all(accept(call).status_code == 200 for call in calls)
    rate = len(deliveries) / (time.perf_counter() - began)
    return {
        "per_s": round(rate),
        "commits_1": round(rates["commits_1"]),
        "of_commit_rate_1": round(rate / rates["commits_1"], 3),
    }


def main() -> None:
    stories.register()
    result: dict[str, Any] = {"vendor": connection.vendor, "probe": {k: round(v) for k, v in probes().items()}}
    processes = 2 if POSTGRESQL else 1
    with alone():
        result["strict"] = throughput("strict", workflows=2000, processes=processes)
        result["grouped"] = throughput("grouped", workflows=10_000, processes=processes)
        result["pure"] = throughput("grouped", workflows=10_000, processes=processes, definition=stories.PURE)
        result["shipped"] = throughput("shipped", workflows=10_000, processes=processes, definition=stories.PURE)
        result["webhook_in_process"] = webhook_in_process()
    settle()
    result["sleeping"] = sleeping_size()
    result["claim_ms"] = claim_cost()
    result["timers"] = timer_lateness()
    with transaction.atomic():
        Due.objects.filter(lane__startswith="bench").delete()
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
