"""The sandbox's own endpoints: the clock, the ledger, and plain words for whatever is wrong."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

GOOD = {
    "provider": "calendly",
    "name": "Ana Diaz",
    "phone": "+12025550100",
    "service": "Checkup",
    "starts_at": "2027-03-16T15:00:00Z",
}


def moment(text: str) -> datetime:
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


def test_the_clock_moves_forward_by_seconds_and_to_a_moment(world: Any) -> None:
    sandbox, _receiver = world
    before = moment(sandbox.get("/clock")["now"])
    after = moment(sandbox.post("/clock", advance_seconds=3600)["now"])
    assert timedelta(seconds=3600) <= after - before < timedelta(seconds=3610)
    target = after + timedelta(days=2)
    assert abs(moment(sandbox.post("/clock", to=target.isoformat())["now"]) - target) < timedelta(seconds=1)


def test_the_clock_file_says_what_every_process_must_add(world: Any) -> None:
    sandbox, _receiver = world
    sandbox.post("/clock", advance_seconds=10)
    offset = json.loads((sandbox.home / "run" / "clock.json").read_text(encoding="utf-8"))["offset_seconds"]
    assert abs(time.time() + offset - moment(sandbox.get("/clock")["now"]).timestamp()) < 5


@pytest.mark.parametrize(
    "body",
    [
        {"advance_seconds": -1},
        {"advance_seconds": True},
        {"advance_seconds": "60"},
        {"advance_seconds": 1e300},
        {"to": "2020-01-01T00:00:00Z"},
        {"to": "2030-01-01T00:00:00"},
        {"to": "tomorrow"},
        {"to": "0001-01-01T00:00:00+23:59"},
        {"to": "9999-12-31T23:59:59-23:59"},
        {"to": "2027-01-01T00:00:00Z", "advance_seconds": 1},
        {},
    ],
)
def test_the_clock_refuses_what_makes_no_sense_and_stays(world: Any, body: dict[str, Any]) -> None:
    sandbox, _receiver = world
    before = sandbox.get("/clock")["offset_seconds"]
    answer = sandbox.call("POST", "/clock", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert sandbox.get("/clock")["offset_seconds"] == before


def test_moving_to_the_present_changes_nothing(world: Any) -> None:
    sandbox, _receiver = world
    before = sandbox.get("/clock")
    assert sandbox.post("/clock", to=before["now"])["offset_seconds"] == before["offset_seconds"]
    assert sandbox.post("/clock", advance_seconds=0)["offset_seconds"] == before["offset_seconds"]


def test_signatures_and_times_follow_the_clock(world: Any) -> None:
    sandbox, receiver = world
    sandbox.post("/clock", advance_seconds=86_400)
    sandbox.book()
    [item] = receiver.on("/webhooks/calendly")
    signed_at = int(item.headers["calendly-webhook-signature"].split(",")[0].removeprefix("t="))
    assert abs(signed_at - sandbox.now()) < 60
    created = datetime.fromisoformat(json.loads(item.body)["created_at"])
    assert abs(created.timestamp() - sandbox.now()) < 60


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "outlook"},
        {"provider": 3},
        {"name": ""},
        {"name": "x" * 201},
        {"name": "a\x00b"},
        {"name": "\ud800"},
        {"name": ["Ana"]},
        {"phone": 12025550100},
        {"email": "nobody"},
        {"starts_at": "2027-03-16T15:00:00"},
        {"starts_at": 1},
        {"starts_at": "16 March"},
        {"starts_at": "1999-01-01T00:00:00Z"},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../../etc/passwd"},
        {"duration_minutes": 1.5},
        {"duration_minutes": 10**400},
        {"starts_at": None},
    ],
)
def test_a_bad_booking_is_refused_in_words_that_name_the_field(world: Any, change: dict[str, Any]) -> None:
    sandbox, receiver = world
    answer = sandbox.call("POST", "/book", GOOD | change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert next(iter(change)) in answer.json()["error"]["message"]
    assert not receiver.received


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"provider": NaN}',
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"advance_seconds": ' + b"9" * 5000 + b"}",
        b'{"provider": "calendly"} trailing',
    ],
    ids=["empty", "half", "list", "text", "null", "not utf-8", "NaN", "deep", "huge number", "trailing"],
)
@pytest.mark.parametrize("path", ["/book", "/reply", "/pay", "/clock", "/faults", "/cancel", "/reschedule", "/no-show"])
def test_a_body_that_is_no_object_is_a_400_everywhere(world: Any, path: str, body: bytes) -> None:
    sandbox, _receiver = world
    answer = requests.post(sandbox.url + path, data=body, timeout=5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "body",
    [
        {"from": "12025550100", "body": "C"},
        {"from": "+0", "body": "C"},
        {"from": "+12025550100"},
        {"from": "+12025550100", "body": 1},
        {"from": "+12025550100", "body": "x" * 1601},
        {"from": "+12025550100", "body": "C", "channel": "pigeon"},
    ],
)
def test_a_bad_reply_is_refused(world: Any, body: dict[str, Any]) -> None:
    sandbox, receiver = world
    assert sandbox.call("POST", "/reply", body).status_code == 400
    assert not receiver.received


def test_unknown_paths_methods_and_links_are_told_apart(world: Any) -> None:
    sandbox, _receiver = world
    assert sandbox.call("GET", "/nowhere").status_code == 404
    auth = ("AC" + "a" * 32, "sandbox-twilio-auth-token")
    assert requests.get(sandbox.url + "/twilio/nowhere", auth=auth, timeout=5).json()["code"] == 20404
    assert sandbox.call("PUT", "/clock").status_code == 405
    assert sandbox.call("POST", "/pay", {"payment_link_id": "plink_none"}).status_code == 404


def test_calls_are_kept_with_their_headers_but_not_their_credentials(world: Any) -> None:
    sandbox, _receiver = world
    headers = {"Authorization": "Bearer sk_test_sandbox", "Idempotency-Key": "k1"}
    requests.get(f"{sandbox.url}/stripe/v1/balance?a=b", headers=headers, timeout=5)
    [kept] = sandbox.get("/requests")["requests"]
    assert (kept["provider"], kept["method"], kept["path"], kept["query"]) == (
        "stripe",
        "GET",
        "/stripe/v1/balance",
        "a=b",
    )
    assert (kept["status"], kept["headers"]["Idempotency-Key"]) == (200, "k1")
    assert "sk_test_sandbox" not in json.dumps(kept)
    assert not sandbox.get("/requests?provider=twilio")["requests"]


def test_emptying_the_ledger_keeps_the_bookings(world: Any) -> None:
    sandbox, _receiver = world
    booking_id = sandbox.book()["booking_id"]
    sandbox.post("/reply", **{"from": "+12025550100", "body": "STOP"})
    assert sandbox.call("DELETE", "/ledger").json() == {"emptied": True}
    assert sandbox.get("/requests") == {"requests": []}
    assert not sandbox.get("/state")["messages"]
    assert sandbox.post("/cancel", provider="calendly", booking_id=booking_id, by="host")["webhook_status"] == 200


def test_another_site_in_the_browser_cannot_use_the_sandbox(world: Any) -> None:
    sandbox, receiver = world
    answer = requests.post(sandbox.url + "/book", json=GOOD, headers={"Origin": "http://evil.example"}, timeout=5)
    assert answer.status_code == 403
    own = requests.post(sandbox.url + "/book", json=GOOD, headers={"Origin": sandbox.url}, timeout=5)
    assert own.status_code == 201
    assert len(receiver.received) == 1


def test_the_log_holds_no_phone_number(world: Any) -> None:
    sandbox, receiver = world
    receiver.status = 400
    sandbox.book()
    sandbox.call("GET", "/messages?to=%2B12025550100")
    requests.post(sandbox.url + "/book?to=+12025550100", data=b"%ff=1&to=+12025550100", timeout=5)
    assert "12025550100" not in sandbox.log()


def test_times_are_in_utc(world: Any) -> None:
    sandbox, _receiver = world
    sandbox.post("/book", **(GOOD | {"starts_at": "2027-03-16T11:00:00-04:00"}))
    assert sandbox.get("/bookings")["bookings"][-1]["starts_at"] == "2027-03-16T15:00:00.000000Z"
    assert moment(sandbox.get("/clock")["now"]).tzinfo == UTC
