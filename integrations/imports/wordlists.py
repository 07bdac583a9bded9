"""The words by which files are read: data, in config/imports."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Final

from aro.project import CONFIG
from integrations.imports.rows import plain

FOLDER: Final = CONFIG / "imports"


@cache
def load(name: str) -> dict[str, frozenset[str]]:
    """The lists of one file, folded as `plain` folds what is read. Signs alone stay as they are."""
    lists = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return {key: frozenset(plain(word) or word for word in words) for key, words in lists.items()}
