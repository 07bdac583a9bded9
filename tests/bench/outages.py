"""Whole outages in full size: `make outages`, or `python -m aro.ops.trial python -m tests.bench.outages NAME ...`.

`lost_answers`: the carrier takes reminders and one answer in twenty never comes. `no_broker`: bookings arrive while the
broker is gone. `carrier_down`: the carrier fails for half an hour. `one_minute`: all reminders are due at one instant.
Prints a line of JSON; judges nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import django
import psutil
import requests

from aro.ops import settings_module

settings_module.choose()
django.setup()

from django.conf import settings  # noqa: E402

from appointments.models import Escalation, Message  # noqa: E402
from integrations.proving import machine  # noqa: E402
from integrations.proving.rows import due_now, patiently  # noqa: E402
from integrations.proving.sandbox import Sandbox  # noqa: E402
from tests.bench import load  # noqa: E402

Figures = dict[str, Any]
AHEAD = timedelta(days=5)
REMINDER = timedelta(hours=48)
OUTAGE = timedelta(minutes=30)
# A carrier that answers 500 may have taken the text: that is looked up.
MAY_STILL_GO = ("planned", "held", "sending", "unknown")
# Two look-ups of an unknown outcome, and what they may lead to, by ARO's clock.
LOOKUPS = timedelta(minutes=3)
SENDERS = 4
PATIENCE_SECONDS = 3600.0


def lost_answers(sandbox: Sandbox, people: int) -> Figures:
    """One answer in twenty is lost after the carrier took the reminder."""
    visit_at = book(sandbox, people)
    sandbox.disturb(provider="twilio", kind="timeout_after_accept", rate=0.05, seconds=0.3)
    sandbox.to(visit_at - REMINDER)
    # Five lost answers within five minutes pause the carrier for a minute of ARO's clock: that minute is spared.
    while out("reminder", since=visit_at - REMINDER) < people:
        sandbox.to(sandbox.now() + timedelta(seconds=61))
        time.sleep(2)
    for _ in range(3):
        sandbox.to(sandbox.now() + LOOKUPS)
        until(quiet)
    sandbox.calm()
    return {"reminders": people, **ledger(sandbox), "cases": cases()}


def no_broker(sandbox: Sandbox, people: int, *, seconds: float = 300.0) -> Figures:
    """The broker is killed whenever it comes back; meanwhile bookings arrive evenly."""
    now, over = sandbox.now(), threading.Event()
    absent = threading.Thread(target=_keep_away, args=(over,))
    absent.start()
    time.sleep(2)
    taken = deliver(now, people, starts_at=now + AHEAD, pause=seconds / people)
    over.set()
    absent.join()
    until(machine.all_up)
    began = time.monotonic()
    until(quiet)
    slowest = {"p99_ms": taken[int(len(taken) * 0.99)], "slowest_ms": taken[-1]}
    return {"webhooks": people, **slowest, "done_after_s": round(time.monotonic() - began, 1), **ledger(sandbox)}


def carrier_down(sandbox: Sandbox, people: int) -> Figures:
    """The carrier fails for half an hour while people book; `people` texts wait for its return. One in ten more has a
    visit within that half hour: a text would come too late."""
    now = sandbox.morning()
    usual = deliver(now, people, starts_at=now + AHEAD)
    until(lambda: out("confirmation", since=now) >= people and quiet())
    sandbox.disturb(provider="twilio", kind="http_500", rate=1)
    during = deliver(sandbox.now(), people, starts_at=now + AHEAD, first=people)
    deliver(sandbox.now(), people // 10, starts_at=sandbox.now() + OUTAGE / 2, first=2 * people)
    until(lambda: waiting() >= people + people // 10)
    for _ in range(6):
        sandbox.to(sandbox.now() + OUTAGE / 6)
        time.sleep(2)
    notices = cases()
    sandbox.calm()
    back_at, began = sandbox.now(), time.monotonic()
    until(lambda: out("confirmation", since=now) >= 2 * people and not waiting())
    return {
        "texts_that_waited": people,
        "webhook_p99_ms_before": usual[int(len(usual) * 0.99)],
        "webhook_p99_ms_during": during[int(len(during) * 0.99)],
        "cases": notices,
        "all_out_after_s": round(time.monotonic() - began, 1),
        "by_aros_clock_s": round((sandbox.now() - back_at).total_seconds(), 1),
        "not_sent": reasons(),
        **ledger(sandbox),
    }


def one_minute(sandbox: Sandbox, people: int) -> Figures:
    """All reminders at one instant, a carrier that takes 100 ms for each. How fast they are handed over, how long after
    the last one its reports were applied, and what the worker's memory did meanwhile."""
    visit_at = book(sandbox, people)
    sandbox.disturb(provider="twilio", kind="slow", rate=1, seconds=0.1)
    sandbox.to(visit_at - REMINDER - timedelta(seconds=5))
    memory, handed_over = [(0, megabytes())], 0
    sandbox.to(visit_at - REMINDER)
    began = time.monotonic()
    while handed_over < people:
        time.sleep(1)
        handed_over = out("reminder", since=visit_at - REMINDER)
        memory.append((handed_over, megabytes()))
    took = time.monotonic() - began
    until(quiet)
    answered = time.monotonic() - began - took
    sandbox.calm()
    return {
        "reminders": people,
        "seconds": round(took, 1),
        "per_s": round(people / took, 1),
        "reports_answered_after_s": round(answered, 1),
        "worker_mb_before": memory[0][1],
        "worker_mb_after_1000": next(mb for count, mb in memory if count >= min(people, 1000)),
        "worker_mb_at_the_end": megabytes(),
        **ledger(sandbox),
    }


SCENARIOS: dict[str, Callable[[Sandbox, int], Figures]] = {
    "lost_answers": lost_answers,
    "no_broker": no_broker,
    "carrier_down": carrier_down,
    "one_minute": one_minute,
}


def book(sandbox: Sandbox, people: int) -> datetime:
    """Books visits that all begin at the same moment, and waits for the confirmations. Returns that moment."""
    morning = sandbox.morning()
    deliver(morning, people, starts_at=morning + AHEAD)
    until(lambda: out("confirmation", since=morning) >= people and quiet())
    return morning + AHEAD


def deliver(now: datetime, people: int, *, starts_at: datetime, pause: float = 0.0, first: int = 0) -> list[float]:
    """Posts signed bookings, so many seconds apart, for the people from number `first`. Returns the milliseconds each
    took, the fastest first."""
    taken: list[float] = []
    numbers = iter(range(first, first + people))
    lock = threading.Lock()
    began = time.monotonic()

    def send() -> None:
        session = requests.Session()
        while True:
            with lock:
                n = next(numbers, None)
            if n is None:
                return
            time.sleep(max(0.0, began + (n - first) * pause - time.monotonic()))
            sent_at = now + timedelta(seconds=time.monotonic() - began)
            taken.append(_post(session, *load.signed_booking(n, now=sent_at, starts_at=starts_at)))

    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return sorted(taken)


def _post(session: requests.Session, body: bytes, headers: dict[str, str]) -> float:
    url = f"http://127.0.0.1:{settings.PORT}/webhooks/calendly"
    began = time.monotonic()
    answer = session.post(url, data=body, headers=headers | {"Content-Type": "application/json"}, timeout=30)
    answer.raise_for_status()
    return round((time.monotonic() - began) * 1000, 1)


def _keep_away(over: threading.Event) -> None:
    while not over.wait(0.1):
        machine.kill("broker")


def until(holds: Callable[[], bool]) -> None:
    """Waits until it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit("It did not come to an end within an hour.")
        time.sleep(0.5)


def quiet() -> bool:
    """Whether nothing that carries bookings and texts is due."""
    return not due_now().fences


def out(kind: str, *, since: datetime) -> int:
    """How many texts of the kind the carrier has got since then, by ARO's own rows: the ledger is long, and asking
    costs as well."""
    planned = Message.objects.filter(kind__startswith=kind, direction="out", created_at__gte=since)
    return int(patiently(planned.exclude(provider_id="").count))


def waiting() -> int:
    """How many confirmations the carrier has not got yet and may still get."""
    may_still = Message.objects.filter(kind="confirmation", status__in=MAY_STILL_GO)
    return int(patiently(may_still.count))


def ledger(sandbox: Sandbox) -> Figures:
    """What the carrier took, and how much of it twice."""
    taken = Counter((m["to"], m["body"]) for m in sandbox.messages())
    return {"texts": taken.total(), "twice": sum(count - 1 for count in taken.values())}


def cases() -> dict[str, int]:
    """Cases for a person, by reason."""
    return dict(Counter(patiently(lambda: list(Escalation.objects.values_list("reason", flat=True)))))


def reasons() -> dict[str, int]:
    """Texts that were not sent, by the reason on record."""
    blocked = Message.objects.filter(direction="out", status="blocked")
    return dict(Counter(patiently(lambda: list(blocked.values_list("reason", flat=True)))))


def megabytes() -> float:
    """Memory of the workers together, shared pages counted once."""
    pids = [pid for name, pid in machine.running().items() if name.startswith("worker")]
    family = [one for pid in pids for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))]
    return round(sum(one.memory_full_info().pss for one in family) / 1e6, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(SCENARIOS))
    parser.add_argument("--people", type=int, default=1000)
    chosen = parser.parse_args()
    figures = SCENARIOS[chosen.name](Sandbox(settings.SANDBOX_PORT), chosen.people)
    sys.stdout.write(json.dumps({"scenario": chosen.name, **figures}) + "\n")


if __name__ == "__main__":
    main()
