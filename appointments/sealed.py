"""The fields of this floor that hold sealed values: no key may be taken out while one of them needs it."""

from __future__ import annotations

from collections.abc import Iterator

from appointments.models import Customer
from aro.ops import key_proofs


def register_all() -> None:
    key_proofs.register_sealed("customer.phone_typed", _typed_phones)


def _typed_phones() -> Iterator[str]:
    return Customer.objects.exclude(phone_typed="").values_list("phone_typed", flat=True).iterator(chunk_size=1000)
