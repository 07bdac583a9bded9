"""What Telnyx's error codes mean for a clinic and what to do. Data only.

developers.telnyx.com/docs/messaging/messages/error-codes and support.telnyx.com/en/articles/6505121, 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Mapping

from integrations.providers.shared.base import Effect
from integrations.providers.shared.meanings import Meaning

_CALL = "Call the patient, or ask for another number."
_ADMIN = "Ask whoever looks after the Telnyx account to fix it; ARO goes on by itself afterwards."
# ARO has tried again by then: once (RETRY_ONCE), or as long as the text still helped (RETRY_LATER).
_TELL = "Call the patient if the visit is soon."
STOPPED = "40300"

MEANINGS: dict[str, Meaning] = {
    "10001": Meaning("The clinic's number is not active at Telnyx.", _ADMIN, Effect.CONFIG_ALERT),
    "10002": Meaning("The number is not a valid phone number.", _CALL, Effect.MARK_PHONE_UNUSABLE),
    "10009": Meaning("Telnyx does not accept ARO's API key.", _ADMIN, Effect.PAUSE_PROVIDER, permanent=False),
    "10010": Meaning("ARO's API key may not send texts at Telnyx.", _ADMIN, Effect.PAUSE_PROVIDER, permanent=False),
    "10016": Meaning("The number is not a valid phone number.", _CALL, Effect.MARK_PHONE_UNUSABLE),
    "40001": Meaning("The number is a landline or cannot receive texts.", _CALL, Effect.MARK_PHONE_UNUSABLE),
    "40002": Meaning("The carrier's spam filter stopped the text for now.", _ADMIN, Effect.CONFIG_ALERT),
    "40003": Meaning("A carrier blocks the clinic's number as spam.", _ADMIN, Effect.CONFIG_ALERT),
    "40004": Meaning("The patient's carrier refused the text.", _TELL, Effect.RETRY_ONCE, permanent=False),
    "40005": Meaning("The text waited too long on its way and was dropped.", _TELL, Effect.NONE),
    "40006": Meaning("The patient's carrier was out of reach.", _TELL, Effect.RETRY_ONCE, permanent=False),
    "40008": Meaning("The patient's carrier did not take the text.", _TELL, Effect.RETRY_ONCE, permanent=False),
    "40009": Meaning("The carrier does not take the text's wording.", "Look at the template.", Effect.CONFIG_ALERT),
    "40011": Meaning("Too many texts at once for the carrier.", _TELL, Effect.RETRY_LATER, permanent=False),
    "40012": Meaning("The number is unknown or no longer in use.", _CALL, Effect.MARK_PHONE_UNUSABLE),
    "40013": Meaning("The clinic's number cannot send texts.", _ADMIN, Effect.CONFIG_ALERT),
    "40014": Meaning("The text waited too long and was dropped.", _TELL, Effect.NONE),
    "40015": Meaning("Telnyx's own spam filter stopped the text.", _ADMIN, Effect.CONFIG_ALERT),
    STOPPED: Meaning("The patient said STOP to the clinic's number.", "Call instead of texting.", Effect.SUPPRESS),
}
# Who said STOP is not followed to another channel; a text whose wording is refused is wrong there too.
STAYS_HERE = frozenset({STOPPED, "40009"})
UNKNOWN = Meaning(
    "Telnyx refused the text.",
    "Call the patient; look the code up at developers.telnyx.com/docs/messaging/messages/error-codes.",
    Effect.NONE,
)


def code_of(error: Mapping[str, object]) -> str:
    """An error's code, which is a number in some places and a text in others; empty when it is neither."""
    code = str(error.get("code", ""))
    return code if code.isascii() and code.isdigit() and len(code) < 10 else ""
