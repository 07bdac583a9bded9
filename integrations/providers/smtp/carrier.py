"""A mail server as a carrier. It keeps no list to look a message up in, and never says that one arrived."""

from __future__ import annotations

from typing import ClassVar

from integrations.providers.shared.base import Accepted, RefusedError
from integrations.providers.shared.carrier import Carrier
from integrations.providers.shared.outgoing import Outgoing
from integrations.providers.smtp import api


class Smtp(Carrier):
    """E-mail."""

    name: ClassVar[str] = api.PROVIDER
    label: ClassVar[str] = "your mail server"
    api_settings: ClassVar[tuple[str, ...]] = ("DEFAULT_FROM_EMAIL",)

    def is_set_up(self, channel: str) -> bool:
        """By the sender address."""
        return api.is_set_up()

    def send(self, message: Outgoing) -> Accepted:
        """As `api.send`."""
        return api.send(message)

    def refusal(self, code: str) -> RefusedError:
        """What it said when it was handed an e-mail; it reports nothing later."""
        return api.refusal(code)
