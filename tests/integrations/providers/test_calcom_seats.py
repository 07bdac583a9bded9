"""One booking of Cal.com for several people: each has a visit of their own, and one who leaves takes nobody along."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from appointments.inbound import BookingCreated
from appointments.models import Appointment, BookingRef, Business, Customer, Escalation
from appointments.services.booking import bookings
from aro import clock
from aro.ids import new_id
from aro.queue import tick
from integrations.models import Receipt
from integrations.providers.calcom import listing
from integrations.providers.shared.base import Window
from tests.factories import booking
from tests.integrations import signers
from tests.integrations.providers.test_calcom import SECRET
from tests.times import begun

S = Appointment.Status
TODAY = clock.now().replace(second=0, microsecond=0)
UID, LATER = "class-uid-1", "class-uid-2"
BEA = {"name": "Bea Ruiz", "email": "Bea@example.com", "phoneNumber": "+12125550101", "timeZone": "America/New_York"}
CARL = {"name": "Carl Moss", "email": "carl@example.com", "phoneNumber": "+12125550102", "timeZone": "America/New_York"}
DORA = {"name": "Dora Lin", "email": "dora@example.com", "phoneNumber": "+12125550103", "timeZone": "America/New_York"}


def start(days: int = 5) -> datetime:
    return TODAY + timedelta(days=days)


def deliver(client: Client, trigger: str, people: list[dict[str, Any]], **payload: Any) -> None:
    at = payload.pop("at", start())
    told = {
        "uid": UID,
        "title": "Group class",
        "attendees": people,
        "startTime": at.isoformat(),
        "endTime": (at + timedelta(hours=1)).isoformat(),
        "seatsPerTimeSlot": 6,
        "location": "Clinic",
        "status": "ACCEPTED",
        **payload,
    }
    body = json.dumps({"triggerEvent": trigger, "createdAt": clock.now().isoformat(), "payload": told}).encode()
    signed = signers.calcom(body, secret=SECRET)
    assert client.generic("POST", "/webhooks/calcom", body, "application/json", headers=signed).status_code == 200
    tick.drain(["receipts", "lookups"])
    assert not Receipt.objects.filter(outcome__in=["pending", "failed"]).exists()


def visits() -> dict[str, str]:
    """Whose visit is in which state."""
    return {one.customer.name.split()[0]: one.status for one in Appointment.objects.select_related("customer")}


def of(name: str) -> Appointment:
    return Appointment.objects.get(customer__name__startswith=name)


@pytest.fixture
def two(client: Client, business: Business) -> None:
    deliver(client, "BOOKING_CREATED", [BEA], attendeeSeatId="seat-b")
    deliver(client, "BOOKING_CREATED", [BEA, CARL], attendeeSeatId="seat-c")


@pytest.mark.parametrize("grows", [True, False])
@pytest.mark.parametrize("seats", [6, None])
def test_each_seat_is_a_visit_and_the_first_keeps_the_id(
    client: Client, business: Business, grows: bool, seats: int | None
) -> None:
    deliver(client, "BOOKING_CREATED", [BEA], seatsPerTimeSlot=seats)
    deliver(client, "BOOKING_CREATED", [BEA, CARL] if grows and seats else [CARL], seatsPerTimeSlot=seats)
    assert visits() == {"Bea": S.BOOKED, "Carl": S.BOOKED}
    assert of("Bea").external_id == UID
    assert of("Carl").external_id.startswith(f"{UID}#")
    assert "carl" not in of("Carl").external_id


def test_a_seat_told_twice_is_one_visit(client: Client, two: None) -> None:
    deliver(client, "BOOKING_CREATED", [BEA, CARL], attendeeSeatId="seat-c")
    deliver(client, "BOOKING_CREATED", [CARL])
    assert Appointment.objects.count() == 2


def test_the_first_ones_delivery_may_be_lost_when_the_list_names_them(client: Client, business: Business) -> None:
    deliver(client, "BOOKING_CREATED", [BEA, CARL])
    assert visits() == {"Bea": S.BOOKED, "Carl": S.BOOKED}


def test_the_forms_answers_are_of_the_one_who_filled_it_in(client: Client, business: Business) -> None:
    people = [{**BEA, "phoneNumber": ""}, {**CARL, "phoneNumber": ""}]
    answers = {"email": {"value": "carl@example.com"}, "attendeePhoneNumber": {"value": "+12125550188"}}
    deliver(client, "BOOKING_CREATED", people, responses=answers, smsReminderNumber="+12125550199")
    assert dict(Customer.objects.values_list("name", "phone")) == {"Bea Ruiz": "", "Carl Moss": "+12125550188"}


@pytest.mark.parametrize("ref", ["seat-b", ""])
def test_one_who_leaves_cancels_nobody_else(client: Client, two: None, ref: str) -> None:
    deliver(client, "BOOKING_CANCELLED", [BEA], attendeeSeatId=ref, status="CANCELLED")
    assert visits() == {"Bea": S.CANCELLED, "Carl": S.BOOKED}


def test_one_who_leaves_is_found_by_their_seat_whoever_else_is_listed(client: Client, two: None) -> None:
    deliver(client, "BOOKING_CANCELLED", [BEA, CARL], attendeeSeatId="seat-c", status="CANCELLED")
    assert visits() == {"Bea": S.BOOKED, "Carl": S.CANCELLED}


def test_when_nothing_says_who_left_a_person_finds_out(client: Client, two: None) -> None:
    deliver(client, "BOOKING_CANCELLED", [BEA, CARL], attendeeSeatId="seat-x", status="CANCELLED")
    assert visits() == {"Bea": S.BOOKED, "Carl": S.BOOKED}
    assert Escalation.objects.get().reason == "seat_unclear"


@pytest.mark.parametrize("people", [[BEA, CARL], []])
def test_a_class_that_is_off_is_off_for_everybody(client: Client, two: None, people: list[dict[str, Any]]) -> None:
    deliver(client, "BOOKING_CANCELLED", people, status="CANCELLED", cancelledBy="desk@clinic.example")
    assert set(visits().values()) == {S.CANCELLED}


def test_the_host_moves_everybody_in_place(client: Client, two: None) -> None:
    deliver(client, "BOOKING_RESCHEDULED", [BEA, CARL], rescheduleUid=UID, at=start(7))
    assert {one.starts_at for one in Appointment.objects.all()} == {start(7)}
    assert set(visits().values()) == {S.BOOKED}


def test_one_seat_moves_alone(client: Client, two: None) -> None:
    deliver(client, "BOOKING_RESCHEDULED", [BEA], uid=LATER, rescheduleUid=UID, attendeeSeatId="seat-b", at=start(7))
    assert (of("Bea").starts_at, of("Bea").external_id) == (start(7), LATER)
    assert of("Carl").starts_at < start(6)
    deliver(client, "BOOKING_CREATED", [CARL, DORA])
    deliver(client, "BOOKING_CREATED", [BEA])
    assert (of("Bea").starts_at, Appointment.objects.count()) == (start(7), 3)


@pytest.mark.parametrize("previous", [UID, "seat-c"])
def test_a_seat_moves_to_where_others_sit_and_they_stay_what_they_were(
    client: Client, two: None, previous: str
) -> None:
    deliver(client, "BOOKING_CREATED", [DORA], uid=LATER, at=start(7))
    deliver(
        client,
        "BOOKING_RESCHEDULED",
        [CARL, DORA],
        uid=LATER,
        rescheduleUid=previous,
        attendeeSeatId="seat-c",
        responses={"email": {"value": "carl@example.com"}},
        at=start(7),
    )
    assert of("Carl").starts_at == of("Dora").starts_at == start(7)
    assert of("Bea").starts_at < start(6)
    assert Appointment.objects.count() == 3


def test_somebody_with_a_seat_in_both_classes_keeps_both(client: Client, two: None) -> None:
    deliver(client, "BOOKING_CREATED", [BEA], uid=LATER, at=start(7))
    deliver(client, "BOOKING_RESCHEDULED", [CARL, BEA], uid=LATER, rescheduleUid=UID, at=start(7))
    hers = Appointment.objects.filter(customer__name="Bea Ruiz")
    assert sorted(one.starts_at for one in hers if one.status == S.BOOKED) == [start(), start(7)]


def test_a_no_show_is_of_one_person(client: Client, two: None) -> None:
    mark = {"bookingUid": UID, "attendees": [{"email": "carl@example.com", "noShow": True}]}
    with begun():
        deliver(client, "BOOKING_NO_SHOW_UPDATED", [], **mark)
        assert visits() == {"Bea": S.BOOKED, "Carl": S.NO_SHOW}
        both = [{"email": "carl@example.com", "noShow": False}, {"email": "bea@example.com", "noShow": True}]
        deliver(client, "BOOKING_NO_SHOW_UPDATED", [], bookingUid=UID, attendees=both)
    assert visits()["Bea"] == S.NO_SHOW
    assert visits()["Carl"] != S.NO_SHOW


LEO = {**BEA, "name": "Leo Ruiz"}
MIA = {**BEA, "name": "Mia Ruiz"}


@pytest.mark.parametrize("refs", [("seat-b", "seat-l", "seat-m"), ("", "", "")])
def test_a_familys_seats_with_one_address_are_a_visit_each(
    client: Client, business: Business, refs: tuple[str, ...]
) -> None:
    family = list(zip([BEA, LEO, MIA], refs, strict=True))
    for one, ref in [*family, *family]:
        deliver(client, "BOOKING_CREATED", [one], attendeeSeatId=ref)
    assert visits() == {"Bea": S.BOOKED, "Leo": S.BOOKED, "Mia": S.BOOKED}
    deliver(client, "BOOKING_CANCELLED", [LEO], attendeeSeatId=refs[1], status="CANCELLED")
    assert visits() == {"Bea": S.BOOKED, "Leo": S.CANCELLED, "Mia": S.BOOKED}
    deliver(client, "BOOKING_RESCHEDULED", [MIA], uid=LATER, rescheduleUid=UID, attendeeSeatId=refs[2], at=start(7))
    assert (of("Mia").starts_at, of("Bea").starts_at) == (start(7), start())


def test_of_a_family_with_one_address_nobody_leaves_unnamed(client: Client, business: Business) -> None:
    for one in (BEA, LEO):
        deliver(client, "BOOKING_CREATED", [one])
    deliver(client, "BOOKING_CANCELLED", [{**BEA, "name": ""}], status="CANCELLED")
    assert visits() == {"Bea": S.BOOKED, "Leo": S.BOOKED}
    marks = [{"email": BEA["email"], "noShow": True}]
    deliver(client, "BOOKING_NO_SHOW_UPDATED", [], bookingUid=UID, attendees=marks)
    deliver(client, "BOOKING_NO_SHOW_UPDATED", [], bookingUid=UID, attendees=[*marks, *marks])
    assert visits() == {"Bea": S.BOOKED, "Leo": S.BOOKED}
    assert list(Escalation.objects.values_list("reason", flat=True)) == ["seat_unclear", "seat_unclear"]


def test_a_seat_whose_name_is_corrected_stays_one_visit(client: Client, business: Business) -> None:
    for name in ("Bea Riuz", "Bea Ruiz", "Beatriz Ruiz", "Bea Gomez"):
        deliver(client, "BOOKING_CREATED", [{**BEA, "name": name}])
    assert Appointment.objects.count() == 1


def test_a_visit_kept_under_the_id_alone_is_the_first_ones(client: Client, business: Business) -> None:
    """As rows from before seats were known."""
    person = BookingCreated(
        booking=booking(source="calcom", external_id=UID, starts_at=start()), occurred_at=clock.now()
    )
    bookings.created(person, correlation_id=new_id())
    ana = {"name": "Ana Diaz", "email": "ana@example.com", "phoneNumber": "+1 202 555 0142"}
    deliver(client, "BOOKING_CREATED", [ana, CARL])
    assert visits() == {"Ana": S.BOOKED, "Carl": S.BOOKED}
    deliver(client, "BOOKING_CANCELLED", [ana], status="CANCELLED")
    assert visits() == {"Ana": S.CANCELLED, "Carl": S.BOOKED}
    assert BookingRef.objects.filter(shared_id=UID).count() == 2


def test_the_list_tells_of_every_seat(client: Client, business: Business) -> None:
    people = [{**one, "seatUid": f"seat-{n}", "absent": n == 1} for n, one in enumerate([BEA, CARL])]
    row = {
        "uid": UID,
        "status": "accepted",
        "start": start().isoformat(),
        "end": (start() + timedelta(hours=1)).isoformat(),
        "updatedAt": clock.now().isoformat(),
        "attendees": people,
    }
    window = Window(starts_from=clock.now(), starts_until=start(30))
    news = listing.read([row], window, "").news
    booked = [one.booking for one in news if isinstance(one, BookingCreated)]
    assert [(one.person.name, one.seat_ref, one.shared) for one in booked] == [
        ("Bea Ruiz", "seat-0", True),
        ("Carl Moss", "seat-1", True),
    ]
    assert [one.seat for one in news if not isinstance(one, BookingCreated)] == [booked[1].seat]  # type: ignore[union-attr]


@pytest.mark.parametrize("named", [True, False])
def test_an_old_cal_com_moves_the_visit_it_names(client: Client, business: Business, named: bool) -> None:
    deliver(client, "BOOKING_CREATED", [BEA], seatsPerTimeSlot=None)
    more = {} if named else {"uid": "nobody-knows", "rescheduleStartTime": start().isoformat()}
    deliver(client, "BOOKING_RESCHEDULED", [BEA], seatsPerTimeSlot=None, at=start(7), **more)
    visit = Appointment.objects.get()
    assert (visit.starts_at, visit.status, visit.moves) == (start(7), S.BOOKED, 1)


@pytest.mark.parametrize("seat", ["seat-c", "seat-d"])
def test_who_left_and_books_the_class_again_comes(client: Client, two: None, seat: str) -> None:
    deliver(client, "BOOKING_CANCELLED", [CARL], attendeeSeatId="seat-c", status="CANCELLED")
    deliver(client, "BOOKING_CREATED", [BEA, CARL], attendeeSeatId=seat)
    assert visits() == {"Bea": S.BOOKED, "Carl": S.BOOKED}
    deliver(client, "BOOKING_CANCELLED", [BEA, CARL], attendeeSeatId=seat, status="CANCELLED")
    assert visits() == {"Bea": S.BOOKED, "Carl": S.CANCELLED}


@pytest.mark.parametrize("ref", ["seat-c", None])
def test_a_seat_moved_by_an_old_cal_com_without_a_new_name_moves_alone(
    client: Client, two: None, ref: str | None
) -> None:
    """calcom/cal.com #10631: `uid` is null, the old name is in `rescheduleUid`."""
    more = {"attendeeSeatId": ref} if ref else {}
    for _ in range(2):
        deliver(client, "BOOKING_RESCHEDULED", [CARL], uid=None, rescheduleUid=UID, at=start(9), **more)
    assert visits() == {"Bea": S.BOOKED, "Carl": S.BOOKED}
    assert (of("Bea").starts_at, of("Carl").starts_at) == (start(), start(9))


def test_who_joins_others_at_the_new_time_moves_them_not_again(client: Client, two: None) -> None:
    more = {"uid": None, "rescheduleUid": UID, "attendeeSeatId": "seat-c"}
    deliver(client, "BOOKING_RESCHEDULED", [CARL, DORA], at=start(9), **more)
    assert visits() == {"Bea": S.BOOKED, "Carl": S.BOOKED}
    assert of("Carl").starts_at == start(9)


def test_the_list_gives_a_seat_moved_without_a_name_its_name(client: Client, two: None) -> None:
    deliver(client, "BOOKING_RESCHEDULED", [CARL], uid=None, rescheduleUid=UID, attendeeSeatId="seat-c", at=start(9))
    deliver(client, "BOOKING_RESCHEDULED", [CARL], uid=LATER, rescheduleUid=UID, attendeeSeatId="seat-c", at=start(9))
    assert visits() == {"Bea": S.BOOKED, "Carl": S.BOOKED}
    deliver(client, "BOOKING_CANCELLED", [CARL], uid=LATER, at=start(9), status="CANCELLED", attendeeSeatId="seat-c")
    assert visits() == {"Bea": S.BOOKED, "Carl": S.CANCELLED}
