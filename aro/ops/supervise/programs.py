"""What `aro up` runs, in the order in which it starts. Stopping goes the other way."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable
from dataclasses import dataclass

from aro import paths
from aro.ops.stores import broker, database
from aro.ops.supervise import listening
from aro.ops.supervise.processes import Program
from aro.stores import broker_address, broker_talk
from aro.watch import pulse

QUEUES = "receipts,lookups,events,timers,executions,sweeps,sync,payments,dead_letter,celery"
# For Celery's own tasks, which take a moment each: the lanes have threads of their own (aro/queue/pacemaker.py).
WORKER_THREADS = 2
# Celery would check the code at every start, as `make check` has done, and load the whole front desk for that.
_NO_CHECKS = {"CELERY_SKIP_CHECKS": "1"}


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where the installation listens."""

    host: str
    port: int
    sandbox_port: int
    flower_port: int
    sandbox: bool
    own_sandbox: bool = True

    @property
    def browser_host(self) -> str:
        """What a browser on this machine uses for `host`."""
        return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104  a comparison


def stores() -> list[Program]:
    """The embedded broker and database, where the environment names no others."""
    programs = [] if paths.given("REDIS_URL") else [broker.program()]
    if paths.given("DATABASE_URL") == paths.EMBEDDED_POSTGRES:
        programs.append(database.program())
    return programs


def front(at: Addresses) -> list[Program]:
    """What answers on the network: the sandbox first, since the web process may call it."""
    return ([_sandbox(at)] if at.sandbox and at.own_sandbox else []) + [_web(at)]


def back() -> list[Program]:
    """What works behind."""
    return [_worker(), _beat()]


def view(at: Addresses) -> Program:
    """What shows the work. It asks once, when it starts, which workers there are: start it when the worker answers."""
    return _flower(at)


def worker_answers() -> bool:
    """Whether the worker can be asked."""
    return broker_talk.has_worker(broker_address.parse(paths.chosen_broker_url()))


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _sandbox(at: Addresses) -> Program:
    where = ("127.0.0.1", at.sandbox_port, "/clock")
    ready, alive = answers(*where), speaks(*where)
    return Program(name="sandbox", argv=_python("integrations.sandbox"), stop_seconds=3, ready=ready, alive=alive)


def _web(at: Addresses) -> Program:
    listener = listening.listen(at.host, at.port)
    # Ours, so that it outlives the web process: while that one starts again, callers wait instead of being refused.
    return Program(
        name="web",
        argv=_python("config.web", "--listener", str(listener.fileno())),
        keeps=(listener,),
        stop_seconds=6,
        ready=answers(at.browser_host, at.port, "/ready"),
        alive=speaks(at.browser_host, at.port, "/ready"),
    )


def _worker() -> Program:
    options = f"--pool threads --concurrency {WORKER_THREADS} -Q {QUEUES} --without-gossip --without-mingle -E".split()
    return Program(
        name="worker",
        argv=_celery("worker", *options),
        environment=_NO_CHECKS,
        stop_seconds=8,
        alive=pulse.seen("worker"),
    )


def _beat() -> Program:
    # No pid file: only the supervisor starts a beat, and two beats would change nothing but load.
    argv = _celery("beat", "--scheduler", "aro.ops.supervise.beat:Scheduler", "--pidfile=")
    return Program(name="beat", argv=argv, environment=_NO_CHECKS, stop_seconds=4, alive=pulse.seen("beat"))


def _flower(at: Addresses) -> Program:
    password = paths.given("ARO_FLOWER_PASSWORD") or paths.key("flower_password")
    # In the environment and not in argv: `ps` shows arguments to everybody on the machine. Without settings Celery
    # loads no Django for it, which takes 90 MB.
    environment = {"FLOWER_BASIC_AUTH": f"aro:{password}", "DJANGO_SETTINGS_MODULE": ""}
    argv = ("-A", "aro.ops.supervise.flower_app", "flower", "--address=127.0.0.1", f"--port={at.flower_port}")
    return Program(
        name="flower",
        argv=_python("celery", *argv),
        environment=environment,
        stop_seconds=4,
        alive=speaks("127.0.0.1", at.flower_port, "/healthcheck"),
    )


def _celery(command: str, *options: str) -> tuple[str, ...]:
    return _python("celery", "-A", "config.celery", command, "--loglevel", "WARNING", *options)


def answers(host: str, port: int, path: str) -> Callable[[], bool]:
    """A check whether GET `path` is answered with 200 within a second: whoever asks has more to look after."""
    return lambda: _status(host, port, path, seconds=1) == http.HTTPStatus.OK


def speaks(host: str, port: int, path: str) -> Callable[[], bool]:
    """A check whether GET `path` is answered at all: who says 503 is not hung. The web server takes two seconds for
    that while the database does not answer."""
    return lambda: _status(host, port, path, seconds=4) is not None


def _status(host: str, port: int, path: str, *, seconds: float) -> int | None:
    connection = http.client.HTTPConnection(host.strip("[]"), port, timeout=seconds)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
