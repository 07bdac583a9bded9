"""How many decimals a currency has (ISO 4217, 2026). Two, if it is not named here."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

NO_DECIMALS = frozenset(
    (
        *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "MGA"),
        *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
    )
)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount as money of that currency: 5000.50 JPY is 5001. At most two decimals are kept anywhere."""
    smallest = Decimal(1) if currency.upper() in NO_DECIMALS else Decimal("0.01")
    return amount.quantize(smallest, rounding=ROUND_HALF_UP)
