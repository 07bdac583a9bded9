"""What Twilio's error codes mean for a clinic and what to do (twilio.com/docs/api/errors, 2026). Data only."""

from __future__ import annotations

from integrations.providers.shared.base import Effect
from integrations.providers.shared.meanings import Meaning

_CALL = "Call the patient, or ask for another number."
_ADMIN = "Ask whoever looks after the Twilio account to fix it; ARO goes on by itself afterwards."
# A stopped channel stays stopped until a person lifts it.
_SETTLE = (
    "Call the patient if the visit is soon. Ask whoever looks after the Twilio account to settle it; texts go out "
    "again once somebody presses Resume under Stopped channels."
)
# ARO has tried again by then: once (RETRY_ONCE), or as long as the text still helped (RETRY_LATER).
_TELL = "Call the patient if the visit is soon."

MEANINGS: dict[str, Meaning] = {
    "20003": Meaning("Twilio does not accept ARO's account or token.", _ADMIN, Effect.PAUSE_PROVIDER, permanent=False),
    "20404": Meaning("Twilio does not know this account.", _ADMIN, Effect.PAUSE_PROVIDER, permanent=False),
    "20429": Meaning("Too many requests to Twilio at once.", _TELL, Effect.RETRY_LATER, permanent=False),
    "21211": Meaning("The number is not a valid phone number.", _CALL, Effect.MARK_PHONE_UNUSABLE),
    "21212": Meaning("The clinic's own sender number is not valid.", _ADMIN, Effect.CONFIG_ALERT),
    "21408": Meaning("Texts to this country are switched off in Twilio.", _ADMIN, Effect.CONFIG_ALERT),
    "21606": Meaning("The clinic's number cannot send texts.", _ADMIN, Effect.CONFIG_ALERT),
    "21608": Meaning("A trial account can only text numbers verified in Twilio.", _ADMIN, Effect.CONFIG_ALERT),
    "21610": Meaning("The patient said STOP to the clinic's number.", "Call instead of texting.", Effect.SUPPRESS),
    "21611": Meaning("The sender number's queue is full.", _TELL, Effect.RETRY_LATER, permanent=False),
    "21612": Meaning("The clinic's number cannot reach this number.", _CALL, Effect.CONFIG_ALERT),
    "21614": Meaning("The number is not a mobile number.", _CALL, Effect.MARK_PHONE_UNUSABLE),
    "21617": Meaning("The text is longer than 1,600 characters.", "Shorten the template.", Effect.CONFIG_ALERT),
    "21635": Meaning("The number is a landline.", _CALL, Effect.MARK_PHONE_UNUSABLE),
    "30001": Meaning("The sender number's queue ran full.", _TELL, Effect.RETRY_LATER, permanent=False),
    "30002": Meaning("The Twilio account is suspended.", _ADMIN, Effect.PAUSE_PROVIDER, permanent=False),
    "30003": Meaning("The phone was off or out of reach.", _TELL, Effect.RETRY_ONCE, permanent=False),
    "30004": Meaning("The patient's phone or carrier blocks the clinic.", _CALL, Effect.NONE),
    "30005": Meaning("The number is unknown or no longer in use.", _CALL, Effect.MARK_PHONE_UNUSABLE),
    "30006": Meaning("The number is a landline or cannot receive texts.", _CALL, Effect.MARK_PHONE_UNUSABLE),
    "30007": Meaning("The carrier's spam filter stopped the text.", _ADMIN, Effect.CONFIG_ALERT),
    "30008": Meaning("The carrier failed for a reason it does not name.", _TELL, Effect.RETRY_ONCE, permanent=False),
    "30034": Meaning("The number is not registered for US texting (A2P 10DLC).", _SETTLE, Effect.STOP_CHANNEL),
    "30036": Meaning("The text waited too long and was dropped.", _TELL, Effect.NONE),
    "63016": Meaning("WhatsApp needs an approved template more than 24 hours after the patient last wrote.",
                     "Send an SMS, or set up a WhatsApp template in Twilio.", Effect.CONFIG_ALERT),
    "63003": Meaning("WhatsApp does not know this number.", _CALL, Effect.NONE),
    "63018": Meaning("WhatsApp's rate limit was reached.", _TELL, Effect.RETRY_LATER, permanent=False),
    "63024": Meaning("WhatsApp does not know this number.", _CALL, Effect.NONE),
}  # fmt: skip
# Whoever blocks the clinic or said STOP is not followed to another channel; a text that is wrong is wrong there too.
STAYS_HERE = frozenset({"21610", "21617", "30004"})
OUTSIDE_WHATSAPP_WINDOW = "63016"
UNKNOWN = Meaning(
    "Twilio refused the text.", "Call the patient; look the code up at twilio.com/docs/api/errors.", Effect.NONE
)
