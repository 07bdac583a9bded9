"""What every payment provider is: it makes links to pay by, and tells what became of them. ARO never charges."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from appointments.inbound import PaymentReported
from integrations.providers.shared.base import Link


class Payments(ABC):
    """A payment provider's way out. Has no state and touches no database."""

    # Whose breaker and limits count.
    name: ClassVar[str]
    # The settings without which it cannot be called.
    api_settings: ClassVar[tuple[str, ...]]
    # For so long the same idempotency key is used; then the link is looked for before it is asked for under another.
    key_used_for: ClassVar[timedelta]
    # `find_link` asks for no further page after this.
    longest_look_up_seconds: ClassVar[int]
    # The error code of a link that it does not know.
    unknown_link: ClassVar[str]

    @abstractmethod
    def create_link(
        self, *, deposit_id: UUID, appointment_id: UUID, amount: Decimal, currency: str, idempotency_key: str
    ) -> Link:
        """`amount` in the currency's main unit. The same key gives the same link. Raises `ProviderFailure`."""

    @abstractmethod
    def find_link(self, *, deposit_id: UUID, made_since: datetime) -> Link | None:
        """The link that was made for a deposit, when its key may be forgotten. Raises `ProviderFailure`."""

    @abstractmethod
    def deactivate(self, link_id: str) -> None:
        """Switches a link off; a checkout that is already open may still be paid. Raises `ProviderFailure`."""

    @abstractmethod
    def payments_by(self, link_id: str) -> list[PaymentReported]:
        """All that became of a link's payments, as its events would have told it. Raises `ProviderFailure`."""
