"""ARO beside the plain application in one run: what a booking costs and how soon it is taken.

`python -m tests.bench plain --bookings 60 --only sqlite` measures this alone. From the signed booking to the delivered
text with all its reports; the played carrier is not counted, and what a PostgreSQL server uses stands by itself.
"""

from __future__ import annotations

import http.client
import os
import tempfile
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import psutil

from tests.bench import load, outside, probe, sets
from tests.bench.sets import Running, Server

SENDERS = 8
WEBHOOK = "/webhooks/calendly"
WARM_UP = 20
PATIENCE_SECONDS = 900.0
# After the last report the carrier has nothing more to say, and the set still writes.
SETTLING_SECONDS = 1.5
NOT_COUNTED = ("sandbox", "database")


def compare(kind: str, *, bookings: int, idle_seconds: float = 15.0) -> dict[str, Any]:
    """The figures of both sets on a database of that kind, and how they compare."""
    with sets.server(kind) as server:
        measured: dict[str, Any] = {"probe": _probe(kind, server), "bookings": bookings, "load": os.getloadavg()[0]}
        for name, a_set in (("aro", sets.aro), ("plain", sets.plain)):
            with a_set(server.address(name)) as running:
                running.pids.update(server.pids)
                measured[name] = _measure(running, bookings=bookings, idle_seconds=idle_seconds)
                measured[name]["steady"] = _steady(running, WEBHOOK if name == "aro" else "/nothing")
    aro, plain = measured["aro"], measured["plain"]
    for key in ("own_ms", "accept_p50_ms", "accept_p99_ms", "bookings_per_s"):
        measured[f"ratio_{key}"] = round(aro[key] / plain[key], 2)
    return measured


def _steady(running: Running, path: str) -> dict[str, Any]:
    """100 deliveries a second for ten seconds; beside them an address of the plain application that does nothing."""
    now = running.sandbox.now()
    return outside.webhooks_over_http(running.port, now=now, per_second=100, seconds=10, clients=16, path=path)


def _probe(kind: str, server: Server) -> dict[str, int]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as directory:
            return {"commits_1": round(probe.sqlite(Path(directory) / "probe.db"))}
    return {"commits_1": round(probe.postgresql(server.address("probe"), clients=1))}


def _measure(running: Running, *, bookings: int, idle_seconds: float) -> dict[str, Any]:
    _book(running, range(WARM_UP))
    _delivered(running, WARM_UP)
    time.sleep(SETTLING_SECONDS + 2)
    idle = _share_of_a_core(running, idle_seconds)
    before, began = used(running.pids), time.monotonic()
    late = _book(running, range(WARM_UP, WARM_UP + bookings))
    _delivered(running, WARM_UP + bookings)
    took = time.monotonic() - began
    time.sleep(SETTLING_SECONDS)
    after = used(running.pids)
    spent = {name: round((after[name] - before[name]) * 1000 / bookings, 2) for name in before}
    return {
        "ms_per_booking": spent,
        "own_ms": round(sum(ms for name, ms in spent.items() if name not in NOT_COUNTED), 2),
        "bookings_per_s": round(bookings / took, 1),
        "accept_p50_ms": round(late[len(late) // 2], 1),
        "accept_p99_ms": round(late[int(len(late) * 0.99)], 1),
        "idle_percent_of_a_core": idle,
    }


def _share_of_a_core(running: Running, seconds: float) -> dict[str, float]:
    before = used(running.pids)
    time.sleep(seconds)
    after = used(running.pids)
    share = {name: round((after[name] - before[name]) * 100 / seconds, 1) for name in before}
    return {"all": round(sum(part for name, part in share.items() if name not in NOT_COUNTED), 1), **share}


def used(pids: dict[str, int]) -> dict[str, float]:
    """Seconds of processor that each of these processes and their descendants have used."""
    return {name: sum(map(_seconds, _family(name, pid))) for name, pid in pids.items()}


def _family(name: str, pid: int) -> list[psutil.Process]:
    """The supervisor's descendants are counted by their own names."""
    one = psutil.Process(pid)
    return [one] if name == "supervisor" else [one, *one.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def _book(running: Running, people: range) -> list[float]:
    """Posts a booking for each of them as fast as the senders can. Milliseconds until each was taken, sorted."""
    now, taken = running.sandbox.now(), list[float]()
    jobs: Queue[tuple[bytes, dict[str, str]]] = Queue()
    for n in people:
        jobs.put(load.signed_booking(n, now=now, starts_at=now + timedelta(days=30)))
    senders = [threading.Thread(target=_send, args=(running.port, jobs, taken)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    if len(taken) != len(people):
        raise SystemExit(f"{len(people) - len(taken)} bookings were not taken")
    return sorted(taken)


def _send(port: int, jobs: Queue[tuple[bytes, dict[str, str]]], taken: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with suppress(Empty):
        while True:
            body, headers = jobs.get_nowait()
            began = time.perf_counter()
            connection.request("POST", WEBHOOK, body, {**headers, "Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            if answer.status == http.HTTPStatus.OK:
                taken.append((time.perf_counter() - began) * 1000)
    connection.close()


def _delivered(running: Running, people: int) -> None:
    """Waits until the carrier has delivered as many texts."""
    until = time.monotonic() + PATIENCE_SECONDS
    while sum(message["status"] == "delivered" for message in running.sandbox.messages()) < people:
        if time.monotonic() > until:
            raise SystemExit(f"not all of {people} texts were delivered")
        time.sleep(0.2)
