"""Numbers at which somebody else answers (47 CFR 64.1200(m), reassigned numbers): held until a person settles it."""

from __future__ import annotations

from django.db.models import QuerySet

from aro import clock
from aro.queue import rows
from compliance.consent import address_hmac
from compliance.models import DEFAULT_TENANT, WrongNumber


def hold(address: str, *, tenant_id: str = DEFAULT_TENANT) -> WrongNumber:
    """Nothing personal goes there from now on. Safe to repeat: the open row is the same."""
    mac = address_hmac(address)
    row, _ = WrongNumber.objects.get_or_create(tenant_id=tenant_id, address_hmac=mac, settled_at=None)
    return row


def current(address: str, *, tenant_id: str = DEFAULT_TENANT) -> WrongNumber | None:
    """The open row of this number, if nobody has settled it yet."""
    if not address:
        return None
    return rows.first(WrongNumber, tenant_id=tenant_id, address_hmac=address_hmac(address), settled_at=None)


def is_held(address: str, *, tenant_id: str = DEFAULT_TENANT) -> bool:
    """Whether nothing personal may go to this number."""
    return current(address, tenant_id=tenant_id) is not None


def all_held(*, tenant_id: str = DEFAULT_TENANT) -> frozenset[str]:
    """The fingerprints (`address_hmac`) of all numbers to which nothing personal may go, for a list."""
    held = WrongNumber.objects.filter(tenant_id=tenant_id, settled_at=None)
    return frozenset(held.values_list("address_hmac", flat=True))


def unsettled(tenant_id: str, hmac: str) -> QuerySet[WrongNumber]:
    """The open row of the number with this fingerprint, for a statement that asks more."""
    return WrongNumber.objects.filter(tenant_id=tenant_id, address_hmac=hmac, settled_at=None)


def settle(address: str, *, by: str, tenant_id: str = DEFAULT_TENANT) -> bool:
    """A person says that the number is right after all; False when nobody had doubted it."""
    held = unsettled(tenant_id, address_hmac(address))
    return bool(held.update(settled_at=clock.now(), settled_by=by[:64]))
