"""What a visit's history says of how a reply was read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from appointments.models import ReplyClassification
from workflows.desk.pages import timeline


@pytest.mark.parametrize(
    ("label", "confidence", "words"),
    [("CANCEL", 0.95, "Read as Cancel (95% sure)."), ("OTHER", 0.0, "Read as Other.")],
)
def test_what_was_only_a_courtesy_is_not_called_0_percent_sure(label: str, confidence: float, words: str) -> None:
    reply: Any = SimpleNamespace(classification=ReplyClassification(label=label, confidence=confidence))
    assert timeline._understood(reply) == words
