from __future__ import annotations

import json
from pathlib import Path

import environ
import pytest

from aro import paths
from aro.console import PlainError
from aro.ops.files import write_private


def test_the_sockets_are_in_the_data_directory_when_its_name_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARO_HOME", "/srv/aro")
    assert paths.socket_directory() == Path("/srv/aro/run")


def test_a_long_data_directory_gets_short_sockets_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    directories = set()
    for letter in "ab":
        monkeypatch.setenv("ARO_HOME", "/srv/" + letter * 120)
        directories.add(paths.socket_directory())
        assert len(str(paths.socket_directory() / ".s.PGSQL.5432")) < 104
    assert len(directories) == 2


def test_the_choice_of_sockets_does_not_depend_on_tmpdir(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARO_HOME", "/srv/" + "a" * 120)
    before = paths.socket_directory()
    monkeypatch.setenv("TMPDIR", "/var/tmp")
    assert paths.socket_directory() == before


def test_sqlite_is_the_default(home: Path) -> None:
    assert paths.sqlite_file(paths.database_url()) == home / "data" / "aro.db"


@pytest.mark.parametrize("name", ["plain", "with space", "100%41", "a+b", "x#y?z", "naïve"])
def test_any_directory_name_survives_the_database_url(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("ARO_HOME", f"/srv/{name}")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    read = environ.Env().db_url_config(paths.sqlite_url())
    assert read["NAME"] == f"/srv/{name}/data/aro.db"


@pytest.mark.parametrize("name", ["with space", "100%41", "a+b", "x#y?z", "naïve"])
def test_a_directory_name_that_a_url_would_escape_gets_sockets_elsewhere(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("ARO_HOME", f"/srv/{name}")
    assert str(paths.socket_directory()).startswith("/tmp/aro-")
    read = environ.Env().db_url_config(paths.embedded_database_url())
    assert read["OPTIONS"]["host"] == str(paths.socket_directory())


def test_a_second_terminal_finds_the_stores_of_the_running_installation(home: Path) -> None:
    write_private(home / "run" / "database_url", "postgresql://aro@/aro?host=/somewhere")
    write_private(home / "run" / "broker_url", "redis://10.0.0.1:6379/0")
    assert paths.database_url() == "postgresql://aro@/aro?host=/somewhere"
    assert paths.broker_url() == "redis://10.0.0.1:6379/0"


def test_the_environment_wins_over_what_was_remembered(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_private(home / "run" / "database_url", "postgresql://remembered/aro")
    monkeypatch.setenv("DATABASE_URL", "postgresql://chosen/aro")
    assert paths.database_url() == "postgresql://chosen/aro"


def test_a_new_start_without_settings_goes_back_to_the_defaults(home: Path) -> None:
    write_private(home / "run" / "database_url", "postgresql://remembered/aro")
    assert paths.chosen_database_url() == paths.sqlite_url()
    assert paths.chosen_broker_url() == paths.embedded_broker_url()


def test_embedded_postgres_means_the_socket_of_this_installation(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "embedded-postgres://")
    assert paths.database_url() == paths.embedded_database_url()


def test_mode_and_ports_are_remembered(home: Path) -> None:
    assert paths.remembered() == {}
    write_private(home / "run" / "environment.json", json.dumps({"ARO_MODE": "sandbox", "PORT": "3001"}))
    assert paths.remembered() == {"ARO_MODE": "sandbox", "PORT": "3001"}


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "ARO_FLOWER_PASSWORD"])
def test_what_holds_a_password_may_stand_in_a_file(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("'kept here'\n", encoding="utf-8")
    monkeypatch.setenv(name, "not this")
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secret"))
    assert paths.given(name) == "kept here"
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(PlainError, match=rf"{name}_FILE names .*nowhere, which cannot be read"):
        paths.given(name)


def test_the_stores_are_found_by_their_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, url in (("DATABASE_URL", "postgresql://aro@db/aro"), ("REDIS_URL", "redis://broker:6379/0")):
        (tmp_path / name).write_text(url, encoding="utf-8")
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
    assert paths.database_url() == paths.chosen_database_url() == "postgresql://aro@db/aro"
    assert paths.broker_url() == paths.chosen_broker_url() == "redis://broker:6379/0"
