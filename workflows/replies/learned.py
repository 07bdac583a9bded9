"""A second reader beside the rules: weights of words and of parts of words, learned from texts that people wrote.

It knows no sentence; it says how likely each meaning is, also for words that no list foresaw. What it may decide is in
`agreement`. `make learn` makes the weights from `tests/workflows/replies/sets` (never from anybody's messages): a byte
for each bucket of features and each meaning, behind one line of JSON that says how they are meant.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final
from zlib import crc32

from aro.project import CONFIG

FOLDER: Final = CONFIG / "replies" / "learned"
BUCKETS: Final = 1 << 15
# Letters of one part of a word: "confrm" shares most of its parts with "confirm".
_PART_LETTERS: Final = range(2, 6)
# Further letters of one word than anybody types say nothing more and cost time.
_LONGEST_WORD: Final = 30


@dataclass(frozen=True)
class Weights:
    """`table`: for each bucket one signed byte per meaning, in units of `unit`."""

    meanings: tuple[str, ...]
    intercepts: tuple[float, ...]
    unit: float
    table: memoryview

    def likely(self, words: str, marks: Iterable[str] = ()) -> dict[str, float]:
        """How likely each meaning is, together 1. `words` as `normalize.plain` makes them; `marks`: what is known
        besides, in any words of the caller's that are the same while learning."""
        sums = list(self.intercepts)
        for bucket, value in features(words, marks).items():
            row = bucket * len(sums)
            for meaning in range(len(sums)):
                sums[meaning] += value * self.unit * self.table[row + meaning]
        return dict(zip(self.meanings, _shares(sums), strict=True))


@cache
def weights(name: str) -> Weights:
    """`labels` or `danger`."""
    head, _, table = (FOLDER / f"{name}.bin").read_bytes().partition(b"\n")
    said = json.loads(head)
    return Weights(tuple(said["meanings"]), tuple(said["intercepts"]), said["unit"], memoryview(table).cast("b"))


def features(words: str, marks: Iterable[str] = ()) -> dict[int, float]:
    """The buckets of all words, pairs of words and parts of words, each kind with a length of one."""
    typed = words.split()
    found: dict[int, float] = {}
    for kind in ({*_phrases(typed), *marks}, set(_parts(typed))):
        value = 1 / math.sqrt(len(kind) or 1)
        for feature in kind:
            bucket = crc32(feature.encode()) % BUCKETS
            found[bucket] = found.get(bucket, 0.0) + value
    return found


def _phrases(typed: list[str]) -> Iterator[str]:
    yield from typed
    yield from map(" ".join, pairwise(["^", *typed, "$"]))


def _parts(typed: list[str]) -> Iterator[str]:
    for word in typed:
        edged = f"<{word[:_LONGEST_WORD]}>"
        for letters in _PART_LETTERS:
            yield from (f"~{edged[at : at + letters]}" for at in range(len(edged) - letters + 1))


def _shares(sums: list[float]) -> list[float]:
    largest = max(sums)
    parts = [math.exp(one - largest) for one in sums]
    return [part / math.fsum(parts) for part in parts]
