"""A database from before keys had proofs: what is stored tells whose it is."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from aro.models import KeyProof
from aro.ops import key_proofs
from aro.ops.key_proofs import ForeignKeysError, Witness
from compliance import consent
from compliance.audit import chain, key_witnesses
from compliance.models import Actor, Channel, Consent, Purpose, Suppression

pytestmark = pytest.mark.django_db
PHONE = "+12125550142"


@pytest.fixture(autouse=True)
def no_proofs(settings: Settings) -> None:
    KeyProof.objects.all().delete()
    settings.HMAC_KEY = "the clinic's own"


def test_addresses_in_clear_tell_the_key(settings: Settings) -> None:
    consent.suppress(PHONE, source="keyword")
    consent.give("Ana@Example.com ", Channel.EMAIL, Purpose.CARE, method=Consent.Method.WEB_FORM)
    assert key_witnesses.addresses() == Witness(2, 0)
    settings.HMAC_KEY = "another host's"
    assert key_witnesses.addresses() == Witness(0, 2)


def test_an_erased_address_tells_nothing() -> None:
    consent.suppress(PHONE, source="keyword")
    Suppression.objects.update(address="")
    assert key_witnesses.addresses() == Witness(0, 0)


def test_the_end_of_the_audit_log_tells_the_key(settings: Settings) -> None:
    assert key_witnesses.audit_heads() == Witness(0, 0)
    chain.write(action="test", actor=Actor.ADMIN, resource_type="x")
    assert key_witnesses.audit_heads() == Witness(1, 0)
    settings.HMAC_KEY = "another host's"
    assert key_witnesses.audit_heads() == Witness(0, 1)


def test_an_upgraded_installation_takes_its_own_keys_and_refuses_foreign_ones(settings: Settings) -> None:
    consent.suppress(PHONE, source="keyword")
    settings.HMAC_KEY = "another host's"
    with pytest.raises(ForeignKeysError):
        key_proofs.check()
    assert not KeyProof.objects.exists()
    settings.HMAC_KEY = "the clinic's own"
    key_proofs.check()
    assert KeyProof.objects.filter(name="hmac").exists()


def test_who_said_stop_is_found_by_address_too_as_long_as_it_is_in_clear(settings: Settings) -> None:
    """A host with keys of its own, which ARO used to allow, wrote this one."""
    settings.HMAC_KEY = "another host's"
    consent.suppress(PHONE, source="keyword")
    consent.suppress("Ana@Example.com", source="link")
    settings.HMAC_KEY = "the clinic's own"
    assert consent.is_suppressed(PHONE)
    assert consent.is_suppressed("ana@example.com ")
    assert not consent.is_suppressed("+12125550143")
    assert not consent.is_suppressed("")


def test_stop_said_to_two_hosts_is_lifted_as_one(settings: Settings) -> None:
    settings.HMAC_KEY = "another host's"
    consent.suppress(PHONE, source="keyword")
    settings.HMAC_KEY = "the clinic's own"
    assert not consent.suppress(PHONE, source="keyword"), "it was suppressed already"
    assert consent.lift(PHONE, by="START")
    assert not consent.is_suppressed(PHONE)


def test_after_an_erasure_the_hmac_alone_finds_it() -> None:
    consent.suppress(PHONE, source="keyword")
    Suppression.objects.update(address="")
    assert consent.is_suppressed(PHONE)
