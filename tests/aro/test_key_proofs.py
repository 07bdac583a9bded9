"""Foreign and lost keys are refused, on both databases; the right ones write their proofs once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.db import connection, connections
from pytest_django import Settings

from aro import secrets
from aro.models import KeyProof
from aro.ops import key_proofs
from aro.ops.key_proofs import ForeignKeysError, Witness
from aro.secrets import KeyMissingError, NotPreparedError

pytestmark = pytest.mark.django_db

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
PLACE: dict[str, Any] = {"table": "aro_test", "row": 1, "field": "secret"}


@pytest.fixture(autouse=True)
def nothing_stored(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty database, one encryption key, and nobody else's witnesses."""
    KeyProof.objects.all().delete()
    settings.HMAC_KEY, settings.ENCRYPTION_KEYS = "the clinic's own", [OLD]
    monkeypatch.setattr(key_proofs, "_witnesses", [])
    monkeypatch.setattr(key_proofs, "_sealed", {})
    monkeypatch.setattr(key_proofs, "_verified", False)


def _names() -> list[str]:
    return list(KeyProof.objects.order_by("pk").values_list("name", flat=True))


def test_the_first_process_on_an_empty_database_writes_the_proofs_and_later_ones_agree() -> None:
    key_proofs.check()
    written = list(KeyProof.objects.values_list("name", "proof"))
    assert [name.partition(" ")[0] for name in _names()] == ["hmac", "encryption"]
    key_proofs.check()
    key_proofs.compare()
    assert list(KeyProof.objects.values_list("name", "proof")) == written


def test_no_proof_tells_a_key() -> None:
    key_proofs.check()
    stored = " ".join(f"{name} {proof}" for name, proof in KeyProof.objects.values_list("name", "proof"))
    assert OLD not in stored
    assert "the clinic's own" not in stored


def test_another_hmac_key_is_refused_with_the_file_to_copy(settings: Settings) -> None:
    key_proofs.check()
    before = _names()
    settings.HMAC_KEY = "another host's"
    for look in (key_proofs.check, key_proofs.compare):
        with pytest.raises(ForeignKeysError, match=r"HMAC key of this host .* Copy keys/hmac_key .*keys/hmac_key\. "):
            look()
    assert _names() == before


def test_a_database_made_when_the_secret_key_stood_in_says_so(settings: Settings) -> None:
    settings.HMAC_KEY = django_settings.SECRET_KEY
    key_proofs.check()
    settings.HMAC_KEY = "made by a later start"
    with pytest.raises(ForeignKeysError, match="ARO_SECRET_KEY stood in for it: put that key's value into "):
        key_proofs.check()


@pytest.mark.parametrize("wrapped", ['"{}"', "'{}'", "\ufeff{}", " {}\n"])
def test_a_key_in_quotes_is_said_to_be_the_right_one(settings: Settings, wrapped: str) -> None:
    settings.HMAC_KEY = "the clinic's own"
    key_proofs.check()
    settings.HMAC_KEY = wrapped.format(settings.HMAC_KEY)
    with pytest.raises(ForeignKeysError, match=r"It is, but for the quotation marks.*: take them off in "):
        key_proofs.check()


def test_a_key_that_was_only_tried_can_be_forgotten_by_the_command_that_is_named(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    key_proofs.check()
    settings.ENCRYPTION_KEYS = [OLD]
    with pytest.raises(ForeignKeysError) as error:
        key_proofs.check()
    named = str(error.value).partition("aro keys:forget ")[2].partition(",")[0]
    key_proofs.forget(named)
    key_proofs.check()


@pytest.mark.parametrize("keys", [[OTHER], [NEW, OTHER]])
def test_encryption_keys_none_of_which_is_known_are_refused(settings: Settings, keys: list[str]) -> None:
    key_proofs.check()
    settings.ENCRYPTION_KEYS = keys
    with pytest.raises(ForeignKeysError, match=r"lacks an encryption key .* Copy keys/encryption_keys "):
        key_proofs.check()
    assert len(_names()) == 2


def test_without_a_key_there_is_no_start(settings: Settings) -> None:
    key_proofs.check()
    settings.ENCRYPTION_KEYS = []
    with pytest.raises(KeyMissingError):
        key_proofs.check()
    settings.ENCRYPTION_KEYS, settings.HMAC_KEY = [OLD], ""
    with pytest.raises(KeyMissingError):
        key_proofs.check()


def test_a_key_added_for_rotation_gets_its_proof_and_a_host_without_it_is_refused(settings: Settings) -> None:
    key_proofs.check()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    key_proofs.check()
    assert len(_names()) == 3
    settings.ENCRYPTION_KEYS = [OLD]
    with pytest.raises(ForeignKeysError, match="lacks an encryption key"):
        key_proofs.check()


def test_a_key_that_waits_behind_is_no_newest_one(settings: Settings) -> None:
    """It is put on every host first, and in front only then; meanwhile a host without it goes on."""
    key_proofs.check()
    settings.ENCRYPTION_KEYS = [OLD, NEW]
    key_proofs.check()
    settings.ENCRYPTION_KEYS = [OLD]
    key_proofs.check()
    assert len(_names()) == 2


def test_an_old_key_may_go_when_nothing_is_sealed_with_it_and_does_not_come_back(settings: Settings) -> None:
    key_proofs.check()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    key_proofs.check()
    settings.ENCRYPTION_KEYS = [NEW]
    key_proofs.check()
    left = _names()
    assert len(left) == 2
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    key_proofs.check()
    assert _names() == left


def test_an_old_key_may_not_go_while_something_is_sealed_with_it(settings: Settings) -> None:
    key_proofs.check()
    token = secrets.seal("phone as typed", **PLACE)
    key_proofs.register_sealed("aro_test.secret", lambda: [token])
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    key_proofs.check()
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(ForeignKeysError, match=r"Values in aro_test\.secret are sealed with .* does not have"):
        key_proofs.check()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    key_proofs.check()


def test_a_damaged_proof_is_no_proof() -> None:
    key_proofs.check()
    KeyProof.objects.filter(name__startswith="encryption").update(proof="gAAAA")
    with pytest.raises(ForeignKeysError):
        key_proofs.check()


def test_a_lost_newest_key_can_be_forgotten_when_nothing_is_sealed_with_it(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    key_proofs.check()
    settings.ENCRYPTION_KEYS = [OLD]
    (lost,) = key_proofs.lacking()
    key_proofs.forget(lost)
    key_proofs.check()
    assert key_proofs.lacking() == []


def test_a_lost_key_is_not_forgotten_while_something_is_sealed_with_it(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    key_proofs.check()
    token = secrets.seal("x", **PLACE)
    key_proofs.register_sealed("aro_test.secret", lambda: [token])
    settings.ENCRYPTION_KEYS = [OLD]
    with pytest.raises(ForeignKeysError):
        key_proofs.forget(key_proofs.lacking()[0])


@pytest.mark.parametrize(
    ("fits", "contradicts", "starts"), [(3, 0, True), (0, 1, False), (1, 2, False), (900, 2, True)]
)
def test_an_older_installation_gets_its_proofs_from_the_keys_that_fit_what_is_stored(
    fits: int, contradicts: int, starts: bool
) -> None:
    """A few that do not fit were written by a host with keys of its own, which ARO used to allow."""
    key_proofs.register_witness(lambda: Witness(fits, contradicts))
    if starts:
        key_proofs.check()
    else:
        with pytest.raises(ForeignKeysError, match="HMAC key of this host"):
            key_proofs.check()
    assert len(_names()) == (2 if starts else 0)


def test_an_older_installation_whose_sealed_values_do_not_open_is_refused(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OTHER]
    token = secrets.seal("x", **PLACE)
    key_proofs.register_sealed("aro_test.secret", lambda: [token])
    settings.ENCRYPTION_KEYS = [OLD]
    with pytest.raises(ForeignKeysError):
        key_proofs.check()
    assert _names() == []


def test_it_is_looked_at_once_per_process(settings: Settings) -> None:
    key_proofs.ensure()
    settings.HMAC_KEY = "another"
    key_proofs.ensure()
    with pytest.raises(ForeignKeysError):
        key_proofs.check()


@pytest.fixture
def no_table() -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.delete_model(KeyProof)
    yield
    with connection.schema_editor() as editor:
        editor.create_model(KeyProof)


@pytest.mark.django_db(transaction=True)
def test_before_the_migrations_it_says_what_to_start(no_table: None) -> None:
    with pytest.raises(NotPreparedError, match="aro up"):
        key_proofs.check()


@pytest.mark.django_db(transaction=True)
def test_of_two_hosts_that_start_at_once_on_an_empty_database_one_wins() -> None:
    for _ in range(5):
        KeyProof.objects.all().delete()
        outcomes = _race(["one host's", "the other's"])
        assert sorted(outcomes) == ["refused", "won"]
        assert KeyProof.objects.filter(name="hmac").count() == 1


def _race(hmac_keys: list[str]) -> list[str]:
    """Each in a thread of its own, with a key of its own; all start together."""
    gate, outcomes = threading.Barrier(len(hmac_keys)), list[str]()
    own = threading.local()

    def fingerprint(value: str, *, purpose: str) -> str:
        return secrets.fingerprint_with(own.key, value, purpose=purpose)

    def start(key: str) -> None:
        own.key = key
        gate.wait(10)
        try:
            key_proofs.check()
            outcomes.append("won")
        except ForeignKeysError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    with pytest.MonkeyPatch.context() as patch:
        # Two processes have two keys; two threads share the settings.
        patch.setattr(secrets, "fingerprint", fingerprint)
        threads = [threading.Thread(target=start, args=(key,)) for key in hmac_keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    return outcomes
