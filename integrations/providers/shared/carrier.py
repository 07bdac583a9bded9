"""What every carrier is: whoever hands a text or an e-mail to a person, and says what became of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar

from integrations.providers.shared.base import Accepted, RefusedError
from integrations.providers.shared.outgoing import Outgoing, Reply


class Carrier(ABC):
    """A carrier's way out. Has no state and touches no database.

    What it can do is said here and never tried: whoever sends asks before relying on it.
    """

    # Whose breaker and limits count.
    name: ClassVar[str]
    # What people call it: "Settle it at Twilio".
    label: ClassVar[str]
    # The adapter by which people's answers come in; empty where nobody can answer.
    replies: ClassVar[str] = ""
    # The settings without which it cannot be called.
    api_settings: ClassVar[tuple[str, ...]] = ()
    # Look-up. True: `find` works, so a message whose fate nobody knows can be asked for.
    looks_up: ClassVar[bool] = False
    # Idempotency. For so long it takes a message of the same `Outgoing.key` once, however often it is handed over.
    same_key_once_for: ClassVar[timedelta] = timedelta(0)
    # Reports. True: it tells later what became of a message, with our execution's id. So that report settles an unknown
    # outcome.
    reports: ClassVar[bool] = False
    # Opt-out notice. The words that it answers by itself when they stand alone in a text, in capitals.
    answers_itself: ClassVar[frozenset[str]] = frozenset()
    # Error codes that no other channel would change: the person said stop, or the text itself is wrong.
    stays_here: ClassVar[frozenset[str]] = frozenset()
    # Templates. The error code of a free text where WhatsApp wants an approved wording; empty: no WhatsApp here.
    outside_window: ClassVar[str] = ""

    @abstractmethod
    def is_set_up(self, channel: str) -> bool:
        """Whether this installation can send there at all."""

    @abstractmethod
    def send(self, message: Outgoing) -> Accepted:
        """Hands one message over, at most once per call. Raises `ProviderFailure`."""

    @abstractmethod
    def refusal(self, code: str) -> RefusedError:
        """What an error code means, from a refused call or from a report."""

    def find(  # noqa: PLR0913 - all that tells one text from another
        self,
        *,
        to: str,
        body: str | None,
        channel: str,
        since: datetime,
        at: datetime | None = None,
        known: Collection[str] = (),
        rivals: Collection[datetime] = (),
    ) -> Accepted | None:
        """The message handed over since that moment, or None when the carrier has none. Raises `ProviderFailure`.

        `known`: ids of other messages. `body` None: any wording, for one that the carrier itself has worded.
        One that was made nearer to a moment among `rivals` than to `at` is another message.
        """
        raise NotImplementedError(f"{self.name} cannot look a message up")

    def lists_replies(self, channel: str) -> bool:
        """Whether it can be asked what people wrote there: then `received` works."""
        return False

    def received(self, channel: str, *, since: datetime) -> list[Reply]:
        """What people wrote to us there since then, oldest first. Raises `ProviderFailure`."""
        raise NotImplementedError(f"{self.name} has no list of what people wrote")

    def is_template(self, reference: str) -> bool:
        """Whether `reference` is this carrier's name of an approved wording."""
        return False
