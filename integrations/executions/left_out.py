"""What a person is told when a text is left out."""

from __future__ import annotations

from compliance.reasons import Reason


def staff_message_for(reason: Reason) -> tuple[str, str] | None:
    """Title and next step of the case that a skipped text opens; None when nobody needs to act."""
    return {
        Reason.CAP_REACHED: (
            "A text was left out: this number already got the most automatic texts allowed in 24 hours.",
            "Call the patient if the text mattered.",
        ),
        Reason.UNSAFE_TEXT: (
            "A text was left out because its wording breaks a rule.",
            "Correct the template under Message templates.",
        ),
        Reason.PROVIDER_REFUSED: (
            "A message could go out on no channel.",
            "Call the patient if it mattered, and correct the number or address on their page.",
        ),
        Reason.NO_TEMPLATE: (
            "A WhatsApp message was left out: WhatsApp wants an approved template for it, and none is set up.",
            "Call the patient if it mattered. Add the template under WhatsApp templates.",
        ),
        Reason.OTHER_COUNTRY: (
            "A text was left out: the number belongs to a country that you do not text.",
            "Call the patient, or add the country under Business, Texts.",
        ),
        Reason.NEVER_TEXTED: (
            "A text was left out: the number is a premium, shared-cost or satellite number.",
            "Ask the patient for another number. If many such bookings came, look at who books.",
        ),
        Reason.PHONE_UNUSABLE: (
            "A text was left out: the number cannot receive texts.",
            "Call the patient, or correct the number.",
        ),
    }.get(reason)
