"""JSON lines in, JSON lines out; the command too."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from workflows.replies.stream import BadLineError, classify_stream


def answers(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in classify_stream(json.dumps(row) for row in rows)]


def test_each_line_gets_one_answer_with_its_id() -> None:
    found = answers(
        {"id": "a", "text": "C", "context": "", "prompt": "confirm"}, {"id": 7, "text": "stop", "prompt": "none"}
    )
    assert found == [
        {"id": "a", "label": "CONFIRM", "confidence": 0.95, "source": "rules"},
        {"id": 7, "label": "STOP", "confidence": 1.0, "source": "keyword"},
    ]


def test_a_missing_prompt_means_that_nothing_was_asked() -> None:
    assert answers({"id": 1, "text": "yes"})[0]["label"] == "OTHER"


def test_blank_lines_are_skipped() -> None:
    assert list(classify_stream(["", "  \n"])) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": 1', "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", 'no "text"'),
        ('{"id": 1, "text": 5}', 'no "text"'),
        ('{"id": 1, "text": "a", "context": 5}', '"context" is not text'),
        ('{"id": 1, "text": "a", "prompt": "lunch"}', 'unknown "prompt"'),
        ('{"id": 1, "text": "a", "visit": 5}', '"visit" needs'),
        ('{"id": 1, "text": "a", "visit": {"starts_at": "soon", "timezone": "America/Denver"}}', '"visit" needs'),
        (
            '{"id": 1, "text": "a", "visit": {"starts_at": "2026-12-08T10:30", "timezone": "../Nowhere"}}',
            '"visit" needs',
        ),
        (
            '{"id": 1, "text": "a", "visit": {"starts_at": "0001-01-01T00:00+14:00", "timezone": "Asia/Tokyo"}}',
            '"visit" needs',
        ),
    ],
)
def test_a_bad_line_is_named_by_its_number_without_its_text(line: str, problem: str) -> None:
    with pytest.raises(BadLineError, match="Line 2") as caught:
        list(classify_stream(['{"id": 0, "text": "a"}', line]))
    assert problem in str(caught.value)


@pytest.mark.parametrize("starts_at", ["2026-12-08T10:30", "2026-12-08T17:30:00+00:00"])
def test_a_line_may_bring_the_visit_it_is_about(starts_at: str) -> None:
    visit = {"starts_at": starts_at, "timezone": "America/Denver", "now": "2026-12-07T09:00"}
    found = answers(
        {"text": "see you tomorrow at half past ten", "prompt": "confirm", "visit": visit},
        {"text": "see you today at half past ten", "prompt": "confirm", "visit": visit},
    )
    assert [row["label"] for row in found] == ["CONFIRM", "RESCHEDULE"]


def test_the_command_reads_stdin_and_writes_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, '{"id": 1, "text": "S\u00ed", "prompt": "confirm"}\n')
    out = io.StringIO()
    call_command("replies_classify", stdout=out)
    assert json.loads(out.getvalue())["label"] == "CONFIRM"


def test_the_command_ends_with_status_2_at_a_bad_line(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, "nonsense\n")
    with pytest.raises(CommandError, match="Line 1") as caught:
        call_command("replies_classify", stdout=io.StringIO())
    assert caught.value.returncode == 2


def feed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_wrong_number_is_for_a_person_and_says_why() -> None:
    (answer,) = classify_stream(['{"id": "1", "text": "Wrong number", "prompt": "confirm"}'])
    found = json.loads(answer)
    assert (found["label"], found["for_a_person"]) == ("OTHER", "WRONG_NUMBER")
