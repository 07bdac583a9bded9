"""Logs: one JSON object per line on stderr, from structlog and from the standard library alike, scrubbed.

Fields: timestamp (the product's clock, UTC), level, service, logger, message, correlation_id, and where present
context and exception (a traceback without local variables).
"""

from __future__ import annotations

import logging
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from celery.signals import setup_logging
from structlog.types import EventDict, Processor, WrappedLogger

from aro import clock
from aro.ids import new_id
from aro.watch import scrub

# Loggers that would tell every second that nothing happened, or quote what they send.
_QUIET = (
    "asyncio",
    "axes",
    "celery.app.trace",
    "celery.beat",
    "celery.worker.strategy",
    "django.db.backends",
    "django_celery_beat.schedulers",
    "kombu",
    "stripe",
    "twilio",
    "urllib3",
)
_NOT_CONTEXT = ("request", "taskName")


def config(*, level: str) -> dict[str, Any]:
    """Django's LOGGING."""
    quiet = {name: {"level": "WARNING"} for name in _QUIET}
    # What Django would log about a failed request, `http` has logged already, with the correlation id.
    quiet["django.request"] = {"level": "CRITICAL"}
    # What any scanner can send: `aro.errors` says it in a line; Django would quote it, as an error with a traceback.
    quiet["django.security"] = {"level": "CRITICAL"}
    # Django gives its loggers handlers of their own; everything goes through the root's one.
    ours = {name: {"handlers": [], "propagate": True, "level": level} for name in ("django", "django.server")}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "aro.watch.logs.json_formatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {**ours, **quiet},
        "root": {"handlers": ["stderr"], "level": level},
    }


def _keep_our_logging(**_: Any) -> None:
    """Celery sets up its own logging unless somebody answers this signal."""


setup_logging.connect(_keep_our_logging)


def json_formatter() -> logging.Formatter:
    """The one formatter. Also routes structlog's own loggers into the standard library's."""
    structlog.configure(
        processors=[*_common(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_common(), structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.processors.format_exc_info,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _shaped,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _common() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]


def _shaped(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The line's fields, scrubbed. The message is scrubbed after its arguments were put in."""
    line: EventDict = {
        "timestamp": clock.now().isoformat(timespec="milliseconds"),
        "level": event.pop("level", "info"),
        "service": service(),
        "logger": event.pop("logger", ""),
        "message": scrub.text(str(event.pop("event", ""))),
        "correlation_id": event.pop("correlation_id", None),
    }
    exception = event.pop("exception", None)
    context = {key: value for key, value in event.items() if key not in _NOT_CONTEXT}
    if context:
        line["context"] = scrub.anything(context)
    if exception:
        line["exception"] = scrub.text(str(exception))
    return line


def service(argv: Sequence[str] = ()) -> str:
    """Which process this is, by how it was started: web, worker, beat, flower, sandbox or cli."""
    script, *words = argv or sys.argv
    started = {Path(script).stem, Path(script).parent.name, *words}
    for word, name in (("web", "web"), ("sandbox", "sandbox"), ("beat", "beat"), ("flower", "flower")):
        if word in started:
            return name
    return "worker" if {"celery", "worker"} <= started else "cli"


@contextmanager
def correlated(correlation_id: uuid.UUID) -> Iterator[None]:
    """Every line logged within carries the id, and `correlation_id()` returns it."""
    with structlog.contextvars.bound_contextvars(correlation_id=str(correlation_id)):
        yield


def correlation_id() -> uuid.UUID:
    """The id that ties together what one request, delivery or task caused; a new one where none is bound."""
    bound = structlog.contextvars.get_contextvars().get("correlation_id")
    return uuid.UUID(bound) if bound else new_id()
