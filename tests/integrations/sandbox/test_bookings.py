"""What every provider sends to ARO when a visit is booked, moved, cancelled or missed: signed, and under one id."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.integrations import signers

ORDER = ("calendly", "acuity", "square", "calcom", "custom", "easyappointments")
NEW_TIME = "2027-03-18T16:30:00Z"


def carries(item: Any, headers: dict[str, str]) -> bool:
    return all(item.headers[name.lower()] == value for name, value in headers.items())


def check_calendly(item: Any, _url: str) -> None:
    parts = dict(part.split("=", 1) for part in item.headers["calendly-webhook-signature"].split(","))
    assert carries(item, signers.calendly(item.body, secret="sandbox-calendly-signing-key", at=int(parts["t"])))


def check_acuity(item: Any, _url: str) -> None:
    assert carries(item, signers.acuity(item.body, secret="sandbox-acuity-api-key"))


def check_square(item: Any, url: str) -> None:
    address = f"{url}/webhooks/square"
    assert carries(item, signers.square(item.body, secret="sandbox-square-signature-key", url=address))


def check_calcom(item: Any, _url: str) -> None:
    assert carries(item, signers.calcom(item.body, secret="sandbox-calcom-secret"))


def check_custom(item: Any, _url: str) -> None:
    """By the library's signer: its verifier goes by the real clock, the sandbox by its own."""
    webhook = Webhook("whsec_c2FuZGJveC1jdXN0b20td2ViaG9vay1zZWNyZXQ=")
    sent_at = datetime.fromtimestamp(int(item.headers["webhook-timestamp"]), UTC)
    expected = webhook.sign(item.headers["webhook-id"], sent_at, item.body.decode())
    assert item.headers["webhook-signature"] == expected


def check_easyappointments(item: Any, _url: str) -> None:
    assert carries(item, signers.easyappointments(item.body, secret="sandbox-easyappointments-webhook-token"))


CHECKS = {
    "calendly": check_calendly,
    "acuity": check_acuity,
    "square": check_square,
    "calcom": check_calcom,
    "custom": check_custom,
    "easyappointments": check_easyappointments,
}


@pytest.mark.parametrize("provider", ORDER)
def test_a_booking_reaches_aro_signed_and_the_answer_tells_how_it_was_taken(world: Any, provider: str) -> None:
    sandbox, receiver = world
    answer = sandbox.book(provider=provider)
    assert answer["webhook_status"] == 200
    [item] = receiver.on(f"/webhooks/{provider}")
    assert answer["booking_id"].encode() in item.body
    CHECKS[provider](item, receiver.url)


@pytest.mark.parametrize("provider", ORDER)
def test_the_first_id_stays_good_through_every_later_step(world: Any, provider: str) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book(provider=provider)["booking_id"]
    for path, more in (("/reschedule", {"starts_at": NEW_TIME}), ("/no-show", {})):
        assert sandbox.post(path, provider=provider, booking_id=booking_id, **more)["booking_id"] == booking_id
    assert all(booking_id.encode() in item.body for item in receiver.on(f"/webhooks/{provider}"))
    assert len(receiver.on(f"/webhooks/{provider}")) == (4 if provider == "calendly" else 3)


@pytest.mark.parametrize("provider", ORDER)
def test_a_no_show_can_be_taken_back_once(world: Any, provider: str) -> None:
    sandbox, receiver = world
    body = {"provider": provider, "booking_id": sandbox.book(provider=provider)["booking_id"]}
    assert sandbox.call("POST", "/no-show", body | {"undo": True}).status_code == 409
    sandbox.post("/no-show", **body)
    assert sandbox.post("/no-show", **body, undo=True)["webhook_status"] == 200
    assert len(receiver.on(f"/webhooks/{provider}")) == 3
    assert sandbox.get("/bookings")["bookings"][-1]["status"] == "booked"


@pytest.mark.parametrize("path", ["/reschedule", "/cancel", "/no-show"])
def test_an_unknown_booking_is_not_found(world: Any, path: str) -> None:
    sandbox, _receiver = world
    body = {"provider": "calendly", "booking_id": "nowhere", "starts_at": NEW_TIME}
    answer = sandbox.call("POST", path, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")


def test_a_visit_that_is_over_cannot_be_cancelled_again(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book()["booking_id"]
    sandbox.post("/cancel", provider="calendly", booking_id=booking_id, by="invitee")
    answer = sandbox.call("POST", "/cancel", {"provider": "calendly", "booking_id": booking_id, "by": "invitee"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CONFLICT")
    assert len(receiver.on("/webhooks/calendly")) == 2
