"""Sealing, rotation and fingerprints."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from aro import secrets

PLACE: dict[str, Any] = {"table": "appointments_business", "row": 7, "field": "credentials"}
VALUE = "pässword of the clinic"


@pytest.fixture
def keys(settings: Settings) -> list[str]:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    return list(settings.ENCRYPTION_KEYS)


def test_what_was_sealed_opens_at_its_place(keys: list[str]) -> None:
    assert secrets.open_sealed(secrets.seal(VALUE, **PLACE), **PLACE) == VALUE


def test_a_token_does_not_show_the_value(keys: list[str]) -> None:
    assert VALUE not in secrets.seal(VALUE, **PLACE)
    assert secrets.seal(VALUE, **PLACE) != secrets.seal(VALUE, **PLACE)


@pytest.mark.parametrize("moved", [{"table": "other"}, {"row": 8}, {"field": "notes"}])
def test_a_token_moved_to_another_place_does_not_open(keys: list[str], moved: dict[str, object]) -> None:
    token = secrets.seal(VALUE, **PLACE)
    with pytest.raises(secrets.SealBrokenError, match="another place") as caught:
        secrets.open_sealed(token, **{**PLACE, **moved})
    assert VALUE not in str(caught.value)


def test_a_changed_token_does_not_open(keys: list[str]) -> None:
    token = secrets.seal(VALUE, **PLACE)
    with pytest.raises(secrets.SealBrokenError):
        secrets.open_sealed(token[:-6] + "AAAAAA", **PLACE)


def test_after_rotation_only_the_newest_key_is_needed(keys: list[str], settings: Settings) -> None:
    old = secrets.seal(VALUE, **PLACE)
    newest = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [newest, *keys]
    assert not secrets.is_current(old)
    token = secrets.rotate(old, **PLACE)
    assert secrets.is_current(token)
    settings.ENCRYPTION_KEYS = [newest]
    assert secrets.open_sealed(token, **PLACE) == VALUE
    settings.ENCRYPTION_KEYS = keys
    with pytest.raises(secrets.SealBrokenError):
        secrets.open_sealed(token, **PLACE)


@pytest.mark.parametrize(("broken", "words"), [([], "no encryption key"), (["short"], "damaged")])
def test_missing_or_damaged_keys_are_explained(settings: Settings, broken: list[str], words: str) -> None:
    settings.ENCRYPTION_KEYS = broken
    with pytest.raises(secrets.KeyMissingError, match=words):
        secrets.seal(VALUE, **PLACE)


def test_a_fingerprint_is_stable_and_differs_by_purpose_and_key(settings: Settings) -> None:
    settings.HMAC_KEY = "a key that stays"
    first = secrets.fingerprint("+15551234567", purpose="suppression")
    assert first == secrets.fingerprint("+15551234567", purpose="suppression")
    assert len(first) == 64
    others = [secrets.fingerprint("+15551234567", purpose="audit"), secrets.fingerprint("+1555", purpose="suppression")]
    settings.HMAC_KEY = "another key"
    others.append(secrets.fingerprint("+15551234567", purpose="suppression"))
    assert len({first, *others}) == 4


def test_a_fingerprint_outlives_the_rotation_of_encryption_keys(keys: list[str], settings: Settings) -> None:
    before = secrets.fingerprint("x", purpose="p")
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert secrets.fingerprint("x", purpose="p") == before


def test_without_a_key_there_is_no_fingerprint(settings: Settings) -> None:
    settings.HMAC_KEY = ""
    with pytest.raises(secrets.KeyMissingError):
        secrets.fingerprint("x", purpose="p")
