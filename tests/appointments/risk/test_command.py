"""`risk:score` as people run it: standard input to standard output, no database."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

VISITS = "\n".join(
    ["AppointmentID,Neighbourhood,lead,prior,prior_noshow", "5217179,SÃO PEDRO,30,4,3", "5217180,CENTRO,0,4,0"]
)


def _run(monkeypatch: pytest.MonkeyPatch, given: bytes, **options: bool) -> str:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
    written = io.StringIO()
    call_command("risk_score", stdout=written, **options)
    return written.getvalue()


def test_it_writes_id_and_score_in_the_order_read(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (line.split(",") for line in _run(monkeypatch, VISITS.encode()).splitlines())

    assert (first[0], second[0]) == ("5217179", "5217180")
    assert 0 <= float(second[1]) < 40
    assert 70 <= float(first[1]) <= 100


def test_probability_gives_the_calibrated_probability_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _run(monkeypatch, VISITS.encode(), probability=True).splitlines()

    risky, safe = (float(line.split(",")[1]) for line in lines)
    assert 0.3 < risky < 0.6
    assert 0.01 < safe < 0.06


def test_json_explains_each_score(monkeypatch: pytest.MonkeyPatch) -> None:
    risky, safe = (json.loads(line) for line in _run(monkeypatch, VISITS.encode(), json=True).splitlines())

    assert risky["category"] == "high"
    assert "missed 3 of 4 earlier visits" in {reason["text"] for reason in risky["reasons"]}
    assert safe["category"] == "low"
    assert "booked for the same day" in {reason["text"] for reason in safe["reasons"]}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_an_export_in_another_encoding_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    assert len(_run(monkeypatch, VISITS.encode(encoding)).splitlines()) == 2


def test_a_bad_row_ends_it_with_usage_error_and_no_output(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="line 4: lead must be") as caught:
        _run(monkeypatch, f"{VISITS}\n5217181,CENTRO,tomorrow,0,0\n".encode())

    assert caught.value.returncode == 2


def test_nothing_at_all_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="AppointmentID and lead missing"):
        _run(monkeypatch, b"")
