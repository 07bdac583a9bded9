"""Which carriers are played: one line each. `TEXT_CARRIER` says which of those for texts this installation uses."""

from __future__ import annotations

from integrations.sandbox.messaging import resend_words, telnyx_words, twilio_words
from integrations.sandbox.messaging.speaking import Carrier, Sender

CARRIERS: tuple[Carrier, ...] = (twilio_words.CARRIER, telnyx_words.CARRIER)
OF_EMAIL: tuple[Sender, ...] = (resend_words.SENDER,)
SENDERS: tuple[Sender, ...] = (*CARRIERS, *OF_EMAIL)


def played(name: str) -> Carrier:
    """The carrier of texts of that name. Raises KeyError when it is not played."""
    return {carrier.name: carrier for carrier in CARRIERS}[name]
