"""Whose phone a message comes from: a number in any spelling, or an id that the carrier gave to the person."""

from __future__ import annotations

from appointments.inbound import ReplyReceived
from appointments.models import Business, SenderId
from appointments.services.person import customers
from compliance import consent, phones

_LONGEST = 254


def address_of(news: ReplyReceived, business: Business) -> str:
    """The address that consent and conversations are kept under; an id nobody knows yet stands for itself."""
    number = phones.dialled(news.sender, phones.region_of(business.timezone))
    if not number:
        return _by_id(news.user_id or news.sender, business.tenant_id) or news.sender[:_LONGEST]
    known = customers.known_spelling(number, business.tenant_id)
    if news.user_id:
        _remember(news.user_id, known, business.tenant_id)
    return known


def _by_id(external_id: str, tenant_id: str) -> str:
    known = SenderId.objects.filter(tenant_id=tenant_id, external_id=external_id)
    return known.values_list("phone", flat=True).first() or ""


def _remember(external_id: str, phone: str, tenant_id: str) -> None:
    """Who said stop under the id, before the number was known, said it for the number."""
    _, new = SenderId.objects.update_or_create(tenant_id=tenant_id, external_id=external_id, defaults={"phone": phone})
    if new and consent.is_suppressed(external_id, tenant_id=tenant_id):
        consent.suppress(phone, source="keyword", tenant_id=tenant_id)
