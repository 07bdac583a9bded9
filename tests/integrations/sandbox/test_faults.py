"""Every fault does what its name says, as often as asked, and no more."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests

AUTH = ("AC" + "a" * 32, "sandbox-twilio-auth-token")
PATIENT = "+12025550100"
STATUS = "/webhooks/twilio/status"


def create(sandbox: Any, receiver: Any, timeout: float = 5, number: str = PATIENT) -> requests.Response:
    url = f"{sandbox.url}/twilio/2010-04-01/Accounts/{AUTH[0]}/Messages.json"
    form = {"To": number, "From": "+15005550006", "Body": "Hello", "StatusCallback": f"{receiver.url}{STATUS}/e1"}
    return requests.post(url, data=form, auth=AUTH, timeout=timeout)


def states(receiver: Any) -> list[str]:
    return [dict(parse_qsl(item.body.decode()))["MessageStatus"] for item in receiver.on(STATUS)]


def fault(sandbox: Any, kind: str, provider: str = "twilio", **more: Any) -> None:
    sandbox.post("/faults", provider=provider, kind=kind, **({"rate": 1, "count": 1} | more))


def bodies(sandbox: Any) -> list[dict[str, Any]]:
    return list(sandbox.get("/messages")["messages"])


def test_a_time_out_after_accepting_sends_the_text_and_says_nothing(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "timeout_after_accept", seconds=30)
    with pytest.raises(requests.ReadTimeout):
        create(sandbox, receiver, timeout=0.5)
    receiver.wait(STATUS, 3)
    assert [(kept["execution_id"], kept["status"]) for kept in bodies(sandbox)] == [("e1", "delivered")]


def test_after_its_seconds_the_connection_closes_without_an_answer(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "timeout_after_accept", seconds=0.2)
    with pytest.raises(requests.ConnectionError):
        create(sandbox, receiver)
    assert len(bodies(sandbox)) == 1


def test_an_accepted_text_without_answer_and_without_report_is_found_by_listing(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "timeout_after_accept", seconds=0)
    fault(sandbox, "no_callback")
    with pytest.raises(requests.ConnectionError):
        create(sandbox, receiver)
    url = f"{sandbox.url}/twilio/2010-04-01/Accounts/{AUTH[0]}/Messages.json"
    listed = requests.get(url, params={"To": PATIENT}, auth=AUTH, timeout=5).json()["messages"]
    assert [found["body"] for found in listed] == ["Hello"]
    time.sleep(0.4)
    assert not receiver.received


def test_reading_does_not_use_up_a_fault_of_accepting(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "timeout_after_accept", seconds=0)
    url = f"{sandbox.url}/twilio/2010-04-01/Accounts/{AUTH[0]}/Messages.json"
    assert requests.get(url, auth=AUTH, timeout=5).ok
    with pytest.raises(requests.ConnectionError):
        create(sandbox, receiver)


@pytest.mark.parametrize("kind", ["timeout", "connection_refused"])
def test_a_connection_that_breaks_accepts_nothing(world: Any, kind: str) -> None:
    sandbox, receiver = world
    fault(sandbox, kind, seconds=0.1)
    with pytest.raises(requests.ConnectionError):
        create(sandbox, receiver)
    assert not bodies(sandbox)
    assert create(sandbox, receiver).status_code == 201


def test_a_500_and_a_429_are_in_the_providers_own_words(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "http_500")
    answer = create(sandbox, receiver)
    assert (answer.status_code, answer.json()["code"]) == (500, 20500)
    fault(sandbox, "http_429", seconds=7)
    answer = create(sandbox, receiver)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (429, 20429, "7")
    assert not bodies(sandbox)


def test_calendlys_429_says_how_many_seconds_remain(world: Any) -> None:
    sandbox, _receiver = world
    fault(sandbox, "http_429", provider="calendly", seconds=9)
    answer = requests.get(f"{sandbox.url}/calendly/users/me", timeout=5)
    assert (answer.status_code, answer.headers["X-RateLimit-Reset"]) == (429, "9")


def test_garbage_has_the_status_of_success_and_no_json(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "garbage")
    answer = create(sandbox, receiver)
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert not bodies(sandbox)


def test_slow_answers_late_and_well(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "slow", seconds=0.5)
    start = time.monotonic()
    assert create(sandbox, receiver).status_code == 201
    assert time.monotonic() - start >= 0.5


def test_a_code_of_the_request_refuses_the_call(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "error_code", code=21610)
    answer = create(sandbox, receiver)
    assert (answer.status_code, answer.json()["code"]) == (400, 21610)
    assert not bodies(sandbox)


@pytest.mark.parametrize(("code", "end"), [(30003, "undelivered"), (30007, "undelivered"), (30034, "failed")])
def test_a_code_of_the_delivery_comes_with_the_report(world: Any, code: int, end: str) -> None:
    sandbox, receiver = world
    fault(sandbox, "error_code", code=code)
    assert create(sandbox, receiver).status_code == 201
    receiver.wait(STATUS, 2)
    last = dict(parse_qsl(receiver.wait(STATUS, 3 if end == "undelivered" else 2)[-1].body.decode()))
    assert (last["MessageStatus"], last["ErrorCode"]) == (end, str(code))
    assert [(kept["status"], kept["error_code"]) for kept in bodies(sandbox)] == [(end, code)]


def test_stripes_codes_are_words(world: Any) -> None:
    sandbox, _receiver = world
    fault(sandbox, "error_code", provider="stripe", code="account_invalid")
    answer = requests.post(f"{sandbox.url}/stripe/v1/payment_links", timeout=5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "account_invalid")


def test_reports_can_come_twice(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "duplicate_callback")
    create(sandbox, receiver)
    receiver.wait(STATUS, 6)
    assert states(receiver) == ["queued", "queued", "sent", "sent", "delivered", "delivered"]


def test_reports_can_come_in_the_wrong_order(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "callback_out_of_order")
    create(sandbox, receiver)
    receiver.wait(STATUS, 3)
    assert states(receiver) == ["delivered", "sent", "queued"]
    assert [kept["status"] for kept in bodies(sandbox)] == ["delivered"]


def test_a_webhook_can_come_twice_and_is_the_same_one(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "duplicate_callback", provider="custom")
    sandbox.book(provider="custom")
    first, second = receiver.wait("/webhooks/custom", 2)
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_a_reply_can_come_twice_and_is_the_same_one(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "duplicate_callback")
    sandbox.post("/reply", **{"from": PATIENT, "body": "C"})
    first, second = receiver.wait("/webhooks/twilio/sms", 2)
    assert first.body == second.body


def test_a_reschedule_can_arrive_created_before_canceled(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book()["booking_id"]
    fault(sandbox, "callback_out_of_order", provider="calendly")
    sandbox.post("/reschedule", provider="calendly", booking_id=booking_id, starts_at="2027-03-18T15:00:00Z")
    kinds = [json.loads(item.body)["event"] for item in receiver.wait("/webhooks/calendly", 3)]
    assert kinds == ["invitee.created", "invitee.created", "invitee.canceled"]


def test_a_lost_webhook_leaves_the_booking_to_be_found_by_listing(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "no_callback", provider="calendly")
    answer = sandbox.book(starts_at="2031-05-01T15:00:00Z")
    assert answer["webhook_status"] is None
    headers = {"Authorization": "Bearer sandbox-calendly-token"}
    params = {"organization": "x", "min_start_time": "2031-05-01T00:00:00Z", "max_start_time": "2031-05-02T00:00:00Z"}
    url = f"{sandbox.url}/calendly/scheduled_events"
    [event] = requests.get(url, params=params, headers=headers, timeout=5).json()["collection"]
    invitees = requests.get(f"{url}/{event['uri'].rsplit('/', 1)[1]}/invitees", headers=headers, timeout=5).json()
    assert [found["uri"].endswith(answer["booking_id"]) for found in invitees["collection"]] == [True]
    assert not receiver.received


def test_a_rate_hits_its_share_and_the_same_calls_each_time(world: Any) -> None:
    sandbox, receiver = world
    runs = []
    for _ in range(2):
        sandbox.call("DELETE", "/faults")
        sandbox.post("/faults", provider="twilio", kind="http_500", rate=0.3)
        runs.append([create(sandbox, receiver).status_code for _ in range(60)])
    assert runs[0] == runs[1]
    assert 8 <= runs[0].count(500) <= 28


def test_a_rate_of_zero_never_hits(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "http_500", rate=0)
    assert create(sandbox, receiver).status_code == 201


def test_faults_are_of_one_provider_and_can_be_listed_and_cleared(world: Any) -> None:
    sandbox, receiver = world
    fault(sandbox, "http_500", provider="stripe", count=5)
    fault(sandbox, "slow", seconds=0)
    assert create(sandbox, receiver).status_code == 201
    listed = sandbox.get("/faults")["faults"]
    assert [(item["provider"], item["kind"], item["count"], item["hits"]) for item in listed] == [
        ("stripe", "http_500", 5, 0),
        ("twilio", "slow", 0, 1),
    ]
    assert sandbox.call("DELETE", "/faults?provider=stripe").json() == {"cleared": 1}
    assert sandbox.call("DELETE", "/faults").json() == {"cleared": 1}
    assert sandbox.get("/faults")["faults"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"provider": "nobody", "kind": "slow"},
        {"provider": "twilio", "kind": "earthquake"},
        {"provider": "twilio", "kind": "slow", "rate": 1.1},
        {"provider": "twilio", "kind": "slow", "rate": "1"},
        {"provider": "twilio", "kind": "slow", "count": 0},
        {"provider": "twilio", "kind": "slow", "seconds": -1},
        {"provider": "twilio", "kind": "slow", "seconds": 1e9},
        {"provider": "twilio", "kind": "error_code", "code": [1]},
        {"kind": "slow"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(world: Any, body: dict[str, Any]) -> None:
    sandbox, _receiver = world
    assert sandbox.call("POST", "/faults", body).status_code == 400
    assert sandbox.get("/faults")["faults"] == []
