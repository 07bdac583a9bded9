"""The words of danger as data, `config/replies/danger/`: a file per language, one for what belongs together."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from aro.project import CONFIG

FOLDER: Final = CONFIG / "replies" / "danger"
LANGUAGES: Final = ("en", "es")

Phrases = tuple[str, ...]
Tables = dict[str, Phrases]
Grade = Literal["certain", "standing", "likely", "joking", "possible"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Language(_Section):
    """`figures`: what is said so and meant otherwise, under `phrases`, and the tables these name in braces; `surely`:
    those of them that no other reader is asked about."""

    shorthand: dict[str, str]
    people: Tables
    body: Tables
    signs: Tables
    selfharm: Tables
    violence: Tables
    figures: Tables
    taken_back: Tables

    def tables(self) -> Tables:
        return self.people | self.body | self.signs | self.selfharm | self.violence


class Sign(_Section):
    """`all`: combinations of tables, each enough; `span`: words within which all of one combination stand."""

    name: str
    grade: Grade
    all: Phrases
    span: int = 8

    def combinations(self) -> tuple[Phrases, ...]:
        return tuple(tuple(part.strip() for part in entry.split("&")) for entry in self.all)


class Signs(_Section):
    """`human`: names of signs that no animal has. `little`, `contracted`: what stands between words run together."""

    faint: frozenset[str]
    human: frozenset[str]
    little: frozenset[str]
    contracted: dict[str, str]
    numbers: dict[str, tuple[tuple[int, int], ...]]
    sign: tuple[Sign, ...]


@cache
def language(name: str) -> Language:
    """Raises `pydantic.ValidationError` for a section or a value that is not known."""
    return Language.model_validate(_read(name))


@cache
def signs() -> Signs:
    return Signs.model_validate(_read("signs"))


@cache
def real_words() -> frozenset[str]:
    """Common words of both languages that only look like a slip of a word of danger ("beard", "cheat", "queso")."""
    return frozenset((FOLDER / "real_words.txt").read_text(encoding="utf-8").split())


def _read(name: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
