"""The project's Markdown pages, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from aro.project import ROOT

_FENCE = re.compile(r"^ *```([^\n]*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: the words after the fence, and its text."""

    words: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Drill:
    """A command of a runbook and the lines that must be in what it prints. `wait`: it is asked until they are."""

    page: str
    command: str
    expected: tuple[str, ...]
    wait: bool


def pages() -> list[Path]:
    """README and its like, and everything under docs."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def name(page: Path) -> str:
    """The page's path inside the project."""
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> list[Block]:
    """The page's fenced blocks, in order."""
    found = _FENCE.findall(page.read_text(encoding="utf-8"))
    return [Block(tuple(words.split()), text) for words, text in found]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Where the page's links and pictures point."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives the page's headings."""
    headings = _HEADING.findall(prose(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def drills() -> Iterator[Drill]:
    """Every block marked runnable, with the block of expected lines that follows it."""
    for page in pages():
        found = blocks(page)
        for block, following in pairwise([*found, Block((), "")]):
            if "runnable" in block.words:
                expected = tuple(following.text.splitlines()) if following.words == ("text",) else ()
                yield Drill(name(page), block.text, expected, "wait" in block.words)
