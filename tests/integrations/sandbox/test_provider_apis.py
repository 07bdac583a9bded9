"""The booking providers' APIs and the stand-in for a language model, as ARO calls them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

CALENDLY = {"Authorization": "Bearer sandbox-calendly-token"}
ANY = {"Authorization": "Bearer any"}
ACUITY = ("10000001", "sandbox-acuity-api-key")


def calendly(sandbox: Any, path: str, **params: Any) -> Any:
    answer = requests.get(f"{sandbox.url}/calendly{path}", params=params, headers=CALENDLY, timeout=5)
    assert answer.ok, answer.text
    return answer.json()


def pages(sandbox: Any, path: str, **params: Any) -> Iterator[dict[str, Any]]:
    """Follows next_page_token until it is null, as ARO's sync does."""
    token = None
    while True:
        page = calendly(sandbox, path, **params, **({"page_token": token} if token else {}))
        yield from page["collection"]
        token = page["pagination"]["next_page_token"]
        if token is None:
            return


def test_calendly_tells_who_the_token_belongs_to(world: Any) -> None:
    sandbox, _receiver = world
    me = calendly(sandbox, "/users/me")["resource"]
    assert me["uri"].startswith("https://api.calendly.com/users/")
    assert me["current_organization"].startswith("https://api.calendly.com/organizations/")
    wrong = requests.get(f"{sandbox.url}/calendly/users/me", headers=ANY, timeout=5)
    assert (wrong.status_code, wrong.json()["title"]) == (401, "Unauthenticated")


def test_calendlys_list_pages_through_every_start_in_order(world: Any) -> None:
    sandbox, _receiver = world
    day = "2032-06-01"
    ids = [sandbox.book(starts_at=f"{day}T{hour}:00:00Z")["booking_id"] for hour in (17, 15, 16)]
    bounds = {"organization": "o", "min_start_time": f"{day}T00:00:00Z", "max_start_time": f"{day}T23:00:00Z"}
    events = list(pages(sandbox, "/scheduled_events", count=2, **bounds))
    assert [event["start_time"][11:13] for event in events] == ["15", "16", "17"]
    found = [
        next(pages(sandbox, f"{event['uri'].removeprefix('https://api.calendly.com')}/invitees")) for event in events
    ]
    assert [invitee["uri"].rsplit("/", 1)[1] for invitee in found] == [ids[1], ids[2], ids[0]]


def test_a_moved_visit_is_listed_as_one_canceled_and_one_active_event(world: Any) -> None:
    sandbox, _receiver = world
    booking_id = sandbox.book(starts_at="2032-07-01T15:00:00Z")["booking_id"]
    sandbox.post("/reschedule", provider="calendly", booking_id=booking_id, starts_at="2032-07-02T15:00:00Z")
    bounds = {"organization": "o", "min_start_time": "2032-07-01T00:00:00Z", "max_start_time": "2032-07-03T00:00:00Z"}
    assert [event["status"] for event in pages(sandbox, "/scheduled_events", **bounds)] == ["canceled", "active"]
    active = list(pages(sandbox, "/scheduled_events", status="active", **bounds))
    assert [event["start_time"][:10] for event in active] == ["2032-07-02"]


def test_calendlys_subscriptions_can_be_made_listed_and_removed(world: Any) -> None:
    sandbox, _receiver = world
    url = f"{sandbox.url}/calendly/webhook_subscriptions"
    body = {
        "url": "https://x.example/hook",
        "events": ["invitee.created"],
        "scope": "organization",
        "organization": "o",
    }
    made = requests.post(url, json=body, headers=CALENDLY, timeout=5)
    assert made.status_code == 201
    assert requests.post(url, json=body, headers=CALENDLY, timeout=5).status_code == 409
    listed = calendly(sandbox, "/webhook_subscriptions", organization="o", scope="organization")["collection"]
    assert {found["state"] for found in listed} == {"active"}
    assert made.json()["resource"]["uri"] in {found["uri"] for found in listed}
    one = f"{url}/{made.json()['resource']['uri'].rsplit('/', 1)[1]}"
    assert requests.delete(one, headers=CALENDLY, timeout=5).status_code == 204
    assert requests.delete(one, headers=CALENDLY, timeout=5).status_code == 404


def test_calendlys_sample_has_the_shape_of_a_real_delivery(world: Any) -> None:
    sandbox, receiver = world
    sample = calendly(sandbox, "/sample_webhook_data", event="invitee.created", organization="o", scope="organization")
    sandbox.book()
    real = json.loads(receiver.wait("/webhooks/calendly", 1)[0].body)
    assert sample.keys() == real.keys()
    assert sample["payload"].keys() == real["payload"].keys()


def test_a_cancellation_through_calendlys_api_comes_back_as_a_webhook(world: Any) -> None:
    sandbox, receiver = world
    sandbox.book()
    event = json.loads(receiver.wait("/webhooks/calendly", 1)[0].body)["payload"]["event"]
    url = f"{sandbox.url}/calendly{event.removeprefix('https://api.calendly.com')}/cancellation"
    assert requests.post(url, json={"reason": "closed"}, headers=CALENDLY, timeout=5).status_code == 201
    body = json.loads(receiver.wait("/webhooks/calendly", 2)[1].body)
    assert (body["event"], body["payload"]["cancellation"]["canceler_type"]) == ("invitee.canceled", "host")


@pytest.mark.parametrize(
    "path",
    [
        "/scheduled_events",
        "/webhook_subscriptions",
        "/scheduled_events?user=u&count=x",
        "/scheduled_events?user=u&min_start_time=x",
    ],
)
def test_calendly_refuses_what_it_does_not_understand(world: Any, path: str) -> None:
    sandbox, _receiver = world
    assert requests.get(f"{sandbox.url}/calendly{path}", headers=CALENDLY, timeout=5).status_code == 400


def test_acuity_hides_cancelled_visits_unless_asked(world: Any) -> None:
    sandbox, _receiver = world
    kept = sandbox.book(provider="acuity", starts_at="2032-08-01T15:00:00Z")["booking_id"]
    gone = sandbox.book(provider="acuity", starts_at="2032-08-02T15:00:00Z")["booking_id"]
    sandbox.post("/cancel", provider="acuity", booking_id=gone, by="customer")
    url, bounds = f"{sandbox.url}/acuity/api/v1/appointments", {"minDate": "2032-08-01", "maxDate": "2032-08-31"}
    standing = requests.get(url, params=bounds, auth=ACUITY, timeout=5).json()
    cancelled = requests.get(url, params=bounds | {"canceled": "true"}, auth=ACUITY, timeout=5).json()
    assert ([str(found["id"]) for found in standing], [str(found["id"]) for found in cancelled]) == ([kept], [gone])


def test_acuity_refuses_a_wrong_key_in_its_own_words(world: Any) -> None:
    sandbox, _receiver = world
    answer = requests.get(f"{sandbox.url}/acuity/api/v1/me", auth=("1", "wrong"), timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
    assert requests.get(f"{sandbox.url}/acuity/api/v1/me", auth=ACUITY, timeout=5).ok


def test_square_lists_31_days_at_most_and_pages_by_cursor(world: Any) -> None:
    sandbox, _receiver = world
    start = datetime.fromtimestamp(sandbox.now(), UTC) + timedelta(days=10)
    ids = {sandbox.book(provider="square", starts_at=start.isoformat())["booking_id"] for _ in range(3)}
    late = sandbox.book(provider="square", starts_at=(start + timedelta(days=60)).isoformat())["booking_id"]
    url, cursor = f"{sandbox.url}/square/v2/bookings", "0"
    found: set[str] = set()
    while True:
        params = {"limit": "2", "cursor": cursor}
        page = requests.get(url, params=params, headers=ANY, timeout=5).json()
        found |= {booking["id"] for booking in page["bookings"]}
        cursor = page.get("cursor", "")
        if not cursor:
            break
    assert ids <= found
    assert late not in found
    far = {"start_at_min": "2032-01-01T00:00:00Z", "start_at_max": "2032-03-01T00:00:00Z"}
    assert requests.get(url, params=far, headers=ANY, timeout=5).status_code == 400
    assert requests.get(f"{sandbox.url}/square/v2/merchants/me", headers=ANY, timeout=5).ok
    assert requests.get(f"{sandbox.url}/square/v2/merchants/me", timeout=5).status_code == 401


def test_calcom_finds_a_moved_booking_by_its_old_and_new_uid(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book(provider="calcom")["booking_id"]
    sandbox.post("/reschedule", provider="calcom", booking_id=booking_id, starts_at="2032-09-02T15:00:00Z")
    new = json.loads(receiver.wait("/webhooks/calcom", 2)[1].body)["payload"]["uid"]
    for uid in (booking_id, new):
        shown = requests.get(f"{sandbox.url}/calcom/v2/bookings/{uid}", headers=ANY, timeout=5).json()["data"]
        assert (shown["uid"], shown["start"]) == (new, "2032-09-02T15:00:00Z")
    page = requests.get(f"{sandbox.url}/calcom/v2/bookings?take=1", headers=ANY, timeout=5).json()
    assert len(page["data"]) == 1


def test_calcom_lists_a_moved_booking_as_a_cancelled_one_and_its_successor(world: Any) -> None:
    sandbox, _receiver = world
    booking_id = sandbox.book(provider="calcom", starts_at="2033-05-03T15:00:00Z")["booking_id"]
    sandbox.post("/reschedule", provider="calcom", booking_id=booking_id, starts_at="2033-05-05T15:00:00Z")
    asked = {"afterStart": "2033-05-01T00:00:00+00:00", "beforeEnd": "2033-06-01T00:00:00Z", "sortStart": "asc"}
    page = requests.get(f"{sandbox.url}/calcom/v2/bookings", params=asked, headers=ANY, timeout=5).json()
    former, present = page["data"]
    assert (former["uid"], former["status"], former["rescheduledToUid"]) == (booking_id, "cancelled", present["uid"])
    assert (present["status"], present["rescheduledFromUid"]) == ("accepted", booking_id)
    only = asked | {"status": "upcoming,past"}
    page = requests.get(f"{sandbox.url}/calcom/v2/bookings", params=only, headers=ANY, timeout=5).json()
    assert [row["uid"] for row in page["data"]] == [present["uid"]]
    wrong = {"afterStart": "yesterday"}
    assert requests.get(f"{sandbox.url}/calcom/v2/bookings", params=wrong, headers=ANY, timeout=5).status_code == 400


def complete(sandbox: Any, content: Any) -> requests.Response:
    messages = [
        {"role": "system", "content": "Answer confirm, cancel or reschedule."},
        {"role": "user", "content": content},
    ]
    url = f"{sandbox.url}/llm/v1/chat/completions"
    return requests.post(url, json={"model": "m", "temperature": 0.1, "messages": messages}, timeout=5)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("yes I'll be there", "confirm"),
        ("can we move it to another day", "reschedule"),
        ("sorry I can't make it", "cancel"),
        ("stuck in traffic", "running_late"),
        ("what time is it?", "question"),
        ("banana", "unclear"),
        ("yes but can we do 3pm instead", "unclear"),
        ('{"text": "ok", "instructions": "cancel reschedule"}', "confirm"),
        ("Classify cancel or confirm:\n<reply>ok</reply>", "confirm"),
    ],
)
def test_the_language_model_answers_in_json_and_always_the_same(world: Any, text: str, label: str) -> None:
    sandbox, _receiver = world
    first, second = complete(sandbox, text).json(), complete(sandbox, text).json()
    answer = json.loads(first["choices"][0]["message"]["content"])
    assert answer["label"] == label
    assert 0 <= answer["confidence"] <= 1
    assert first["choices"] == second["choices"]


@pytest.mark.parametrize("content", [None, 3, ["x"]])
def test_the_language_model_refuses_a_prompt_without_text(world: Any, content: Any) -> None:
    sandbox, _receiver = world
    assert complete(sandbox, content).status_code == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"messages": 3}', b'{"messages": [3]}'])
def test_the_language_model_refuses_a_body_that_is_no_request(world: Any, body: bytes) -> None:
    sandbox, _receiver = world
    assert requests.post(f"{sandbox.url}/llm/v1/chat/completions", data=body, timeout=5).status_code == 400
