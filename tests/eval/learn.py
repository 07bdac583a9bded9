"""`make learn`: makes `config/replies/learned` from the sets that are for building (requirements/learn.txt).

`--apart` makes nothing. It reads each hand's texts with what all others taught and prints the figures: what was learned
by heart says nothing, so whoever changes a threshold of `agreement` looks at these.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest import mock

import django
import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from tests.eval import __main__ as gate
from workflows.replies import learned

Rows = list[dict[str, Any]]

# A weak pull towards nothing, so that a word counts that few have written; 10 and 100 were no better by `--apart`.
STRENGTH: Final = 30.0
LARGEST: Final = 127
# What was written beside the rules says nothing about strangers.
OWN: Final = "own"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apart", action="store_true", help="read each hand's texts with what the others taught")
    options = parser.parse_args()
    django.setup()
    rows = [json.loads(line) for text in gate.for_building() for line in text.splitlines()]
    if options.apart:
        apart(rows)
    else:
        write(rows, learned.FOLDER)
        (learned.FOLDER / "sets.sha256").write_text(gate.digest() + "\n")
    return 0


def write(rows: Rows, folder: Path) -> None:
    """Both files of weights."""
    from tests.eval import lessons  # noqa: PLC0415 (needs django.setup)

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "labels.bin").write_bytes(_fit([*lessons.of_labels(rows), *lessons.of_phrases()]))
    (folder / "danger.bin").write_bytes(_fit([*lessons.of_danger(rows), *lessons.of_signs()]))


def _fit(taught: Sequence[Any]) -> bytes:
    """The weights, as `learned.weights` reads them."""
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    weights = [lesson.weight for lesson in taught]
    model.fit(_matrix(taught), [lesson.meaning for lesson in taught], sample_weight=weights)
    table, intercepts = model.coef_, model.intercept_
    if len(table) == 1:  # of two meanings it tells how far the second is ahead
        table, intercepts = numpy.vstack([0 * table, table]), numpy.array([0.0, intercepts[0]])
    # Rounded, so that the same sets make the same file: sums differ in their last digits from run to run.
    unit = round(float(abs(table).max()) / LARGEST, 8)
    head = {"meanings": list(model.classes_), "intercepts": [round(float(one), 6) for one in intercepts], "unit": unit}
    cells: bytes = numpy.rint(table / unit).astype("int8").T.tobytes()
    return json.dumps(head).encode() + b"\n" + cells


def _matrix(taught: Sequence[Any]) -> csr_matrix:
    found = [learned.features(lesson.words, lesson.marks) for lesson in taught]
    ends = numpy.cumsum([0, *map(len, found)])
    buckets = [bucket for each in found for bucket in each]
    values = [value for each in found for value in each.values()]
    return csr_matrix((values, buckets, ends), shape=(len(found), learned.BUCKETS))


def apart(rows: Rows) -> None:
    """The figures of all hands, each read by what the others taught."""
    from tests.eval import figures, reading  # noqa: PLC0415 (needs django.setup)

    answers, alarms = [], []
    for hand in sorted({_hand(row) for row in rows} - {OWN}):
        mine = [row for row in rows if _hand(row) == hand]
        with _taught_by([row for row in rows if _hand(row) != hand]):
            answers += reading.answers([row for row in mine if "label" in row])
            alarms += reading.alarms([row for row in mine if "danger" in row])
    for name, found in (("replies", figures.of_replies(answers)), ("danger", figures.of_danger(alarms))):
        sys.stdout.write(f"== {name}, each hand apart: {found.rows} texts\n")
        sys.stdout.writelines(f"   {figure:24s} {value:.4f}\n" for figure, value in found.values.items())


@contextmanager
def _taught_by(rows: Rows) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(learned, "FOLDER", Path(folder)):
        write(rows, Path(folder))
        learned.weights.cache_clear()
        yield
    learned.weights.cache_clear()


def _hand(row: dict[str, Any]) -> str:
    """Ids begin with whose hand wrote the row."""
    return str(row.get("id", OWN)).partition("-")[0]


if __name__ == "__main__":
    sys.exit(main())
