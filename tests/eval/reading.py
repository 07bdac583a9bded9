"""Reads the rows of a set as `aro replies:classify` does."""

from __future__ import annotations

import json
from typing import Any

from tests.eval import figures
from tests.eval.figures import Answer, Figures
from workflows.replies.labels import Classification, Label
from workflows.replies.stops.keywords import is_bare_cancel
from workflows.replies.stream import classify_stream


def measure(rows: list[dict[str, Any]]) -> Figures:
    """Danger texts, texts without a label (no replies to us) or replies, as the first row tells."""
    if "danger" in rows[0]:
        return figures.of_danger(alarms(rows))
    if rows[0]["label"] == "UNLABELLED":
        return figures.of_noise(_all_found(rows))
    return figures.of_replies(answers(rows))


def answers(rows: list[dict[str, Any]]) -> list[Answer]:
    """Of replies."""
    return [figures.answer(_by_law(row), one) for row, one in zip(rows, _all_found(rows), strict=True)]


def alarms(rows: list[dict[str, Any]]) -> list[tuple[bool, bool]]:
    """Of danger texts: is danger, was called danger."""
    return [(row["danger"], one.label is Label.EMERGENCY) for row, one in zip(rows, _all_found(rows), strict=True)]


def _all_found(rows: list[dict[str, Any]]) -> list[Classification]:
    return [_found(line) for line in classify_stream(json.dumps(row) for row in rows)]


def _by_law(row: dict[str, Any]) -> dict[str, Any]:
    """A bare CANCEL opts out, whatever its writer had in mind."""
    return {**row, "also": [*row.get("also", ()), Label.STOP]} if is_bare_cancel(row["text"]) else row


def _found(line: str) -> Classification:
    said = json.loads(line)
    return Classification(Label(said["label"]), said["confidence"], said["source"], "")
