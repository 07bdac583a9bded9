"""Phone numbers: any spelling in, E.164 out; and what may be shown of one."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from aro import zones

DEFAULT_REGION = "US"
LONGEST_SPELLING = 64
_SCHEMES = ("whatsapp:", "tel:", "sms:")


def normalise(raw: str, region: str = DEFAULT_REGION) -> str:
    """E.164, or an empty string when this cannot be a number. `region` (ISO 3166): for numbers without a country code.

    Possible is enough: the numbers that Twilio and the NANP keep for tests are never "valid".
    """
    text = raw.strip().lower()
    for scheme in _SCHEMES:
        text = text.removeprefix(scheme)
    if not text or len(text) > LONGEST_SPELLING:
        return ""
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return ""
    # IS_POSSIBLE_LOCAL_ONLY lacks its area code and would lead to somebody else.
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def region_of(zone: str) -> str:
    """The country of an IANA zone, aliases included; US for a zone that belongs to none (UTC)."""
    return zones.country_of(zone) or DEFAULT_REGION


def mask(phone: str) -> str:
    """The last two digits, for lists: `+14155550142` becomes `*** 42`; empty stays empty."""
    return f"*** {phone[-2:]}" if phone else ""


def spoken(phone: str, region: str = DEFAULT_REGION) -> str:
    """As people there write it: `(202) 555-0123` at home, `+44 20 7946 0000` from abroad."""
    try:
        number = phonenumbers.parse(phone, region)
    except NumberParseException:
        return phone
    at_home = number.country_code == phonenumbers.country_code_for_region(region)
    return phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    )
