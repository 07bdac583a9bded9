"""Who agreed to what, and who said stop. All of it belongs to the phone number (or e-mail address), not to a person.

Addresses are looked up by HMAC, so that a suppression outlives the erasure of the person; and in clear as long as they
are stored in clear, so that no slip with a key makes ARO text somebody who said stop.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from aro import clock
from aro.queue import rows
from aro.queue.remembered import remembered
from aro.secrets import fingerprint
from compliance import phones
from compliance.models import DEFAULT_TENANT, Channel, Consent, Purpose, Suppression

# An address, with the channel and the purpose that somebody is asked about.
Asked = tuple[str, str, str]


def address_hmac(address: str) -> str:
    """The fingerprint under which an address is kept; case and surrounding blanks do not count."""
    return fingerprint(_plain(address), purpose="address")


def _plain(address: str) -> str:
    return address.strip().lower()


def spellings(address: str) -> tuple[str, ...]:
    """Under which spellings this address may have been kept: some countries' numbers have two."""
    return phones.variants(_plain(address))


def hmacs(address: str) -> list[str]:
    """The fingerprints of all of them."""
    return [address_hmac(one) for one in spellings(address)]


def give(  # noqa: PLR0913 - what a regulator asks for
    address: str,
    channel: str,
    purpose: str,
    *,
    method: str,
    wording: str = "",
    evidence: str = "",
    ip: str | None = None,
    at: datetime | None = None,
    tenant_id: str = DEFAULT_TENANT,
) -> Consent:
    """Records consent as it was given: how, to which words, with what evidence."""
    how = {"method": method, "wording": wording, "evidence": evidence[:200], "ip": ip, "at": at or clock.now()}
    consent = _given((address, channel, purpose), tenant_id, **how)
    rows.insert_all(Consent, [consent])
    return consent


def give_first(wanted: Sequence[Asked], *, method: str, evidence: str, tenant_id: str = DEFAULT_TENANT) -> None:
    """Records consent to each of these of which nobody has ever said anything."""
    kept = [(asked, hmac) for asked in wanted for hmac in hmacs(asked[0])]
    said = set(_spoken_of(tenant_id, [hmac for _, hmac in kept]))
    known = {asked for asked, hmac in kept if (hmac, *asked[1:]) in said}
    how = {"method": method, "evidence": evidence[:200], "at": clock.now()}
    rows.insert_all(Consent, [_given(asked, tenant_id, **how) for asked in wanted if asked not in known])


def _given(asked: Asked, tenant_id: str, **how: Any) -> Consent:
    address, channel, purpose = asked
    return Consent(
        tenant_id=tenant_id,
        address=address,
        address_hmac=address_hmac(address),
        channel=channel,
        purpose=purpose,
        given=True,
        **how,
    )


@remembered
def _spoken_of(tenant_id: str, hmacs: Collection[str]) -> QuerySet[Consent, tuple[str, str, str]]:
    """Of what anything has been said at these addresses."""
    said = Consent.objects.filter(tenant_id=tenant_id, address_hmac__in=hmacs).order_by()
    return said.values_list("address_hmac", "channel", "purpose").distinct()


def withdraw(  # noqa: PLR0913 - what a regulator asks for
    address: str,
    channel: str,
    purpose: str,
    *,
    method: str,
    evidence: str = "",
    at: datetime | None = None,
    tenant_id: str = DEFAULT_TENANT,
) -> list[Consent]:
    """Records a withdrawal. Who texts a stop word about care wants no marketing either: that withdraws both."""
    purposes = list(Purpose) if (purpose, method) == (Purpose.CARE, Consent.Method.KEYWORD) else [purpose]
    moment = at or clock.now()
    return Consent.objects.bulk_create(
        Consent(
            tenant_id=tenant_id,
            address=address,
            address_hmac=address_hmac(address),
            channel=channel,
            purpose=one,
            given=False,
            at=moment,
            method=method,
            evidence=evidence[:200],
        )
        for one in purposes
    )


def state(
    address: str, channel: str = Channel.SMS, purpose: str = Purpose.CARE, *, tenant_id: str = DEFAULT_TENANT
) -> bool | None:
    """True: given, False: withdrawn, None: nobody ever said. The newest statement counts."""
    return next(iter(_said(tenant_id, hmacs(address), channel, purpose)), None)


@remembered
def _said(tenant_id: str, known: Collection[str], channel: str, purpose: str) -> QuerySet[Consent, bool]:
    return statements(tenant_id, known, channel, purpose).values_list("given", flat=True)[:1]


def statements(tenant_id: str, known: Collection[str], channel: str, purpose: str) -> QuerySet[Consent]:
    """What was said about the address with these fingerprints, the newest first."""
    said = Consent.objects.filter(tenant_id=tenant_id, address_hmac__in=known, channel=channel, purpose=purpose)
    return said.order_by("-at", "-id")


def suppress(address: str, *, source: str, tenant_id: str = DEFAULT_TENANT) -> bool:
    """No more texts to this address, on any channel. Safe to repeat; True when it was not suppressed before.

    `source`: keyword, provider, staff or model.
    """
    entry = Suppression(
        tenant_id=tenant_id, address=address, address_hmac=address_hmac(address), source=source, since=clock.now()
    )
    already = is_suppressed(address, tenant_id=tenant_id)
    # The unique constraint decides between two at once; the loser's row is not written.
    Suppression.objects.bulk_create([entry], ignore_conflicts=True)
    return not already and Suppression.objects.filter(pk=entry.pk).exists()


def lift(address: str, *, by: str, tenant_id: str = DEFAULT_TENANT) -> bool:
    """Texts are wanted again (START, or staff with evidence); False when the address was not suppressed."""
    this = Q()
    for spelling in spellings(address):
        this |= Q(address_hmac=address_hmac(spelling)) | (Q(address__iexact=spelling) & ~Q(address=""))
    return bool(_active(tenant_id).filter(this).update(lifted_at=clock.now(), lifted_by=by[:64]))


def is_suppressed(address: str, *, tenant_id: str = DEFAULT_TENANT) -> bool:
    """Whether this address said stop and has not come back."""
    return suppressed_since(address, tenant_id=tenant_id) is not None


def suppressed_since(address: str, *, tenant_id: str = DEFAULT_TENANT) -> datetime | None:
    """When this address said stop; None when it has not, or has come back."""
    return min(_kept(tenant_id, spellings(address), hmacs(address)), default=None)


@remembered
def _kept(tenant_id: str, written: Collection[str], known: Collection[str]) -> QuerySet[Suppression, datetime]:
    return suppressions(tenant_id, written, known).values_list("since", flat=True)


def suppressions(tenant_id: str, written: Collection[str], known: Collection[str]) -> QuerySet[Suppression]:
    """Those in force for an address with these spellings and fingerprints, as the index `suppression_in_clear` has
    it."""
    kept = _active(tenant_id)
    in_clear = kept.alias(plain=Lower("address")).filter(plain__in=written).exclude(address="")
    # Each by its own index. Asked with one OR, SQLite reads all of the clinic's.
    either = kept.filter(address_hmac__in=known).values("pk").union(in_clear.values("pk"), all=True)
    return Suppression.objects.filter(pk__in=either)


def _active(tenant_id: str) -> QuerySet[Suppression]:
    return Suppression.objects.filter(tenant_id=tenant_id, lifted_at=None)
