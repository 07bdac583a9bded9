"""The docs hang together: links, commands, settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aro.ops import commands
from aro.project import ROOT
from docs.generate import sources
from tests.docs import pages

PAGES = pages.pages()
# `aro up` and its kind, which are no management commands, and Django's own that the docs name.
OTHER_WORDS = {"up", "stop", "status", "help", "version", "migrate", "shell"}
_COMMAND = re.compile(r"(?:^|[`\s/(|])aro ((?:[a-z]+:[a-z:_-]+)|(?:[a-z]+))(?=[\s`.,;:)|]|$)", re.MULTILINE)
_SETTING = re.compile(r"\b((?:ARO|CALENDLY|TWILIO|STRIPE|LLM|ACUITY|SQUARE|CALCOM|CUSTOM|SENTRY|OTEL)_[A-Z_]+)\b")
# A runbook misspells one on purpose.
MISSPELT = {"ARO_MOOD"}
# What a page says about a file may not grow beyond what a person reads.
LONGEST_PAGE = 300


@pytest.mark.parametrize("path", PAGES, ids=pages.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    broken = [link for link in pages.links(path) if not _exists(path, link)]
    assert not broken


def _exists(page: Path, link: str) -> bool:
    if re.match(r"https?://", link):
        return True
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in pages.anchors(target))


@pytest.mark.parametrize("path", PAGES, ids=pages.name)
def test_every_command_that_is_named_exists(path: Path) -> None:
    known = {commands.spelling(name) for name in commands.ours()} | OTHER_WORDS
    code = "\n".join([*re.findall(r"`([^`\n]+)`", pages.prose(path)), *_shell(path)])
    assert set(_COMMAND.findall(code)) <= known


def _shell(page: Path) -> list[str]:
    return [block.text for block in pages.blocks(page) if block.words[:1] == ("sh",)]


@pytest.mark.parametrize("path", PAGES, ids=pages.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    known = {row.name for _, rows in sources.example_settings() for row in rows}
    named = set(_SETTING.findall(path.read_text(encoding="utf-8")))
    assert {name.removesuffix("_FILE") for name in named} <= known | MISSPELT


@pytest.mark.parametrize("path", PAGES, ids=pages.name)
def test_a_page_is_short_and_plain(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # A page made from the code is looked things up in, not read.
    longest = 2 * LONGEST_PAGE if path.parent.name == "reference" else LONGEST_PAGE
    assert len(text.splitlines()) <= longest
    assert not re.search("[\U0001f300-\U0001faff☀-➿]", text), "no emojis"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += [target for target in _targets(page) if target.suffix == ".md"]
    lost = [pages.name(page) for page in PAGES if page not in reached and "benchmarks" not in page.parts]
    assert not lost


def _targets(page: Path) -> list[Path]:
    local = [link.partition("#")[0] for link in pages.links(page) if not link.startswith("http")]
    return [(page.parent / link).resolve() for link in local if link]


def test_no_picture_is_too_heavy() -> None:
    heavy = [p.name for p in (ROOT / "docs" / "images").glob("*.png") if p.stat().st_size > 250_000]
    assert not heavy
