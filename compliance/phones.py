"""Phone numbers: any spelling in, E.164 out; and what may be shown of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import (
    CountryCodeSource,
    Leniency,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    PhoneNumberType,
    ValidationResult,
)

from aro import zones

DEFAULT_REGION = "US"
LONGEST_SPELLING = 64
_SCHEMES = ("whatsapp:", "tel:", "sms:")
_ABROAD: Final = re.compile(r"^[\s(]*00[\s)./-]*(?=[1-9])")
_ABROAD_WITHIN: Final = re.compile(r"(?<![\d+])00[\s./-]?(?=[1-9])")
_DIALLED: Final = re.compile(r"\+?[\d\s().-]+")
# The 1 that calls to Mexican mobiles needed until 2020; WhatsApp still says it.
_WITHOUT_MEXICOS_1: Final = re.compile(r"^\+?52[\s.-]*1[\s.-]*((?:\d[\s.-]*){10})$")
# What people type to get past a field that asks for a number: one digit again and again, or all in their order.
_NOBODYS: Final = re.compile(r"(\d)\1+|1234567890?")
_AMERICA: Final = 1
# Ofcom's numbers for films, and for tests: as if they were somebody's.
_OF_FILMS: Final = re.compile(r"\+447700900\d{3}")
_EXTENSION: Final = re.compile(
    r"(?<=\d)[\s,;(./-]*(?:then\s+)?(?:ext\w*|xt?n?|#|\*|anexo|interno|int|ramal|poste|durchwahl|dw|isub|postd"
    r"|opt(?:ion)?|opci[oó]n|press|dial|marque|pin)[\s.:=]*[pw]*\d{1,7}(?!\d)",
    re.ASCII,
)
# What is dialled after a pause, as phones keep it: "646 555 0142,,4", "6465550142;4", "6465550142p4".
_AFTER_A_PAUSE: Final = re.compile(r"(?<=\d)\s*(?:,[\s,]*,|[,;pw])\s*\d{1,7}#?\s*$", re.ASCII)
# RFC 3966: a number of a company's own plan, which nobody outside can dial.
_OWN_PLAN: Final = re.compile(r";\s*phone-context=(?!\s*\+?[\d.()-]+(?:;|$))")
# In the countries of +1 no area and no exchange begins with 0 or 1: a number of another country, typed at home's.
_NOT_IN_AMERICA: Final = re.compile(r"\+1(?![2-9]\d\d[2-9])")
# One spelling of a line, and the other one. Mobile numbers only: a landline has no twin.
_TWINS: Final = (
    (re.compile(r"\+55([1-9]\d)9([6-9]\d{7})"), r"+55\1\2"),
    (re.compile(r"\+55([1-9]\d)([6-9]\d{7})"), r"+55\g<1>9\2"),
    (re.compile(r"\+549(\d{10})"), r"+54\1"),
    (re.compile(r"\+54([1-8]\d{9})"), r"+549\1"),
    (re.compile(r"\+521(\d{10})"), r"+52\1"),
    (re.compile(r"\+52([2-9]\d{9})"), r"+521\1"),
)


# Each step of a booking asks the same of its own number and of the clinic's. Kept for some bookings, in memory only.
_AGAIN_AND_AGAIN: Final = lru_cache(maxsize=64)


@_AGAIN_AND_AGAIN
def normalise(raw: str, region: str = DEFAULT_REGION) -> str:
    """E.164, or an empty string when this cannot be a number. `region` (ISO 3166): for numbers without a country code.

    Possible is enough: the numbers that Twilio and the NANP keep for tests are never "valid". Words around one number
    ("call 646-555-0142 after 5") do no harm; of two numbers neither is chosen.
    """
    text = _in_ascii_digits(raw.strip().lower())
    for scheme in _SCHEMES:
        text = text.removeprefix(scheme)
    if not text or len(text) > LONGEST_SPELLING:
        return ""
    return _possible(_with_plus(text, region), region) or _within(text, region)


def _in_ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _with_plus(text: str, region: str) -> str:
    """00 before a country code is dialled as +; where another prefix is used no own number begins with 00."""
    bare = _ABROAD.sub("+", text)
    return bare if bare != text and (_possible(bare, region) or not _possible(text, region)) else text


@_AGAIN_AND_AGAIN
def texted(raw: str, region: str = DEFAULT_REGION) -> str:
    """As `normalise`, but only what may be a person's own line: a toll-free number is an office's, and no extension of
    one gets texts."""
    found = normalise(raw, region)
    if not found or is_extension(raw, region):
        return ""
    return "" if phonenumbers.number_type(phonenumbers.parse(found)) == PhoneNumberType.TOLL_FREE else found


def is_extension(raw: str, region: str = DEFAULT_REGION) -> bool:
    """Whether what was typed leads to a line behind an office's: by a word, a sign, a pause or a plan of its own."""
    text = unicodedata.normalize("NFKC", raw.lower())
    paused = _AFTER_A_PAUSE.search(text)
    beyond = paused is not None and bool(normalise(text[: paused.start()], region))
    return beyond or bool(_EXTENSION.search(text) or _OWN_PLAN.search(text))


def _possible(text: str, region: str) -> str:
    number = _parsed(_WITHOUT_MEXICOS_1.sub(r"+52\1", text), region)
    # IS_POSSIBLE_LOCAL_ONLY lacks its area code and would lead to somebody else.
    if number is None or phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return ""
    if number.country_code != _AMERICA and number.country_code_source == CountryCodeSource.FROM_DEFAULT_COUNTRY:
        return _at_home(number, text)
    return _spelled(number)


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region, keep_raw_input=True)
    except NumberParseException:
        return None


def _at_home(number: PhoneNumber, text: str) -> str:
    """Without a plus: "49170 1234567" in Germany is the mobile +49 170 ..., not a landline 049170 ...; and what the
    country's plan does not know ("15 2345 6789", without its area) is nobody's for sure."""
    abroad = _parsed(f"+{re.sub(r'[^0-9]', '', text)}", None)
    with_code = abroad is not None and abroad.country_code == number.country_code and _is_mobile(abroad)
    if abroad is not None and with_code and not _is_mobile(number):
        return _spelled(abroad)
    known = phonenumbers.is_valid_number(number) or _OF_FILMS.fullmatch(_spelled(number))
    return _spelled(number) if known else ""


def _is_mobile(number: PhoneNumber) -> bool:
    return phonenumbers.number_type(number) in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def _spelled(number: PhoneNumber) -> str:
    found = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return "" if _NOBODYS.fullmatch(str(number.national_number)) or _NOT_IN_AMERICA.match(found) else found


def _within(text: str, region: str) -> str:
    """The one number that a line of words holds."""
    found = named_in(text, region)
    return found.pop() if len(found) == 1 else ""


def named_in(text: str, region: str = DEFAULT_REGION) -> set[str]:
    """Every number among words, in E.164."""
    return {_possible(match.raw_string, region) for match in _matches(_matchable(text), region)} - {""}


def with_words_for_numbers(text: str, word_for: Callable[[str], str], region: str = DEFAULT_REGION) -> str:
    """`text` with a word in the place of every number among its words; `word_for` gets the number in E.164."""
    spelled = _matchable(text)
    for match in reversed(list(_matches(spelled, region))):
        if number := _possible(match.raw_string, region):
            spelled = f"{spelled[: match.start]} {word_for(number)} {spelled[match.end :]}"
    return spelled


def _matchable(text: str) -> str:
    return _ABROAD_WITHIN.sub("+", _in_ascii_digits(text))


def _matches(text: str, region: str) -> PhoneNumberMatcher:
    return PhoneNumberMatcher(text, region, leniency=Leniency.POSSIBLE)


def dialled(raw: str, region: str = DEFAULT_REGION) -> str:
    """As `normalise`, but only what is a number from end to end: a sender's name or id with digits in it is none."""
    bare = raw.strip().lower()
    for scheme in _SCHEMES:
        bare = bare.removeprefix(scheme)
    return normalise(bare, region) if _DIALLED.fullmatch(bare) else ""


def typed(raw: str, region: str = DEFAULT_REGION) -> str:
    """As `normalise`, but a letter beside the number is a slip of whoever types it at the desk."""
    is_slip = any(sign.isalpha() for sign in raw) and not dialled(raw, region)
    return "" if is_slip else normalise(raw, region)


def variants(phone: str) -> tuple[str, ...]:
    """Every E.164 spelling of one mobile line, `phone` first; just that one where a country has no two.

    WhatsApp keeps old spellings: Brazil without the ninth digit that Anatel added (2012 to 2016), Argentina with the 9
    that calls from abroad need, Mexico with the 1 that calls from abroad needed until 2020.
    """
    for shape, other in _TWINS:
        if shape.fullmatch(phone):
            return (phone, shape.sub(other, phone))
    return (phone,)


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
