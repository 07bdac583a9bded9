"""Who of an event's people has a visit: each patient, nobody else, and whose is off when one is uninvited."""

from __future__ import annotations

from pathlib import Path

import pytest

from appointments.models import Appointment, Escalation
from integrations.models import ImportedVisit
from tests.integrations.imports.test_import_calendars import BEA, calendar, event, read, visit
from tests.integrations.imports.test_import_series import WEEKLY
from tests.integrations.imports.test_import_series import event as repeating

pytestmark = pytest.mark.usefixtures("business")
S = Appointment.Status
LEO = "ATTENDEE;CN=Leo Ruiz:mailto:leo@mail.test"
ANA = "ATTENDEE;CN=Ana Diaz:tel:+12025550142"
BEN = "ATTENDEE;CN=Ben Ode:tel:+12025550143"
GRAY, OTHER = "ORGANIZER;CN=Dr Gray:mailto:gray@clinic.example", "ORGANIZER:mailto:who@else.example"
NEWER = "20260202T000000Z"


def status(name: str) -> set[str]:
    return set(Appointment.objects.filter(customer__name=name).values_list("status", flat=True))


def fields(answer: dict[str, object]) -> list[str]:
    return [one["field"] for one in answer["problems"]]  # type: ignore[attr-defined]


def test_who_is_uninvited_takes_nobody_elses_visit_along(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(BEA, LEO)))
    answer = read(tmp_path, calendar(event(LEO, "SEQUENCE:1", stamp=NEWER), method="CANCEL"))
    assert (status("Bea Ruiz"), fields(answer), answer["cancelled"]) == ({S.BOOKED}, ["ATTENDEE"], 0)


@pytest.mark.parametrize(
    "more",
    [[BEA], [LEO, BEA], [LEO, "STATUS:CANCELLED"], [BEA.replace("bea@", "bea.ruiz@")], ["DESCRIPTION:none named"]],
)
def test_a_cancellation_that_names_the_patient_nobody_or_all_holds(tmp_path: Path, more: list[str]) -> None:
    read(tmp_path, calendar(event(BEA, LEO)))
    answer = read(tmp_path, calendar(event(*more, "SEQUENCE:1", stamp=NEWER), method="CANCEL"))
    assert (status("Bea Ruiz"), answer["cancelled"], fields(answer)) == ({S.CANCELLED}, 1, [])


@pytest.mark.parametrize("repeat", [False, True])
def test_each_of_two_patients_has_a_visit_and_only_the_uninvited_one_loses_it(tmp_path: Path, repeat: bool) -> None:  # noqa: FBT001
    def both(*people: str, more: str = "SEQUENCE:0") -> list[str]:
        if repeat:
            return repeating(WEEKLY, more, *people[1:], person=people[0])
        return event(more, *people)

    count = 4 if repeat else 1
    assert read(tmp_path, calendar(both(ANA, BEN)))["created"] == 2 * count
    for people in ((ANA, BEN), (BEN, ANA)):
        assert (read(tmp_path, calendar(both(*people)))["created"], Appointment.objects.count()) == (0, 2 * count)
    assert read(tmp_path, calendar(both(BEN, more="SEQUENCE:1"), method="CANCEL"))["cancelled"] == count
    assert (status("Ana Diaz"), status("Ben Ode")) == ({S.BOOKED}, {S.CANCELLED})
    assert set(Appointment.objects.values_list("customer__phone", flat=True)) == {"+12025550142", "+12025550143"}
    assert fields(read(tmp_path, calendar(both(ANA, more="SEQUENCE:2")))) == []
    assert read(tmp_path, calendar(both(ANA, more="STATUS:CANCELLED"), method="CANCEL"))["cancelled"] == count


def test_the_first_of_two_may_go_and_the_other_stays_with_a_word_to_staff(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(ANA, BEN)))
    answer = read(tmp_path, calendar(event(BEN, "SEQUENCE:1", stamp=NEWER, days=8)))
    assert (answer["changed"], fields(answer), status("Ana Diaz")) == (1, ["ATTENDEE"], {S.BOOKED})
    assert Appointment.objects.get(customer__name="Ben Ode").starts_at > visit().starts_at
    read(tmp_path, calendar(event(ANA, "SEQUENCE:2", stamp=NEWER), method="CANCEL"))
    assert (status("Ana Diaz"), status("Ben Ode")) == ({S.CANCELLED}, {S.BOOKED})


def test_others_who_may_be_patients_are_named_as_a_problem(tmp_path: Path) -> None:
    answer = read(tmp_path, calendar(event(BEA, LEO)))
    assert (answer["created"], fields(answer)) == (1, ["ATTENDEE"])
    assert "several people" in str(answer["problems"])


def test_only_the_known_organizer_cancels_an_invitation(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(GRAY, BEA)))
    off = read(tmp_path, calendar(event(OTHER, BEA, "SEQUENCE:1", stamp=NEWER), method="CANCEL"))
    assert (off["cancelled"], status("Bea Ruiz")) == (0, {S.BOOKED})
    assert Escalation.objects.filter(reason="not_its_organizer").count() == 1
    read(tmp_path, calendar(event(GRAY.lower(), BEA, "SEQUENCE:1", stamp=NEWER), method="CANCEL"))
    assert status("Bea Ruiz") == {S.CANCELLED}


@pytest.mark.parametrize("lines", [[BEA], [GRAY, BEA]])
def test_where_the_organizer_was_never_told_the_cancellation_holds(tmp_path: Path, lines: list[str]) -> None:
    read(tmp_path, calendar(event(*lines)))
    ImportedVisit.objects.update(organizer="")
    read(tmp_path, calendar(event(OTHER, BEA, "SEQUENCE:1", stamp=NEWER), method="CANCEL"))
    assert status("Bea Ruiz") == {S.CANCELLED}


@pytest.mark.parametrize(
    "others",
    [
        [
            'ORGANIZER;CN=Dr Gray;SENT-BY="mailto:amy@third.example":mailto:gray@clinic.example',
            "ATTENDEE;CN=Amy:mailto:amy@third.example",
        ],
        ["ATTENDEE;CUTYPE=X-DEVICE;CN=Laser 3:mailto:laser@other.example"],
        [GRAY, "ATTENDEE;CN=Dr. Gray:mailto:drgray@private.example"],
        ['ATTENDEE;CN=Leo Ruiz;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:bea@example.com":mailto:leo@mail.test'],
        ["ATTENDEE;ROLE=OPT-PARTICIPANT;CN=Nurse Joy:mailto:joy@other.example"],
        ["ATTENDEE;ROLE=NON-PARTICIPANT;CN=Billing:mailto:billing@other.example"],
        ["ATTENDEE;CN=Treatment Room 1:mailto:room1@other.example"],
        ["ATTENDEE;CN=Sala 2:mailto:sala@other.example"],
    ],
)
def test_the_patient_is_who_comes(tmp_path: Path, others: list[str]) -> None:
    assert fields(read(tmp_path, calendar(event(*others, BEA)))) == []
    assert [one.customer.name for one in Appointment.objects.all()] == ["Bea Ruiz"]


def test_who_delegated_to_somebody_unnamed_is_for_a_person(tmp_path: Path) -> None:
    away = "ATTENDEE;CN=Leo Ruiz;PARTSTAT=DELEGATED:mailto:leo@mail.test"
    assert fields(read(tmp_path, calendar(event(away)))) == ["ATTENDEE"]
