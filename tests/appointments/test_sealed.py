"""What is sealed somewhere is known where keys are judged."""

from __future__ import annotations

import re

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from appointments.models import Customer
from aro import secrets
from aro.models import KeyProof
from aro.ops import key_proofs
from aro.ops.key_proofs import ForeignKeysError
from aro.project import ROOT
from tests.factories import CustomerFactory

PLACE = re.compile(r'"table": "(\w+)".{0,80}?"field": "(\w+)"|table="(\w+)".{0,80}?field="(\w+)"', re.DOTALL)
FLOORS = ("aro", "compliance", "appointments", "workflows", "integrations")


def test_every_place_that_is_sealed_is_registered() -> None:
    """Otherwise its key could be taken out, and nobody could read it again."""
    sources = [file.read_text(encoding="utf-8") for floor in FLOORS for file in (ROOT / floor).rglob("*.py")]
    sealing = [source for source in sources if "secrets.seal(" in source]
    found = [[".".join(filter(None, place)) for place in PLACE.findall(source)] for source in sealing]
    assert all(found), "a file seals something, and its place is not spelt out there"
    assert sealing
    assert {name for names in found for name in names} - set(key_proofs._sealed) == set()


@pytest.mark.django_db
def test_a_key_that_a_typed_phone_needs_may_not_be_taken_out(settings: Settings) -> None:
    KeyProof.objects.all().delete()
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [old]
    key_proofs.check()
    customer = CustomerFactory.create()
    typed = secrets.seal("oh two oh", table="customer", row=customer.pk, field="phone_typed")
    Customer.objects.filter(pk=customer.pk).update(phone_typed=typed)
    settings.ENCRYPTION_KEYS = [new, old]
    key_proofs.check()
    settings.ENCRYPTION_KEYS = [new]
    with pytest.raises(ForeignKeysError, match=r"Values in customer\.phone_typed are sealed"):
        key_proofs.check()
    Customer.objects.update(phone_typed="")
    key_proofs.check()
