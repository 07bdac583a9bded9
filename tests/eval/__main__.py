"""Measures how replies are read, set by set, and fails when a bar of `bars.toml` is broken.

`--grid` measures instead how a yes with the visit's own time, or with another one, is read.
`--held` measures the sets that were kept back, too: once, at the end. `--wrong` prints the rows that were read wrongly,
never of a set that is kept back. `--data` names a folder with further sets.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import django

from tests.eval.figures import Figures

SETS: Final = Path(__file__).resolve().parent.parent / "workflows" / "replies" / "sets"
BARS: Final = Path(__file__).resolve().parent / "bars.toml"
KEPT_BACK: Final = "held"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", action="store_true", help="also the sets that are kept back")
    parser.add_argument("--wrong", action="store_true", help="print what was read wrongly")
    parser.add_argument("--grid", action="store_true", help="every clinic hour of a quarter in 30 wordings (minutes)")
    parser.add_argument("--data", type=Path, help="a folder with further sets")
    options = parser.parse_args()
    django.setup()
    if options.grid:
        return full_grid()
    bars = tomllib.loads(BARS.read_text(encoding="utf-8"))
    broken = 0
    for path in sets(options.data, held=options.held):
        broken += report(path, bars.get(path.stem, {}), wrong=options.wrong and KEPT_BACK not in path.stem)
    return 1 if broken else 0


def sets(data: Path | None, *, held: bool) -> Iterator[Path]:
    """The repository's own sets, and those of another folder."""
    for folder in (SETS, data) if data else (SETS,):
        yield from (path for path in sorted(folder.glob("*.jsonl")) if held or KEPT_BACK not in path.stem)


def for_building() -> list[str]:
    """The texts of the repository's own sets that are not kept back."""
    return [path.read_text(encoding="utf-8") for path in sets(None, held=False)]


def digest() -> str:
    """By which `make learn` notes what it has learned from."""
    return hashlib.sha256("".join(for_building()).encode()).hexdigest()


def report(path: Path, bars: dict[str, dict[str, float]], *, wrong: bool) -> int:
    """Prints one set; the number of bars it breaks."""
    found = measure(path)
    sys.stdout.write(f"== {path.stem}: {found.rows} texts\n")
    for name, value in found.values.items():
        sys.stdout.write(f"   {name:24s} {value:.4f}\n")
    problems = list(breaks(found.values, bars))
    sys.stdout.writelines(f"   BROKEN: {problem}\n" for problem in problems)
    if wrong:
        sys.stdout.writelines(
            f"   {one.label} for {'/'.join(one.expected)}: {one.row['text']}\n" for one in found.wrong
        )
    return len(problems)


def breaks(values: dict[str, float], bars: dict[str, dict[str, float]]) -> Iterator[str]:
    for name, bar in bars.get("at_least", {}).items():
        if values.get(name, 0.0) < bar:
            yield f"{name} is {values.get(name, 0.0):.4f} and has to be at least {bar}"
    for name, bar in bars.get("at_most", {}).items():
        if values.get(name, 0.0) > bar:
            yield f"{name} is {values.get(name, 0.0):.4f} and may be at most {bar}"


def full_grid() -> int:
    """The visit's own time has to confirm in 98 of 100 cells, another one in none; see `grid`."""
    from tests.eval import grid  # noqa: PLC0415 (needs django.setup)

    own, other = grid.confirmed()
    sys.stdout.write(f"== own time: {own.confirmed} of {own.cells} confirm\n== another: {other.confirmed}\n")
    return 1 if other.confirmed or own.confirmed < own.cells * grid.OWN_SHARE else 0


def measure(path: Path) -> Figures:
    from tests.eval import reading  # noqa: PLC0415 (needs django.setup)

    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return reading.measure(rows)


if __name__ == "__main__":
    sys.exit(main())
