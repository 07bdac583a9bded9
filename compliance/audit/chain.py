"""The audit log: who did what to which record, as a chain in which every entry vouches for the one before.

An entry's MAC covers its content and the MAC before it. The head, in a table of its own, is signed as well, so that
cutting the newest entries off is seen too.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from django.db import transaction
from django.db.models import Max

from aro import clock
from aro.secrets import fingerprint
from compliance.models import DEFAULT_TENANT, AuditHead, AuditLog

SECRET_KEYS = re.compile(r"password|secret|token|api_?key|credential|totp|otp_|session|authorization", re.IGNORECASE)
PERSONAL_KEYS = frozenset(
    {
        "name",
        "first_name",
        "last_name",
        "customer_name",
        "phone",
        "email",
        "address",
        "body",
        "text",
        "notes",
        "wording",
        "evidence",
        "birth_date",
    }
)
SECRET, PERSONAL = "[secret]", "[personal]"
# What PostgreSQL refuses in text and jsonb and SQLite takes: NUL and lone surrogates.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def write(  # noqa: PLR0913 - who, what, which, before, after, why, from where
    *,
    action: str,
    actor: str,
    actor_id: str = "",
    resource_type: str,
    resource_id: object = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    ip: str | None = None,
    tenant_id: str = DEFAULT_TENANT,
) -> AuditLog:
    """Appends an entry; secret and personal values are replaced first. Writers of a tenant wait for each other."""
    entry = AuditLog(
        tenant_id=tenant_id,
        at=clock.now(),
        action=action,
        actor=actor,
        actor_id=_text(actor_id)[:64],
        resource_type=resource_type,
        resource_id=_text(resource_id)[:64],
        before=redact(before or {}),
        after=redact(after or {}),
        reason=_text(reason),
        ip=_address(ip),
    )
    with transaction.atomic():
        _append(entry)
    return entry


def _append(entry: AuditLog) -> None:
    head = _locked_head(entry.tenant_id)
    before = AuditLog.objects.filter(tenant_id=entry.tenant_id, seq=head.seq).values_list("mac", flat=True).first()
    entry.seq = head.seq + 1
    entry.mac = _mac(entry, before or "")
    entry.save(force_insert=True)
    head.seq, head.mac = entry.seq, _head_mac(entry.tenant_id, entry.seq, entry.mac)
    head.save(update_fields=["seq", "mac"])


def _locked_head(tenant_id: str) -> AuditHead:
    heads = AuditHead.objects.select_for_update().filter(tenant_id=tenant_id)
    head = heads.first()
    if head is None:
        AuditHead.objects.get_or_create(tenant_id=tenant_id, defaults={"seq": _first_seq(tenant_id)})
        head = heads.get()
    return head


def _first_seq(tenant_id: str) -> int:
    """0 for a new chain. A head that is gone while entries exist was taken away: the hole left here shows it."""
    last = AuditLog.objects.filter(tenant_id=tenant_id).aggregate(last=Max("seq"))["last"]
    return 0 if last is None else last + 1


def verify(tenant_id: str = DEFAULT_TENANT) -> int | None:
    """The number of the first entry that is missing, changed or cut off; None when the chain is whole."""
    expected, before = 1, ""
    for entry in _entries(tenant_id):
        if entry.seq != expected or not hmac.compare_digest(entry.mac, _mac(entry, before)):
            return expected
        expected, before = expected + 1, entry.mac
    return None if _head_agrees(tenant_id, expected - 1, before) else expected


def _entries(tenant_id: str) -> Iterator[AuditLog]:
    return AuditLog.objects.filter(tenant_id=tenant_id).order_by("seq").iterator(chunk_size=1000)


def _head_agrees(tenant_id: str, seq: int, mac: str) -> bool:
    head = AuditHead.objects.filter(tenant_id=tenant_id).first()
    if head is None:
        return seq == 0
    return head.seq == seq and hmac.compare_digest(head.mac, _head_mac(tenant_id, seq, mac))


def is_signed(head: AuditHead) -> bool:
    """Whether the present key signed the end of this chain."""
    last = AuditLog.objects.filter(tenant_id=head.tenant_id, seq=head.seq).values_list("mac", flat=True).first()
    return hmac.compare_digest(head.mac, _head_mac(head.tenant_id, head.seq, last or ""))


def _head_mac(tenant_id: str, seq: int, mac: str) -> str:
    return fingerprint(f"{tenant_id}:{seq}:{mac}", purpose="audit-head")


def _mac(entry: AuditLog, before: str) -> str:
    content = [
        before,
        entry.tenant_id,
        entry.seq,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.action,
        entry.actor,
        entry.actor_id,
        entry.resource_type,
        entry.resource_id,
        entry.before,
        entry.after,
        entry.reason,
        entry.ip,
    ]
    return fingerprint(json.dumps(content, sort_keys=True, separators=(",", ":")), purpose="audit")


def redact(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping with secret and personal values replaced, in types that every database gives back unchanged."""
    return {_text(key): _redacted(str(key), value) for key, value in values.items()}


def _redacted(key: str, value: Any) -> Any:
    if value not in (None, "") and SECRET_KEYS.search(key):
        return SECRET
    if value not in (None, "") and key.lower() in PERSONAL_KEYS:
        return PERSONAL
    if isinstance(value, Mapping):
        return redact(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(key, inner) for inner in value]
    # A float or a date may be spelt differently by the database that returns it, and the MAC would not match.
    return value if value is None or isinstance(value, bool | int) else _text(value)


def _text(value: object) -> str:
    return _UNSTORABLE.sub("\ufffd", str(value))


def _address(ip: str | None) -> str | None:
    """One spelling per address, because PostgreSQL normalises and SQLite does not; None when it is no address."""
    try:
        return str(ipaddress.ip_address(ip)) if ip else None
    except ValueError:
        return None
