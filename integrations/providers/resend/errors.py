"""What Resend's errors and bounces mean for a clinic and what to do. Data only.

resend.com/docs/api-reference/errors and resend.com/docs/dashboard/emails/email-bounces, 2026-11-28. The codes from
`bounced` on are ours: Resend's events have names, not codes.
"""

from __future__ import annotations

from integrations.providers.shared.base import Effect
from integrations.providers.shared.meanings import Meaning

_CALL = "Call the patient, or press Correct the e-mail on their page."
_ADMIN = "Ask whoever looks after the Resend account to fix it; ARO goes on by itself afterwards."
_TELL = "Call the patient if the visit is soon."
_NO_KEY = Meaning("Resend does not accept ARO's API key.", _ADMIN, Effect.PAUSE_PROVIDER, permanent=False)
BOUNCED, BOUNCED_FOR_NOW, SUPPRESSED, FAILED = "bounced", "bounced_for_now", "suppressed", "failed"

MEANINGS: dict[str, Meaning] = {
    "missing_api_key": _NO_KEY,
    "restricted_api_key": _NO_KEY,
    "invalid_api_key": _NO_KEY,
    "not_verified": Meaning("The clinic's sender domain is not verified at Resend.", _ADMIN, Effect.CONFIG_ALERT),
    "invalid_from_address": Meaning("The clinic's sender address is not valid.", _ADMIN, Effect.CONFIG_ALERT),
    BOUNCED: Meaning("The patient's e-mail address does not exist or refuses mail.", _CALL, Effect.MARK_EMAIL_UNUSABLE),
    BOUNCED_FOR_NOW: Meaning("The patient's mailbox took no mail.", _TELL, Effect.RETRY_ONCE, permanent=False),
    SUPPRESSED: Meaning("Resend sends no more to this address: it bounced before, or its owner complained.", _CALL,
                        Effect.MARK_EMAIL_UNUSABLE),
    FAILED: Meaning("Resend could not send the e-mail.", _ADMIN, Effect.CONFIG_ALERT),
}  # fmt: skip
# None: what is wrong with an e-mail is not wrong with a text.
STAYS_HERE: frozenset[str] = frozenset()
UNKNOWN = Meaning(
    "Resend refused the e-mail.",
    "Call the patient; look the error up at resend.com/docs/api-reference/errors.",
    Effect.NONE,
)
