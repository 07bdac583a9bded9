"""How a carrier of texts behaves and speaks. Each one that is played says it in a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrations.sandbox.messaging.messages import Message
    from integrations.sandbox.outbox import Callback
    from integrations.sandbox.settings import Settings
    from integrations.sandbox.signing import Letter
    from integrations.sandbox.world import World


@dataclass(frozen=True)
class SendRequest:
    """A text to send that the carrier accepts; `fate_code` is the error that a fault wants it to end with."""

    channel: str
    sender: str
    recipient: str
    body: str
    callback_url: str
    fate_code: int | None
    templated: bool = False
    service_sid: str | None = None
    validity_seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Whoever delivers to ARO. `secrets`: what ARO's sandbox settings hold for it."""

    name: str
    label: str
    secrets: Mapping[str, str]
    sign: Callable[[Settings, Letter], dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Carrier(Sender):
    """Of texts. `numbers`: by channel, the setting with our number.

    `codes`: what it says of a phone that is off, and of a landline. `stop_words`, `start_words`: what it acts on by
    itself. `never_left`: the codes of texts that end as `failed`; those given to a network end as `undelivered`.
    `expired`, `outside_window`: its codes for a text that waited too long, and for a free one on WhatsApp.
    `report` gives None for a state of which it tells nothing.
    """

    codes: Mapping[str, str]
    numbers: Mapping[str, str]
    stop_words: frozenset[str]
    start_words: frozenset[str]
    never_left: frozenset[int]
    new_id: Callable[[], str]
    report: Callable[[World, Message, str, int | None], Callback | None]
    reply: Callable[[World, Message, str], Callback]
    expired: int = 0
    outside_window: int = 0
