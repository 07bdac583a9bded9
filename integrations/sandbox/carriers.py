"""Which carriers of texts are played: one line each. `TEXT_CARRIER` says which of them this installation uses."""

from __future__ import annotations

from integrations.sandbox.messaging import telnyx_words, twilio_words
from integrations.sandbox.messaging.speaking import Carrier

CARRIERS: tuple[Carrier, ...] = (twilio_words.CARRIER, telnyx_words.CARRIER)


def played(name: str) -> Carrier:
    """The carrier of that name. Raises KeyError when it is not played."""
    return {carrier.name: carrier for carrier in CARRIERS}[name]
