"""Is ARO able to work? Answers from rows and cached results; a provider is never called to find out.

`aro` itself knows database, broker, worker, beat and executor. Apps above register the other services.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from redis.backoff import NoBackoff
from redis.retry import Retry

from aro import secrets
from aro.models import Heartbeat
from aro.secrets import NotPreparedError, SecretError
from aro.stores import broker_address, full_disk, read_only

BEAT_SECONDS = 5.0
# A worker busy with one batch may miss a few beats; a minute without any is no busy worker.
LATE_AFTER = timedelta(seconds=20)
DEAD_AFTER = timedelta(seconds=60)
BROKER_SECONDS = 0.5

_PROBE = "aro:probe"

logger = logging.getLogger(__name__)


class Status(StrEnum):
    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    OFF = "off"


@dataclass(frozen=True)
class CheckResult:
    """How a service is. `detail` says what is wrong and what to do, for people; never personal data or a secret.
    `word`: in place of the status's own word, for people, marked for translation."""

    status: Status
    detail: str = ""
    word: str = ""


Check = Callable[[], CheckResult]

UP = CheckResult(Status.UP)
# What Redis begins its refusals with.
_REFUSALS = {
    "OOM": CheckResult(
        Status.DEGRADED,
        gettext_noop("The broker (Redis) is full. Texts still go out. Raise its maxmemory, or free some."),
    ),
    "MISCONF": CheckResult(
        Status.DEGRADED,
        gettext_noop("The broker (Redis) cannot write to its disk. Texts still go out. Make room on it."),
    ),
    "READONLY": CheckResult(
        Status.DEGRADED,
        gettext_noop(
            "The broker (Redis) is a replica and takes nothing. Texts still go out. "
            "Let REDIS_URL name the one that leads, and restart ARO."
        ),
    ),
}
# What the library takes the first word from.
_KINDS: dict[type[redis.ResponseError], str] = {
    redis.exceptions.OutOfMemoryError: "OOM",
    redis.exceptions.ReadOnlyError: "READONLY",
}
UNKNOWN = CheckResult(Status.DEGRADED, gettext_noop("Unknown while the database is down."))
NOT_HEARD = CheckResult(Status.DEGRADED, gettext_noop("Unknown while the broker takes nothing: it reports by it."))
NOT_TAKEN = CheckResult(Status.DEGRADED, gettext_noop("Unknown while the worker does nothing: it hears of the beat."))
# Everything that `/api/v1/health` always names, in its order; off until somebody registers a check.
SERVICES = (
    "database",
    "broker",
    "worker",
    "beat",
    "executor",
    "openclaw",
    "booking_api",
    "messaging_api",
    "payment_api",
)
PROVIDERS = ("openclaw", "booking_api", "messaging_api", "payment_api")
# Without one of these bookings or texts stand still. A worker's lanes need no beat and no broker (docs/adr/0013).
VITAL = ("database", "worker")

_checks: dict[str, Check] = {}
_last_beat: dict[str, float] = {}


def register_check(name: str, function: Check) -> None:
    """`function` tells from rows or cached results, within milliseconds, how the service `name` is."""
    _checks[name] = function


def beat(name: str, *, every: float = BEAT_SECONDS) -> None:
    """Notes that `name` (worker, beat, executor) is at work. Writes at most once in `every` seconds per process."""
    monotonic = time.monotonic()
    if monotonic - _last_beat.get(name, -every) < every:
        return
    _last_beat[name] = monotonic
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=real_now())], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


def real_now() -> datetime:
    """Heartbeats are in real time: moving the sandbox's clock must not make a live worker look dead."""
    return datetime.fromtimestamp(time.time(), UTC)


def heartbeat_ages() -> dict[str, timedelta]:
    """How long ago each part was last at work. Raises `DatabaseError`."""
    now = real_now()
    return {name: max(now - at, timedelta(0)) for name, at in Heartbeat.objects.values_list("name", "at")}


def services() -> dict[str, CheckResult]:
    """How everything is: `SERVICES` first, then whatever else is registered. Never raises."""
    own = _own()
    results = {**dict.fromkeys(SERVICES, CheckResult(Status.OFF)), **own}
    if own["database"].status == Status.DOWN:
        return {**results, **dict.fromkeys(_checks, UNKNOWN)}
    return {**results, **{name: _asked(name, function) for name, function in _checks.items()}}


def overall(results: dict[str, CheckResult]) -> str:
    """healthy, degraded (something is impaired) or unhealthy (bookings or texts stand still)."""
    if any(results[name].status == Status.DOWN for name in VITAL):
        return "unhealthy"
    impaired = {Status.DOWN, Status.DEGRADED} & {result.status for result in results.values()}
    return "degraded" if impaired else "healthy"


def providers() -> dict[str, CheckResult]:
    """How the outside services are, from what the last real calls showed."""
    found = {name: _checks[name] for name in PROVIDERS if name in _checks}
    return {name: _asked(name, found[name]) if name in found else CheckResult(Status.OFF) for name in PROVIDERS}


def reasons_not_ready() -> list[str]:
    """Why this process cannot serve at the moment, in plain words; empty when it can.

    What it takes in is stored whether or not broker and workers are there. A balancer that heard of them would take
    every host out at once.
    """
    result = database()
    return [result.detail] if result.status == Status.DOWN else []


def database() -> CheckResult:
    """Whether the database answers, has all migrations and can be written."""
    try:
        missing = missing_migrations()
        if full_disk.has_no_room():
            return _no_room()
        if read_only.is_now():
            return CheckResult(Status.DOWN, read_only.DETAIL)
        return _lacks(missing) if missing else _keys()
    except DatabaseError as error:
        logger.warning("database check failed", extra={"error": type(error).__name__})
        if full_disk.is_full(error) or full_disk.has_no_room():
            return _no_room()
        return CheckResult(
            Status.DOWN, _("The database does not answer, or was never set up. Check DATABASE_URL, then run `aro up`.")
        )


def _no_room() -> CheckResult:
    return CheckResult(
        Status.DOWN, _("The disk is full: nothing can be stored. Make room on the disk of the database.")
    )


def _lacks(missing: list[tuple[str, str]]) -> CheckResult:
    return CheckResult(
        Status.DOWN, _("The database lacks {count} migrations. `aro up` applies them.").format(count=len(missing))
    )


def _keys() -> CheckResult:
    """Whether the database is this installation's own: with other keys its opt-outs would not be found."""
    try:
        secrets.prove()
    except (SecretError, NotPreparedError):
        return CheckResult(
            Status.DOWN,
            _(
                "The keys of this host are not the ones this database was made with. "
                "`aro keys:check` says what to copy from where."
            ),
        )
    return UP


def missing_migrations() -> list[tuple[str, str]]:
    """The apps' newest migrations that the database does not have. One query. Raises `DatabaseError`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = {(app, name) for app, name in cursor.fetchall()}
    return [leaf for leaf in _newest_migrations() if leaf not in applied]


@lru_cache(maxsize=1)
def _newest_migrations() -> list[tuple[str, str]]:
    """Read from the code once per process: the code does not change while it runs."""
    return [(app, name) for app, name in MigrationLoader(None).graph.leaf_nodes()]


def broker() -> CheckResult:
    """Whether Redis answers within half a second and has room."""
    try:
        client = _broker_client(settings.CELERY_BROKER_URL)
        if client is not None:
            client.ping()
            # Writes nothing, and is refused as every other write would be.
            client.setrange(_PROBE, 0, "")
    except redis.ResponseError as error:
        return _refused(error)
    except (redis.RedisError, OSError) as error:
        logger.warning("broker check failed", extra={"error": type(error).__name__})
        said = _("The broker (Redis) does not answer. Texts still go out. Look whether it runs, and correct REDIS_URL.")
        return CheckResult(Status.DOWN, said)
    return UP


def _refused(error: redis.ResponseError) -> CheckResult:
    """By its first word. The worker goes on by itself without hints, so that a full broker costs promptness only."""
    kind = _KINDS.get(type(error)) or str(error).partition(" ")[0]
    logger.warning("the broker refuses", extra={"error": kind})
    return _REFUSALS.get(kind, UP)  # it answers; what a login of few rights may not do is no fault


@lru_cache(maxsize=2)
def _broker_client(url: str) -> redis.Redis | None:
    """None for a broker inside the process, which cannot be away."""
    if url.startswith("memory:"):
        return None
    patience: dict[str, Any] = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    return redis.Redis(**broker_address.parse(url).client_options(), **patience, retry=Retry(NoBackoff(), 0))


def _own() -> dict[str, CheckResult]:
    state = database()
    known = {"database": state, "broker": broker()}
    if state.status == Status.DOWN:
        return {**known, **dict.fromkeys(("worker", "beat", "executor"), UNKNOWN)}
    ages = heartbeat_ages()
    # The default executor is one of the worker's queues; another one beats under its own name.
    executor = ages.get("executor", ages.get("worker"))
    parts = {"worker": ages.get("worker"), "beat": ages.get("beat"), "executor": executor}
    found = known | {name: _by_age(name, age) for name, age in parts.items()}
    if found["beat"] != UP and found["broker"] != UP:
        found["beat"] = NOT_HEARD
    elif found["beat"] != UP and found["worker"] != UP:
        found["beat"] = NOT_TAKEN
    return found


def _by_age(name: str, age: timedelta | None) -> CheckResult:
    if age is None:
        return CheckResult(
            Status.DOWN, _("The {name} has not reported yet. Run `aro status`; `aro up` starts it.").format(name=name)
        )
    if age > LATE_AFTER:
        status = Status.DOWN if age > DEAD_AFTER else Status.DEGRADED
        seconds = int(age.total_seconds())
        said = _("The {name} was last seen {seconds} s ago. See its log in ARO_HOME/logs.")
        return CheckResult(status, said.format(name=name, seconds=seconds))
    return UP


def _asked(name: str, function: Check) -> CheckResult:
    try:
        return function()
    except Exception:
        logger.exception("health check failed", extra={"check": name})
        return CheckResult(Status.DEGRADED, _("The check itself failed. The files in the logs folder show why."))


def details(results: dict[str, CheckResult], names: Iterable[str] | None = None) -> dict[str, str]:
    """What people should know of each service that has something to say."""
    return {name: results[name].detail for name in names or results if results[name].detail}
