from __future__ import annotations

from pathlib import Path

import pytest

from aro import paths
from aro.console import PlainError
from aro.ops import keys
from aro.ops.files import private_directory, rotate, write_private


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_private_directory_is_for_its_owner_only(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o755)
    assert mode(private_directory(tmp_path / "run")) == 0o700
    assert mode(private_directory(tmp_path / "new")) == 0o700


def test_a_file_in_the_way_is_one_plain_line(tmp_path: Path) -> None:
    (tmp_path / "aro").write_text("")
    with pytest.raises(PlainError, match=r"Cannot use the directory .*ARO_HOME=/some/where"):
        private_directory(tmp_path / "aro")


def test_a_link_planted_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "theirs")
    with pytest.raises(PlainError, match="belongs to somebody else"):
        private_directory(tmp_path / "run")


def test_a_private_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    write_private(file, "first")
    write_private(file, "second")
    assert file.read_text() == "second"
    assert mode(file) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_keys_are_made_once_and_never_replaced(home: Path) -> None:
    assert set(keys.ensure()) == set(keys.MAKERS)
    before = {name: paths.key(name) for name in keys.MAKERS}
    assert keys.ensure() == []
    assert {name: paths.key(name) for name in keys.MAKERS} == before
    assert all(len(value) >= 20 for value in before.values())


def test_keys_are_readable_by_their_owner_only(home: Path) -> None:
    keys.ensure()
    assert mode(home / "keys") == 0o700
    assert {mode(file) for file in (home / "keys").iterdir()} == {0o600}


def test_an_interrupted_first_start_makes_only_the_keys_that_are_missing(home: Path) -> None:
    keys.ensure()
    kept = paths.key("encryption_keys")
    (home / "keys" / "hmac_key").unlink()
    assert keys.ensure() == ["hmac_key"]
    assert paths.key("encryption_keys") == kept


def test_what_found_no_room_leaves_no_piece_behind(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_private(tmp_path / "state", "text")
    assert [one.name for one in tmp_path.iterdir()] == ["state"]


def test_a_log_that_cannot_be_moved_aside_stays(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("told\n" * 9)
    (tmp_path / "web.log.1").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        rotate(log, limit=1)
    assert log.read_text() == "told\n" * 9
    assert not (tmp_path / "web.log.1").exists()
