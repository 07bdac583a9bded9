from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import RequestFactory, override_settings

from aro.ops import bootstrap
from aro.ops.banner import banner
from aro.ops.supervise.programs import Addresses

AT = Addresses(host="0.0.0.0", port=3000, sandbox_port=3900, flower_port=5555, sandbox=True)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(home: Path) -> Path:
    (home / "keys").mkdir(mode=0o700)
    return home / "keys"


def works(password: str) -> bool:
    request = RequestFactory().post("/admin/login/")
    return authenticate(request, username="admin", password=password) is not None


def waiting_password(keys: Path) -> str:
    return str(json.loads((keys / "first_login").read_text())["password"])


def test_the_first_login_is_shown_once_and_works(keys: Path) -> None:
    bootstrap.create_admin()
    password = waiting_password(keys)
    assert works(password)
    assert password in banner(AT)
    assert password not in banner(AT)
    assert not (keys / "first_login").exists()


def test_a_login_that_was_never_shown_is_made_again(keys: Path) -> None:
    bootstrap.create_admin()
    first = waiting_password(keys)
    bootstrap.create_admin()
    assert waiting_password(keys) != first
    assert works(waiting_password(keys))
    assert get_user_model().objects.count() == 1


def test_an_existing_login_is_left_alone(keys: Path) -> None:
    get_user_model().objects.create_superuser("boss", password="long enough 1")
    bootstrap.create_admin()
    assert not (keys / "first_login").exists()
    assert get_user_model().objects.count() == 1


def test_the_banner_names_addresses_that_a_browser_can_open() -> None:
    text = banner(AT)
    assert "http://127.0.0.1:3000/admin/" in text
    assert "http://127.0.0.1:3900/" in text
    assert "http://127.0.0.1:5555/" in text


def test_a_new_password_replaces_the_old_one(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("admin_password", yes=True, json=True)
    first = json.loads(capsys.readouterr().out)["password"]
    call_command("admin_password", yes=True, json=True)
    second = json.loads(capsys.readouterr().out)["password"]
    assert works(second)
    assert not works(first)


def test_a_new_password_is_not_made_by_accident() -> None:
    with pytest.raises(CommandError, match="Say --yes to go on"):
        call_command("admin_password")
    assert not get_user_model().objects.exists()


def test_a_database_that_is_away_is_described_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://aro:hidden@db.example.com:5432/clinic")
    line = bootstrap.database_advice(OperationalError("connection refused\nIs the server running?"))
    assert line.startswith("PostgreSQL at db.example.com:5432/clinic cannot be used (connection refused).")
    assert "hidden" not in line
    assert "\n" not in line


def test_proxies_that_are_none_are_refused_before_anything_is_prepared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with override_settings(TRUSTED_PROXIES="127.0.0.1,nonsense"):
        assert bootstrap.main() == 1
    said = capsys.readouterr().err
    assert "ARO_TRUSTED_PROXIES: 'nonsense'" in said
    assert "for example 127.0.0.1,::1,10.0.0.0/8" in said


@pytest.mark.parametrize("words", ["database is locked", "canceling statement due to lock timeout"])
def test_a_lock_is_no_reason_to_restore_a_backup(words: str) -> None:
    line = bootstrap.database_advice(OperationalError(words))
    assert "Another program holds the database" in line
    assert "try again" in line
    assert "restore" not in line


def test_a_full_disk_is_no_reason_either() -> None:
    line = bootstrap.database_advice(OperationalError("database or disk is full"))
    assert "disk" in line
    assert "restore" not in line
