"""What a manager may write about the business. Each check raises `ValidationError` with what to write instead."""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError

from appointments import currencies, profiles
from appointments.texts import values
from appointments.texts.values import TextError
from compliance import phones

# What a payment link takes, in the smallest unit of a currency: eight digits.
LARGEST_DEPOSIT: Final = 99_999_999
# A month, in hours: a review request or an offer that comes later surprises.
LONGEST_DELAY: Final = 720
_PLACE_ID: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_-]{10,200}")


def name(typed: str) -> str:
    """On one line, without signs that nobody sees."""
    told = values.one_line(typed)
    if not any(sign.isalnum() for sign in told):
        raise ValidationError("Write the name as patients know it, with letters. It appears in every text.")
    if "://" in told:
        raise ValidationError("Write the name only. An address goes into the booking page below.")
    return told


def phone(typed: str, zone: str) -> str:
    """In E.164; empty stays empty."""
    found = phones.typed(typed, phones.region_of(zone)) if typed.strip() else ""
    if typed.strip() and not found:
        raise ValidationError("This number cannot be read. Write it like +12025550123, or leave it empty.")
    return found


def language(typed: str, profile: str) -> str:
    """One that there are wordings for."""
    known = sorted(profiles.load(profile).texts)
    if typed.replace("_", "-").split("-")[0].lower() not in known:
        raise ValidationError(f"There are no texts in this language. Write one of {', '.join(known)}.")
    return typed


def currency(typed: str) -> str:
    """ISO 4217, in capitals."""
    code = typed.strip().upper()
    if code not in currencies.KNOWN:
        raise ValidationError("This currency is not known. Write its three letters, e.g. USD, CAD, EUR.")
    return code


def not_negative(amount: Decimal) -> Decimal:
    """Of a deposit."""
    if amount < 0:
        raise ValidationError("A deposit cannot be negative. Write 0 to ask for none.")
    return amount


def deposit(amount: Decimal, code: str) -> Decimal:
    """An amount that the currency has and a payment link takes."""
    if amount != currencies.rounded(amount, code):
        raise ValidationError(f"{code} has no decimals. Write a whole number, e.g. {currencies.rounded(amount, code)}.")
    largest = LARGEST_DEPOSIT if code in currencies.NO_DECIMALS else Decimal(LARGEST_DEPOSIT) / 100
    if amount > largest:
        raise ValidationError(f"A payment link takes at most {largest:,} {code}.")
    return amount


def booking_page(typed: str) -> str:
    """A link that may stand in a text."""
    try:
        return values.link(typed)
    except TextError:
        raise ValidationError("Write a web address that begins with https://, as patients open it.") from None


def place_id(typed: str) -> str:
    """Google's id of a place, which is part of the link to its reviews."""
    if typed and not _PLACE_ID.fullmatch(typed):
        raise ValidationError(
            "Copy the id alone from Google's Place ID Finder. It looks like ChIJN1t_tDeuEmsRUsoyG83frY4."
        )
    return typed


def hours_after(hours: int) -> int:
    """Hours after the visit."""
    if hours > LONGEST_DELAY:
        raise ValidationError(f"Write at most {LONGEST_DELAY} hours, which are 30 days.")
    return hours


def quiet(starts: time, ends: time) -> None:
    """Quiet runs over midnight; equal times are none at all."""
    if starts < ends:
        raise ValidationError(
            f"Texts would go out only at night, from {ends:%H:%M} to {starts:%H:%M}. Begin quiet in the evening, "
            "e.g. 21:00, and end it in the morning, e.g. 08:00."
        )
