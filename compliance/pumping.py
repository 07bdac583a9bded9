"""Numbers that are never texted, because somebody earns from each text that is made to go there (SMS pumping).

Facts about kinds of numbers come from libphonenumber's metadata; what is allowed is in `config/policy.toml`.
"""

from __future__ import annotations

import re
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from compliance import phones
from compliance.policy import Pumping
from compliance.reasons import Reason

# Billed to whoever sends or calls, or to nobody's phone at all.
_NEVER: Final = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PAGER,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)
_SEPARATORS: Final = re.compile(r"[\s,;]+")


def countries(typed: str, zone: str, rules: Pumping) -> frozenset[str]:
    """ISO 3166 codes of the countries that are texted: the named ones, else the own one, and what goes with them."""
    named = [code.upper() for code in _SEPARATORS.split(typed) if code] or [phones.region_of(zone)]
    return frozenset(code for one in named for code in (one, *rules.together.get(one, ())))


def problem(phone: str, allowed: frozenset[str], rules: Pumping) -> Reason | None:
    """Why nothing goes to this number (E.164), if so. One whose country cannot be told is judged by its code alone."""
    try:
        number = phonenumbers.parse(phone, None)
    except NumberParseException:
        return None
    if f"+{number.country_code}" in rules.never_prefixes or phonenumbers.number_type(number) in _NEVER:
        return Reason.NEVER_TEXTED
    region = phonenumbers.region_code_for_number(number)
    possible = {region} if region else set(phonenumbers.region_codes_for_country_code(number.country_code or 0))
    return None if possible & allowed else Reason.OTHER_COUNTRY
