"""Values that go into texts. They come from booking forms, so they are data: cleaned, cut, and never taken for more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from appointments import names, phone_wishes, profiles
from appointments.models import Appointment, Business, Customer, Deposit
from appointments.profiles import DEFAULT_PROFILE, Dates
from compliance import content, phones, policy

LONGEST_VALUE = 40
LONGEST_LINK = 500
SYMBOLS = {"USD": "$", "GBP": "£", "EUR": "€"}
_LINK = re.compile(r"https?://[A-Za-z0-9\[][^\s<>\"{}|\\^`]*")
# How a child is entered that has no name yet.
_NOT_NAMED_YET = frozenset({"baby", "babyboy", "babygirl", "newborn", "infant", "bebé"})
_PARTS = re.compile(r"(['’-])")
_AS_TYPED = re.compile(r"[A-Z]{1,2}$|[^AEIOUYÁÉÍÓÚÄÖÜaeiouyáéíóúäöü]+$|MC[A-Z]|.*\.")


class TextError(ValueError):
    """A text cannot be made. The message says what is missing and carries no value."""


def cleaned(value: str) -> str:
    """Without control, formatting and unassigned characters, one line, at most 40 characters."""
    return one_line(value)[:LONGEST_VALUE].rstrip()


def one_line(value: str) -> str:
    """The same, as long as it is."""
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    kept = (c for c in unicodedata.normalize("NFC", value) if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())


def link(value: str) -> str:
    """A whole http(s) address or nothing; it is never cut. Raises `TextError` for anything else."""
    if value and (len(value) > LONGEST_LINK or not _LINK.fullmatch(value)):
        raise TextError("The link for this text is not a web address. Correct it under Business.")
    return value


def first_name(name: str) -> str:
    """How to address somebody; empty when the name is none (digits, an address, a link) or only a title is sure."""
    known = cleaned(unicodedata.normalize("NFKC", name))
    words = names.forenames(known)
    if not words or not _is_name(words[0]) or words[0].casefold() in _NOT_NAMED_YET:
        return ""
    return _in_one_case(words[0]) if known in (known.upper(), known.lower()) else words[0]


def _in_one_case(word: str) -> str:
    """`ANA` and `ana` are Ana, `O'NEIL` is O'Neil. What may be initials, has a rule of its own, or is no Latin script
    stays as it was typed."""
    latin = all(unicodedata.name(c, "").startswith("LATIN") for c in word if c.isalpha())
    if not latin or "İ" in word or _AS_TYPED.match(word):
        return word
    told = "".join(part.capitalize() for part in _PARTS.split(word))
    return told if len(told) == len(word) else word


def last_name(name: str) -> str:
    """What tells two people of one first name apart: the last word of the name, "Jr." too; empty without one."""
    last, comma, _first = cleaned(phone_wishes.without_wishes(name)).partition(",")
    named = [word for word in last.split() if any(sign.isalpha() for sign in word)]
    words = named if comma else named[1:]
    return words[-1] if words and _is_name(words[-1]) and not content.problems(words[-1]) else ""


def _is_name(word: str) -> bool:
    """Letters, marks, hyphens, apostrophes; a dot only as in `J.R.`, because `free.example` is a link."""
    letters = all(unicodedata.category(c)[0] in "LM" or c in "'’-." for c in word)
    return letters and word[0].isalpha() and not re.search(r"\.[^.]{2}", word)


def when(
    starts_at: datetime,
    *,
    zone: str,
    language: str = "en",
    reader_zone: str = "",
    profile: str = DEFAULT_PROFILE,
) -> dict[str, str]:
    """`date` and `time` of a visit in the visit's zone, in the pack's wording.

    The zone is named when the reader's own clock shows another time at that moment.
    """
    pack = profiles.load(profile)
    dates = pack.texts[pack.language(language)].dates
    local = starts_at.astimezone(ZoneInfo(zone))
    elsewhere = bool(reader_zone) and starts_at.astimezone(ZoneInfo(reader_zone)).utcoffset() != local.utcoffset()
    return {"date": _date(local, dates), "time": _time(local, dates) + (f" {_zone_name(local)}" if elsewhere else "")}


def _date(local: datetime, dates: Dates) -> str:
    parts = {
        "weekday": dates.weekdays[local.weekday()],
        "day": str(local.day),
        "month": dates.months[local.month - 1],
    }
    return fill(dates.date, parts)


def _time(local: datetime, dates: Dates) -> str:
    if not dates.half_days:
        return f"{local:%H:%M}"
    return f"{local.hour % 12 or 12}:{local:%M} {dates.half_days[local.hour >= 12]}"  # noqa: PLR2004 - noon


def _zone_name(local: datetime) -> str:
    """`EST`; where a zone has no letters of its own (`-03`), its distance from UTC."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def money(amount: Decimal, currency: str) -> str:
    """`$50`, `$49.50`, `50 CAD`."""
    number = f"{amount:.2f}".removesuffix(".00")
    return f"{SYMBOLS[currency]}{number}" if currency in SYMBOLS else f"{number} {currency}"


def values_for(
    *,
    business: Business,
    customer: Customer,
    appointment: Appointment | None,
    link: str = "",
    deposit: Deposit | None = None,
) -> dict[str, str]:
    """Everything that a text to this person may say, raw, for `render.compose`."""
    region = phones.region_of(business.timezone)
    ready = {
        "customer_name": customer.name,
        "business_name": business.name,
        "business_phone": _spoken(business.phone, region) if business.phone else "",
        "link": link,
        "emergency_number": policy.current().emergency_number(region),
    }
    if deposit is not None:
        ready["amount"] = money(deposit.amount, deposit.currency)
    return ready | (_of_visit(appointment, customer, business) if appointment else {})


# The clinic's own number, which nearly every text names.
_spoken = lru_cache(maxsize=64)(phones.spoken)


def _of_visit(appointment: Appointment, customer: Customer, business: Business) -> dict[str, str]:
    moment = when(
        appointment.starts_at,
        zone=appointment.timezone,
        language=customer.language or business.language,
        reader_zone=customer.timezone,
        profile=business.profile,
    )
    return {"service": appointment.service, **moment}


_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def names_in(template: str) -> set[str]:
    """The variables a template uses."""
    return set(ordered_names(template))


def ordered_names(template: str) -> list[str]:
    """The variables a template uses, as often and in the order as it does."""
    return _PLACE.findall(template)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Puts values in their places, in one pass: what looks like a place inside a value stays as it is.

    Raises `TextError` for a name without a value.
    """
    missing = sorted(names_in(template) - set(values))
    if missing:
        raise TextError(f"This text needs {', '.join(missing)}, and there is no value for it.")
    return _PLACE.sub(lambda place: values[place[1]], template)
