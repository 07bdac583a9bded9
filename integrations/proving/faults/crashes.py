"""Processes die."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from integrations.proving import machine
from integrations.proving.faults.base import Fault
from integrations.proving.field import Field


@dataclass(frozen=True, kw_only=True)
class Kill(Fault):
    """SIGKILL to `victims`; to all when it names none."""

    victims: tuple[str, ...] = ()

    def cannot(self) -> str:
        missing = set(self.victims) - set(machine.running())
        return f"ARO runs no {', '.join(sorted(missing))} of its own here" if missing else ""

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile(lambda: field.hit(lambda: machine.kill(*(self.victims or machine.running()))))


@dataclass(frozen=True, kw_only=True)
class KillAgain(Fault):
    """The worker dies three times in a row: the supervisor's pauses grow."""

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile(*[lambda: machine.kill("worker")] * 3)


def _kill(name: str, did: str, *victims: str) -> Kill:
    return Kill(name=name, family="kill", did=did, victims=victims)


ALL: tuple[Fault, ...] = (
    _kill("kill-web", "The web process was killed while deliveries came in.", "web"),
    _kill("kill-worker", "The worker was killed in the middle of its work.", "worker"),
    _kill("kill-beat", "The process that gives the time was killed.", "beat"),
    _kill("kill-broker", "The broker was killed.", "broker"),
    _kill("kill-database", "The database server was killed.", "database"),
    _kill("kill-all", "Every process was killed at the same moment, as when the power fails."),
    KillAgain(name="kill-worker-thrice", family="kill", did="The worker was killed three times in a row."),
)
