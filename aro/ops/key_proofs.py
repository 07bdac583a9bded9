"""Are this process's keys the ones its database was made with? A process with foreign or lost keys must not start.

Opt-outs and consents are found by HMAC: with another key nobody who said STOP is found, and everybody is texted again.
So the database keeps a fingerprint made with its HMAC key, and for each encryption key a probe that only it can open.
The first process on an empty database writes them; one on a database from before proofs existed does so only when its
keys fit what is stored. The HMAC key never changes: once a person is erased, nothing is left to be hashed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import takewhile

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, QuerySet

from aro import secrets
from aro.ops import keys
from aro.queue import locks
from aro.secrets import NotPreparedError, SecretError

HMAC = "hmac"
ENCRYPTION = "encryption "
_PROBE = b"aro"
_WORDS = "docs/how-to/add-a-host.md"


class ForeignKeysError(SecretError):
    """The keys are not this database's. The message says which, and what to copy from where."""


@dataclass(frozen=True)
class Witness:
    """Stored values that were made with the HMAC key, compared with what the present key makes of the same."""

    fits: int
    contradicts: int


_witnesses: list[Callable[[], Witness]] = []
_sealed: dict[str, Callable[[], Iterable[str]]] = {}
_verified = False


def register_witness(count: Callable[[], Witness]) -> None:
    """`count` is asked once: when a database from before proofs existed meets its first process that writes them."""
    _witnesses.append(count)


def register_sealed(name: str, tokens: Callable[[], Iterable[str]]) -> None:
    """Where sealed values are kept: `tokens` yields all that are stored under `name` (table and field)."""
    _sealed[name] = tokens


def ensure() -> None:
    """`check`, once per process: the keys do not change while it runs. Raises as it does."""
    global _verified  # noqa: PLW0603
    if not _verified:
        check()
        _verified = True


def check() -> None:
    """Writes the proofs that are missing, when the keys may do so. Raises `ForeignKeysError` when they are not this
    database's, `KeyMissingError` without any, `NotPreparedError` before the migrations, and `DatabaseError`."""
    found = _read()
    if HMAC in found:
        _compare(found)
    if HMAC not in found or _lacking(found) or _coming(found):
        _settle()


def compare() -> None:
    """`check` that writes nothing: for health and diagnosis. A database without proofs agrees with everybody."""
    found = _read()
    if HMAC in found:
        _compare(found)


def exist() -> bool:
    """Whether the database knows whose it is."""
    return HMAC in _read()


def lacking() -> list[str]:
    """The ids of the encryption keys that the database knows and this process does not have, oldest first."""
    return [name.removeprefix(ENCRYPTION) for name in _lacking(_read())]


def forget(key_id: str) -> None:
    """The encryption key is gone for good. Raises `ForeignKeysError` while stored values are sealed with a key that
    this process does not have, or when its HMAC key is not the database's."""
    if not secrets.same(_read().get(HMAC, ""), _own_hmac()):
        raise ForeignKeysError(_hmac_words(_read().get(HMAC, "")))
    _refuse_unreadable()
    _proofs().filter(name=ENCRYPTION + key_id).delete()


def _settle() -> None:
    """One process at a time, so that of two hosts on an empty database one wins and the other is told."""
    with transaction.atomic():
        locks.hold("key proofs")
        found = _read()
        if HMAC not in found:
            _refuse_contradicting()
            _refuse_unreadable()
            _proofs().create(name=HMAC, proof=_own_hmac())
        else:
            _compare(found)
        _retire(_lacking(found))
        _add_probes(found)


def _proofs() -> QuerySet[Model]:
    from aro.models import KeyProof  # noqa: PLC0415 - whoever starts a process imports this before Django is set up

    return KeyProof.objects.all()


def _read() -> dict[str, str]:
    """Name and proof, in the order in which the keys came."""
    try:
        return dict(_proofs().order_by("pk").values_list("name", "proof"))
    except DatabaseError as error:
        if _proofs().model._meta.db_table in connection.introspection.table_names():
            raise
        raise NotPreparedError("The database was not prepared by this version yet. Start ARO: aro up") from error


def _compare(found: dict[str, str]) -> None:
    if not secrets.same(found[HMAC], _own_hmac()):
        raise ForeignKeysError(_hmac_words(found[HMAC]))
    missing, known = _lacking(found), [name for name in found if name != HMAC]
    # The newest one seals what the other hosts write now; without any of them the whole set is foreign.
    if missing and missing[-1] == known[-1]:
        raise ForeignKeysError(_encryption_words(missing))
    if missing:
        _refuse_unreadable()


def _lacking(found: dict[str, str]) -> list[str]:
    own = _own_keys()
    return [name for name, probe in found.items() if name != HMAC and not _opens(own.get(name), probe)]


def _retire(missing: list[str]) -> None:
    """Old keys that were taken out, and with which nothing is sealed any more."""
    if missing:
        _proofs().filter(name__in=missing).delete()


def _add_probes(found: dict[str, str]) -> None:
    own = _own_keys()
    # The newest comes first in the setting, and last here.
    for name in reversed(_coming(found)):
        _proofs().create(name=name, proof=own[name].encrypt(_PROBE).decode("ascii"))


def _coming(found: dict[str, str]) -> list[str]:
    """This process's keys that are newer than all that the database knows, newest first. One behind a known key was
    retired, or waits there to become the newest on every host at once: nothing is sealed with it."""
    return list(takewhile(lambda name: name not in found, _own_keys()))


def _own_keys() -> dict[str, Fernet]:
    """This process's encryption keys by the name of their proof, newest first."""
    secrets.refuse_unusable()
    return {_name(key): Fernet(key) for key in settings.ENCRYPTION_KEYS}


def _name(key: str) -> str:
    return ENCRYPTION + hashlib.sha256(f"aro key {key.rstrip('=')}".encode()).hexdigest()[:12]


def _opens(key: Fernet | None, probe: str) -> bool:
    try:
        return key is not None and key.decrypt(probe.encode("utf-8")) == _PROBE
    except InvalidToken:
        return False


def _own_hmac() -> str:
    return secrets.fingerprint("this database's own", purpose="key proof")


def _refuse_contradicting() -> None:
    """A minority that does not fit was written by a host with keys of its own, before such hosts were refused."""
    heard = [count() for count in _witnesses]
    if sum(one.contradicts for one in heard) > sum(one.fits for one in heard):
        raise ForeignKeysError(_hmac_words(""))


def _refuse_unreadable() -> None:
    for name, tokens in _sealed.items():
        if not all(secrets.is_readable(token) for token in tokens()):
            raise ForeignKeysError(_sealed_words(name))


def _hmac_words(stored: str) -> str:
    place = keys.place("hmac_key")
    if stored and secrets.same(stored, _proof_of(_bare(settings.HMAC_KEY))):
        way_out = f"It is, but for the quotation marks, blanks or the mark (BOM) around it: take them off in {place}."
    elif stored and secrets.same(stored, _proof_of(settings.SECRET_KEY)):
        way_out = f"The database was made when ARO_SECRET_KEY stood in for it: put that key's value into {place}."
    else:
        way_out = (
            "Copy keys/hmac_key from the ARO_HOME of a host that already works on this database, or from your backup "
            f"of the keys, to {place}."
        )
    return (
        "The HMAC key of this host is not the one this database was made with. ARO would not find who said STOP and "
        f"would text them again, so nothing was started or changed. {way_out} This key is never exchanged for another "
        f"one ({_WORDS})."
    )


def _bare(key: str) -> str:
    """Without what an editor or a file of settings has put around it."""
    return key.strip("\ufeff'\"\u201c\u201d \t\r\n")


def _proof_of(key: str) -> str:
    return secrets.fingerprint_with(key, "this database's own", purpose="key proof")


def _encryption_words(missing: list[str]) -> str:
    ids = ", ".join(name.removeprefix(ENCRYPTION) for name in missing)
    return (
        f"This host lacks an encryption key of this database ({ids}): what is sealed with it could not be read, so "
        "nothing was started or changed. Copy keys/encryption_keys from the ARO_HOME of a host that already works on "
        f"this database, or from your backup of the keys, to {keys.place('encryption_keys')}; a new key goes before "
        f"the old ones, never in their place ({_WORDS}). One that is gone for good, or was only tried: "
        f"{_forget(missing)}, which holds as long as nothing is sealed with it."
    )


def _forget(missing: list[str]) -> str:
    return " and ".join(f"aro keys:forget {name.removeprefix(ENCRYPTION)}" for name in missing)


def _sealed_words(name: str) -> str:
    return (
        f"Values in {name} are sealed with an encryption key that this host does not have, so nothing was started or "
        "changed. Copy keys/encryption_keys from the ARO_HOME of a host that already works on this database, or from "
        f"your backup of the keys, to {keys.place('encryption_keys')}; a new key goes before the old ones, never in "
        f"their place ({_WORDS})."
    )
