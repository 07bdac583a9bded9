"""A data directory in use that is started on another database than the last time."""

from __future__ import annotations

from pathlib import Path

import pytest

from aro import paths
from aro.console import PlainError
from aro.ops import preflight, up
from aro.ops.files import write_private
from aro.ops.stores import other_database

OURS = "postgresql://aro:hidden@db.example.com:5432/clinic"


@pytest.fixture
def used(home: Path) -> Path:
    """Its data lie in SQLite."""
    (home / "data" / "aro.db").write_bytes(b"rows")
    return home


@pytest.mark.parametrize("url", [paths.EMBEDDED_POSTGRES, OURS, "sqlite:////srv/another.db"])
def test_an_empty_database_beside_the_one_with_the_data_is_refused_with_the_way_on(
    used: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(
        PlainError, match=r"data/aro\.db.* is empty.*unset DATABASE_URL.*ARO_EMPTY_DATABASE=yes"
    ) as said:
        other_database.look(empty=True)
    assert "hidden" not in str(said.value)


def test_whoever_means_it_is_let_on_and_told_which_one_is_used(
    used: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", OURS)
    monkeypatch.setenv("ARO_EMPTY_DATABASE", "yes")
    other_database.look(empty=True)
    said = capsys.readouterr().out
    assert "PostgreSQL at db.example.com:5432/clinic" in said
    assert f"SQLite file {used}/data/aro.db" in said


def test_the_way_back_is_told_too(
    used: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_private(used / "run" / "database_url", OURS)
    other_database.look(empty=False)
    assert "the last one used PostgreSQL at db.example.com:5432/clinic" in capsys.readouterr().out


def test_a_first_start_and_another_password_are_no_other_database(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", OURS)
    other_database.look(empty=True)
    write_private(home / "run" / "database_url", OURS.replace("hidden", "former"))
    other_database.look(empty=True)
    assert capsys.readouterr().out == ""


def test_a_start_that_was_refused_leaves_word_of_the_former_database(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = preflight.addresses()
    up._remember(at)
    monkeypatch.setenv("DATABASE_URL", OURS)
    up._remember(at)
    assert paths.last_database_url() == paths.sqlite_url()
    up._remember_database()
    assert paths.last_database_url() == OURS
