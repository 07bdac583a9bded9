"""What shows, in a database from before keys had proofs, whether the HMAC key at hand is the one it was made with."""

from __future__ import annotations

from collections.abc import Iterator

from aro.ops import key_proofs
from aro.ops.key_proofs import Witness
from compliance import consent
from compliance.audit import chain
from compliance.models import AuditHead, Consent, Suppression


def register_all() -> None:
    key_proofs.register_witness(addresses)
    key_proofs.register_witness(audit_heads)


def addresses() -> Witness:
    """Every opt-out and consent whose address is still stored in clear, hashed anew."""
    return _witness(consent.address_hmac(address) == stored for address, stored in _in_clear())


def audit_heads() -> Witness:
    """The signed ends of the audit chains."""
    return _witness(chain.is_signed(head) for head in AuditHead.objects.exclude(seq=0))


def _in_clear() -> Iterator[tuple[str, str]]:
    for model in (Suppression, Consent):
        known = model._default_manager.exclude(address="").values_list("address", "address_hmac")
        yield from known.iterator(chunk_size=1000)


def _witness(verdicts: Iterator[bool]) -> Witness:
    heard = list(verdicts)
    return Witness(fits=sum(heard), contradicts=len(heard) - sum(heard))
