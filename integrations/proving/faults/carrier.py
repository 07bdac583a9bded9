"""Everything that a provider can do to us, played by the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from integrations.proving.faults.base import Fault
from integrations.proving.field import Field


@dataclass(frozen=True, kw_only=True)
class Disturbed(Fault):
    """The sandbox's fault `kind` of `provider`, `how` often and how long."""

    provider: str = "twilio"
    kind: str
    how: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def strike(self, field: Field) -> Iterator[None]:
        field.sandbox.disturb(provider=self.provider, kind=self.kind, **self.how)
        yield


def _twilio(kind: str, did: str, *, alarm: str = "", **how: object) -> Disturbed:
    return Disturbed(
        name=f"twilio-{kind.replace('_', '-')}", family="carrier", did=did, kind=kind, alarm=alarm, how=how
    )


def _calendly(kind: str, did: str, *at: str) -> Disturbed:
    name = f"calendly-{kind.replace('_', '-')}"
    return Disturbed(name=name, family="carrier", did=did, kind=kind, provider="calendly", at=at)


ALL: tuple[Fault, ...] = (
    _twilio("timeout_after_accept", "The carrier took three texts and never said so.", count=3, seconds=25),
    _twilio("timeout", "The carrier took nothing and answered nothing, three times.", count=3, seconds=25),
    _twilio("http_500", "The carrier failed with status 500, seven times.", alarm="twilio", count=7),
    _twilio("http_429", "The carrier said 'too fast', five times.", count=5),
    _twilio("slow", "The carrier needed three seconds for each text.", count=10, seconds=3),
    _twilio("garbage", "The carrier answered with a broken web page, three times.", count=3),
    _twilio("connection_refused", "The carrier closed the connection, seven times.", alarm="twilio", count=7),
    _twilio("error_code", "The carrier took a text and could not deliver it.", count=1, code=30003),
    _twilio("duplicate_callback", "The carrier reported everything twice.", count=30),
    _twilio("callback_out_of_order", "The carrier reported in the wrong order.", count=30),
    _twilio("no_callback", "The carrier reported nothing.", count=30),
    _calendly("duplicate_callback", "The booking system told everything twice.", "book", "act"),
    _calendly("callback_out_of_order", "The booking system told the halves of a move in the wrong order.", "act"),
)
