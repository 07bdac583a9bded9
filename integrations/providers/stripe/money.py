"""Stripe's amounts are whole numbers of a currency's smallest unit (docs.stripe.com/currencies, 2026)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

# UGX and ISK have no decimals either, but Stripe counts them in hundredths.
_NO_DECIMALS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def _exponent(currency: str) -> int:
    if currency.upper() in _NO_DECIMALS:
        return 0
    return 3 if currency.upper() in _THREE_DECIMALS else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """50.00 USD is 5000; 5000 JPY is 5000."""
    return int((amount * 10 ** _exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_main(minor: int, currency: str) -> Decimal:
    """5000 is 50.00 in USD and 5000 in JPY."""
    return Decimal(minor).scaleb(-_exponent(currency))
