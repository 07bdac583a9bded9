"""What one provider's deliveries say and no other's do, and what its API tells beside them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from tests.integrations.sandbox.test_bookings import NEW_TIME


def test_a_calendly_payload_is_flat_with_times_in_the_scheduled_event(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book(phone="+1 202-555-0100")["booking_id"]
    [event] = receiver.bodies("calendly", 1)
    payload = event["payload"]
    assert event["event"] == "invitee.created"
    assert payload["uri"].endswith(f"/invitees/{booking_id}")
    assert payload["event"] == payload["scheduled_event"]["uri"]
    assert payload["scheduled_event"]["start_time"] == "2027-03-16T15:00:00.000000Z"
    assert payload["scheduled_event"]["end_time"] == "2027-03-16T15:30:00.000000Z"
    assert (payload["text_reminder_number"], payload["timezone"]) == ("+1 202-555-0100", "America/New_York")


@pytest.mark.parametrize("given", [{"phone": None}, {}])
def test_a_booking_without_a_phone_is_sent_without_one(world: Any, given: dict[str, None]) -> None:
    sandbox, receiver = world
    visit = {"provider": "calendly", "name": "Bo Li", "service": "Checkup", "starts_at": "2027-03-16T15:00:00Z"}
    sandbox.post("/book", **visit, **given)
    [event] = receiver.bodies("calendly", 1)
    assert event["payload"]["text_reminder_number"] is None


def test_a_calendly_reschedule_cancels_the_old_invitee_and_makes_a_new_one_that_point_at_each_other(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book()["booking_id"]
    sandbox.post("/reschedule", provider="calendly", booking_id=booking_id, starts_at=NEW_TIME)
    created, canceled, again = receiver.bodies("calendly", 3)
    assert (canceled["event"], again["event"]) == ("invitee.canceled", "invitee.created")
    old, new = canceled["payload"], again["payload"]
    assert old["uri"] == created["payload"]["uri"]
    assert old["rescheduled"] is True
    assert (old["new_invitee"], new["old_invitee"]) == (new["uri"], old["uri"])
    assert new["uri"] != old["uri"]
    assert new["event"] != old["event"]
    assert new["scheduled_event"]["start_time"] == "2027-03-18T16:30:00.000000Z"
    assert booking_id in new["uri"]


def test_a_second_reschedule_points_at_the_first_one(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book()["booking_id"]
    sandbox.post("/reschedule", provider="calendly", booking_id=booking_id, starts_at=NEW_TIME)
    sandbox.post("/reschedule", provider="calendly", booking_id=booking_id, starts_at="2027-03-20T16:30:00Z")
    *_, first_new, canceled, second_new = receiver.bodies("calendly", 5)
    assert canceled["payload"]["uri"] == first_new["payload"]["uri"]
    assert second_new["payload"]["old_invitee"] == first_new["payload"]["uri"]


def test_a_cancellation_says_who_cancelled_and_is_no_reschedule(world: Any) -> None:
    sandbox, receiver = world
    for by, kind in (("invitee", "invitee"), ("host", "host")):
        booking_id = sandbox.book()["booking_id"]
        sandbox.post("/cancel", provider="calendly", booking_id=booking_id, by=by)
        event = receiver.bodies("calendly", 2)[-1]
        assert event["event"] == "invitee.canceled"
        assert event["payload"]["cancellation"]["canceler_type"] == kind
        assert (event["payload"]["rescheduled"], event["payload"]["new_invitee"]) == (False, None)


def test_a_calendly_no_show_carries_its_mark(world: Any) -> None:
    sandbox, receiver = world
    sandbox.post("/no-show", provider="calendly", booking_id=sandbox.book()["booking_id"])
    event = receiver.bodies("calendly", 2)[-1]
    assert event["event"] == "invitee_no_show.created"
    assert event["payload"]["no_show"]["uri"]


def test_acuity_sends_four_fields_and_shows_the_rest_in_its_api(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book(provider="acuity")["booking_id"]
    [item] = receiver.on("/webhooks/acuity")
    fields = parse_qs(item.body.decode())
    assert set(fields) == {"action", "id", "calendarID", "appointmentTypeID"}
    assert (fields["action"], fields["id"]) == (["scheduled"], [booking_id])
    shown = acuity(sandbox, booking_id)
    assert (shown["firstName"], shown["lastName"], shown["phone"]) == ("Ana", "Diaz", "+12025550100")
    assert shown["datetime"] == "2027-03-16T11:00:00-0400"
    assert (shown["date"], shown["time"], shown["endTime"]) == ("March 16, 2027", "11:00am", "11:30am")


def acuity(sandbox: Any, booking_id: str) -> dict[str, Any]:
    auth = ("10000001", "sandbox-acuity-api-key")
    answer = requests.get(f"{sandbox.url}/acuity/api/v1/appointments/{booking_id}", auth=auth, timeout=5)
    assert answer.ok
    return dict(answer.json())


def test_an_acuity_no_show_is_also_canceled(world: Any) -> None:
    sandbox, _receiver = world
    booking_id = sandbox.book(provider="acuity")["booking_id"]
    sandbox.post("/no-show", provider="acuity", booking_id=booking_id)
    shown = acuity(sandbox, booking_id)
    assert (shown["canceled"], shown["noShow"]) == (True, True)


def test_squares_version_only_grows_and_its_people_are_fetched(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book(provider="square")["booking_id"]
    sandbox.post("/reschedule", provider="square", booking_id=booking_id, starts_at=NEW_TIME)
    sandbox.post("/cancel", provider="square", booking_id=booking_id, by="customer")
    events = receiver.bodies("square", 3)
    shown = [event["data"]["object"]["booking"] for event in events]
    assert [event["type"] for event in events] == ["booking.created", "booking.updated", "booking.updated"]
    assert [booking["version"] for booking in shown] == [0, 1, 2]
    assert [booking["status"] for booking in shown] == ["ACCEPTED", "ACCEPTED", "CANCELLED_BY_CUSTOMER"]
    assert events[2]["data"]["id"] == f"{booking_id}:2"
    assert len({event["event_id"] for event in events}) == 3
    person = square(sandbox, f"/customers/{shown[0]['customer_id']}")["customer"]
    assert (person["given_name"], person["phone_number"]) == ("Ana", "+12025550100")
    assert square(sandbox, f"/locations/{shown[0]['location_id']}")["location"]["timezone"] == "America/New_York"
    variation = shown[0]["appointment_segments"][0]["service_variation_id"]
    assert square(sandbox, f"/catalog/object/{variation}")["object"]["item_variation_data"]["name"] == "Checkup"


def square(sandbox: Any, path: str) -> dict[str, Any]:
    answer = requests.get(f"{sandbox.url}/square/v2{path}", headers={"Authorization": "Bearer any"}, timeout=5)
    assert answer.ok, answer.text
    return dict(answer.json())


def test_a_calcom_reschedule_is_one_event_with_a_new_uid_and_the_old_one(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book(provider="calcom")["booking_id"]
    sandbox.post("/reschedule", provider="calcom", booking_id=booking_id, starts_at=NEW_TIME)
    created, moved = receiver.bodies("calcom", 2)
    assert (created["triggerEvent"], moved["triggerEvent"]) == ("BOOKING_CREATED", "BOOKING_RESCHEDULED")
    assert moved["payload"]["rescheduleUid"] == created["payload"]["uid"] == booking_id
    assert moved["payload"]["uid"] != booking_id
    assert moved["payload"]["rescheduleStartTime"] == created["payload"]["startTime"]
    assert moved["payload"]["responses"]["attendeePhoneNumber"]["value"] == "+12025550100"


def test_the_custom_webhook_keeps_one_id_and_carries_the_whole_appointment(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book(provider="custom")["booking_id"]
    sandbox.post("/cancel", provider="custom", booking_id=booking_id, by="host")
    booked, cancelled = receiver.bodies("custom", 2)
    assert (booked["type"], cancelled["type"]) == ("appointment.booked", "appointment.cancelled")
    assert cancelled["data"]["cancelled_by"] == "business"
    assert booked["data"]["id"] == cancelled["data"]["id"] == booking_id
    assert booked["data"]["customer"]["phone"] == "+12025550100"


def test_easyappointments_says_when_and_its_api_says_who(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book(provider="easyappointments")["booking_id"]
    sandbox.post("/reschedule", provider="easyappointments", booking_id=booking_id, starts_at=NEW_TIME)
    booked, moved = receiver.bodies("easyappointments", 2)
    assert (booked["action"], booked["payload"]["id"]) == ("appointment_save", int(booking_id))
    assert booked["payload"]["start_datetime"] == "2027-03-16 11:00:00"
    assert moved["payload"]["start_datetime"] == "2027-03-18 12:30:00"
    assert b"Ana" not in receiver.on("/webhooks/easyappointments")[0].body
    answer = easyappointments(sandbox, f"/appointments/{booking_id}?with=customer,provider")
    assert (answer.json()["start"], answer.json()["provider"]["timezone"]) == (
        "2027-03-18 12:30:00",
        "America/New_York",
    )
    assert answer.json()["customer"]["phone_number"] == "+12025550100"
    assert "service" not in answer.json()


def easyappointments(sandbox: Any, path: str, token: str = "sandbox-easyappointments-api-token") -> requests.Response:
    url = f"{sandbox.url}/easyappointments/index.php/api/v1{path}"
    return requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=5)


def test_a_visit_cancelled_in_easyappointments_is_deleted(world: Any) -> None:
    sandbox, receiver = world
    booking_id = sandbox.book(provider="easyappointments")["booking_id"]
    sandbox.post("/cancel", provider="easyappointments", booking_id=booking_id, by="host")
    assert receiver.bodies("easyappointments", 2)[-1]["action"] == "appointment_delete"
    answer = easyappointments(sandbox, f"/appointments/{booking_id}")
    assert (answer.status_code, answer.content) == (404, b"")
    assert easyappointments(sandbox, "/providers/3").json()["timezone"] == "America/New_York"
    assert easyappointments(sandbox, "/appointments", token="another").status_code == 401


def test_easyappointments_sends_once_whatever_comes_of_it(world: Any) -> None:
    sandbox, receiver = world
    receiver.status = 503
    assert sandbox.book(provider="easyappointments")["webhook_status"] == 503
    assert sandbox.get("/state")["callbacks_waiting"] == 0
    assert len(receiver.on("/webhooks/easyappointments")) == 1


def test_a_no_show_taken_back_is_an_event_of_its_own(world: Any) -> None:
    sandbox, receiver = world
    for provider in ("calendly", "calcom"):
        body = {"provider": provider, "booking_id": sandbox.book(provider=provider)["booking_id"]}
        sandbox.post("/no-show", **body)
        sandbox.post("/no-show", **body, undo=True)
    deleted = receiver.bodies("calendly", 3)[-1]
    assert (deleted["event"], deleted["payload"]["no_show"]) == ("invitee_no_show.deleted", None)
    marks = [event["payload"]["attendees"][0]["noShow"] for event in receiver.bodies("calcom", 3)[1:]]
    assert marks == [True, False]
