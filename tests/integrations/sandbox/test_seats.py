"""Several people share a Cal.com booking: what Cal.com sends when one joins, leaves or moves, or the host moves all."""

from __future__ import annotations

from typing import Any

import pytest
import requests

START, LATER = "2027-03-16T15:00:00Z", "2027-03-18T16:30:00Z"
CARL = {"name": "Carl Moss", "phone": "+12025550102", "email": "carl@example.com"}


@pytest.fixture
def shared(world: Any) -> tuple[Any, Any, str, str, str]:
    """A class of Ana and Carl: the sandbox, who receives, the booking's id, and the ids of both seats."""
    sandbox, receiver = world
    booked = sandbox.book(provider="calcom", places=2, email="ana@example.com")
    joined = sandbox.post("/seat", booking_id=booked["booking_id"], **CARL)
    return sandbox, receiver, booked["booking_id"], booked["seat_uid"], joined["seat_uid"]


def told(receiver: Any, number: int) -> tuple[str, dict[str, Any]]:
    event = receiver.bodies("calcom", number)[number - 1]
    return event["triggerEvent"], event["payload"]


def mails(payload: dict[str, Any]) -> list[str]:
    return [one["email"] for one in payload["attendees"]]


def status(sandbox: Any, booking_id: str) -> str:
    (found,) = [one for one in sandbox.get("/bookings")["bookings"] if one["booking_id"] == booking_id]
    return str(found["status"])


def test_who_joins_has_the_same_uid_and_a_seat_of_their_own(shared: Any) -> None:
    _, receiver, booking_id, ana, carl = shared
    (_, first), (trigger, second) = told(receiver, 1), told(receiver, 2)
    assert (first["uid"], second["uid"], trigger) == (booking_id, booking_id, "BOOKING_CREATED")
    assert (first["attendeeSeatId"], second["attendeeSeatId"]) == (ana, carl)
    assert (mails(first), mails(second)) == (["ana@example.com"], ["ana@example.com", "carl@example.com"])
    assert second["responses"]["attendeePhoneNumber"]["value"] == CARL["phone"]
    assert second["smsReminderNumber"] == first["smsReminderNumber"]
    assert second["seatsPerTimeSlot"] == 2


def test_who_leaves_is_named_alone_and_the_last_one_ends_the_booking(shared: Any) -> None:
    sandbox, receiver, booking_id, ana, carl = shared
    sandbox.post("/leave", booking_id=booking_id, seat_uid=ana)
    trigger, payload = told(receiver, 3)
    assert (trigger, payload["attendeeSeatId"], mails(payload)) == ("BOOKING_CANCELLED", ana, ["ana@example.com"])
    assert status(sandbox, booking_id) == "booked"
    sandbox.post("/leave", booking_id=booking_id, seat_uid=carl)
    assert mails(told(receiver, 4)[1]) == ["carl@example.com"]
    assert status(sandbox, booking_id) == "cancelled"


def test_the_host_moves_everybody_under_the_same_uid(shared: Any) -> None:
    sandbox, receiver, booking_id, _, _ = shared
    sandbox.post("/reschedule", provider="calcom", booking_id=booking_id, starts_at=LATER)
    trigger, payload = told(receiver, 3)
    assert (trigger, payload["uid"], payload["rescheduleUid"]) == ("BOOKING_RESCHEDULED", booking_id, booking_id)
    assert (payload["startTime"], payload["rescheduleStartTime"], len(payload["attendees"])) == (LATER, START, 2)
    assert "attendeeSeatId" not in payload


def test_one_moves_alone_to_a_booking_of_their_own(shared: Any) -> None:
    sandbox, receiver, booking_id, _, carl = shared
    moved = sandbox.post("/move-seat", booking_id=booking_id, seat_uid=carl, starts_at=LATER)
    trigger, payload = told(receiver, 3)
    assert (trigger, payload["rescheduleUid"], payload["attendeeSeatId"]) == ("BOOKING_RESCHEDULED", booking_id, carl)
    assert payload["uid"] == moved["booking_id"] != booking_id
    assert mails(payload) == ["carl@example.com"]
    rows = requests.get(f"{sandbox.url}/calcom/v2/bookings", headers={"Authorization": "Bearer any"}, timeout=5).json()
    seated = {row["uid"]: [(one["email"], one.get("seatUid")) for one in row["attendees"]] for row in rows["data"]}
    assert seated[moved["booking_id"]] == [("carl@example.com", carl)]
    assert [mail for mail, _ in seated[booking_id]] == ["ana@example.com"]


def test_there_is_no_seat_where_none_is_left_or_nobody_shares(shared: Any) -> None:
    sandbox, _, booking_id, ana, _ = shared
    more = {"booking_id": booking_id, "name": "Dora Lin", "phone": "+12025550103"}
    assert sandbox.call("POST", "/seat", more).status_code == 409
    assert sandbox.call("POST", "/leave", {"booking_id": booking_id, "seat_uid": "x"}).status_code == 404
    sandbox.post("/leave", booking_id=booking_id, seat_uid=ana)
    assert sandbox.call("POST", "/seat", CARL | {"booking_id": booking_id}).status_code == 409
    alone = sandbox.book(provider="calcom")
    assert "seat_uid" not in alone
    assert sandbox.call("POST", "/seat", CARL | {"booking_id": alone["booking_id"]}).status_code == 409
    wanted = {"provider": "square", "name": "Ana", "starts_at": START, "places": 2}
    assert sandbox.call("POST", "/book", wanted).status_code == 400


def test_seats_are_still_there_after_a_restart(shared: Any) -> None:
    sandbox, receiver, booking_id, ana, _ = shared
    sandbox.end()
    sandbox.start()
    sandbox.post("/leave", booking_id=booking_id, seat_uid=ana)
    assert told(receiver, 3)[0] == "BOOKING_CANCELLED"
