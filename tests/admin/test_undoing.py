"""What staff do waits a minute before a text follows, and until then it can be taken back without a trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from appointments.inbound import BookingCreated
from appointments.models import Appointment, Customer, Deposit, Escalation, Message, StatusChange
from appointments.services import escalations
from appointments.services.booking import bookings
from appointments.services.visit import standing_again, visits
from aro import clock
from aro.errors import InvalidRequestError
from aro.ids import new_id
from aro.models import Due
from aro.queue import tick
from compliance import consent, kill_switch, wrong_numbers
from compliance.models import AuditLog, Consent, Suppression
from tests.factories import BusinessFactory, CustomerFactory, booking
from tests.workflows.phone import writes
from workflows.commands import bus
from workflows.commands import undo as undoing
from workflows.desk.actions.undoing import SENT_NOW
from workflows.models import Undoable, WorkflowInstance

pytestmark = pytest.mark.django_db(transaction=True)
S = Appointment.Status
LANES = ["events", "timers", "executions"]


@pytest.fixture(autouse=True)
def a_minute(settings: Any) -> None:
    settings.UNDO_SECONDS = 60


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create(quiet_from="00:00", quiet_until="00:00")
    with transaction.atomic():
        news = BookingCreated(booking=booking(starts_at=clock.now() + timedelta(days=4)), occurred_at=clock.now())
        bookings.created(news, correlation_id=new_id())
    tick.drain(["events", "timers"])
    return Appointment.objects.select_related("customer").get()


def press(admin: Client, command: str, row: Any, **payload: str) -> str:
    """Presses the button and returns the address of Undo."""
    answer = admin.post(reverse("admin:desk_act", args=[command, row.pk]), payload, follow=True)
    found = re.search(r'action="([^"]*take-back[^"]*)"', answer.content.decode())
    assert found, answer.content.decode()[-3000:]
    return found[1]


def later(seconds: int) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=True)


def everything() -> dict[str, Any]:
    """All that a person or a figure could see, without when rows were written."""
    skipped = {"updated_at"}
    return {
        f"{model.__name__} {row.pk}": {
            f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in skipped
        }
        for model in (Appointment, Customer, Deposit, Escalation, StatusChange, Consent, Suppression, Message)
        for row in model.objects.all()
    }


def kinds() -> list[str]:
    return list(Message.objects.order_by("created_at").values_list("kind", flat=True))


def test_a_move_is_told_after_a_minute_and_not_before(admin: Client, visit: Appointment) -> None:
    before = kinds()
    press(admin, "appointment.move", visit, starts_at="2030-01-08T10:00")
    visit.refresh_from_db()
    assert visit.starts_at.year == 2030
    tick.drain(LANES)
    assert kinds() == before
    with later(61):
        tick.drain(["events", "timers"])
        assert kinds() == [*before, "moved"]


@pytest.mark.parametrize(
    ("command", "payload"),
    [
        ("appointment.move", {"starts_at": "2030-01-08T10:00"}),
        ("appointment.cancel", {"reason": "a slip"}),
        ("appointment.confirm", {}),
        ("deposit.request", {}),
    ],
)
def test_taken_back_it_was_never_done(admin: Client, visit: Appointment, command: str, payload: dict[str, str]) -> None:
    escalations.escalate(key=f"unclear_reply:{visit.id}", reason="unclear_reply", appointment=visit)
    tick.drain(["events", "timers"])
    before, due_before = everything(), set(Due.objects.values_list("lane", "ref", "due_at"))
    undo = press(admin, command, visit, **payload)
    assert everything() != before
    assert "Taken back" in admin.post(undo, follow=True).content.decode()
    assert everything() == before
    assert set(Due.objects.values_list("lane", "ref", "due_at")) == due_before
    with later(120):
        tick.drain(["events", "timers"])
    assert everything() == before
    assert WorkflowInstance.objects.get(definition="appointment-reminder-sequence").status in WorkflowInstance.LIVE


def test_a_no_show_taken_back_is_in_no_count(admin: Client, visit: Appointment) -> None:
    Appointment.objects.filter(pk=visit.pk).update(starts_at=clock.now() - timedelta(hours=1))
    before = everything()
    undo = press(admin, "appointment.no_show", visit)
    assert Customer.objects.get().no_shows == 1
    admin.post(undo)
    assert everything() == before
    with later(120):
        tick.drain(["events", "timers"])
    assert "no_show_followup" not in kinds()


@pytest.mark.parametrize("command", ["customer.opt_out", "customer.opt_in"])
def test_consent_taken_back_leaves_no_evidence(admin: Client, visit: Appointment, command: str) -> None:
    if command == "customer.opt_in":
        consent.suppress(visit.customer.phone, source="staff")
    before = everything()
    undo = press(admin, command, visit.customer, evidence="said so")
    assert consent.is_suppressed(visit.customer.phone) is (command == "customer.opt_out")
    admin.post(undo)
    assert everything() == before


def test_the_audit_says_both(admin: Client, visit: Appointment) -> None:
    admin.post(press(admin, "appointment.cancel", visit, reason="a slip"))
    said = list(AuditLog.objects.exclude(action__endswith="viewed").order_by("seq").values_list("action", flat=True))
    assert said[-2:] == ["appointment.cancel", "command.undo"]


def test_send_now_waits_no_longer(admin: Client, visit: Appointment) -> None:
    undo = press(admin, "appointment.move", visit, starts_at="2030-01-08T10:00")
    admin.post(undo.replace("take-back", "send-now"))
    tick.drain(["events", "timers"])
    assert kinds()[-1] == "moved"
    assert Appointment.objects.get().settles_at is None
    assert "no longer be taken back" in admin.post(undo, follow=True).content.decode()


def test_after_a_minute_it_is_too_late_and_the_page_says_what_to_do(admin: Client, visit: Appointment) -> None:
    undo = press(admin, "appointment.cancel", visit, reason="a slip")
    with later(61):
        assert "Correct it on the page instead" in admin.post(undo, follow=True).content.decode()
    assert Appointment.objects.get().status == S.CANCELLED


def test_what_has_changed_since_is_not_overwritten(admin: Client, visit: Appointment) -> None:
    undo = press(admin, "appointment.move", visit, starts_at="2030-01-08T10:00")
    visits.confirm(Appointment.objects.get(), actor="user")
    assert "Something else has happened since" in admin.post(undo, follow=True).content.decode()
    assert Appointment.objects.get().status == S.CONFIRMED


def test_a_stop_that_came_meanwhile_outlives_the_undoing(admin: Client, visit: Appointment) -> None:
    undo = press(admin, "customer.opt_out", visit.customer)
    phone = visit.customer.phone
    writes(visit, "STOP")
    admin.post(undo)
    assert consent.is_suppressed(phone)


def test_the_page_offers_it_as_long_as_it_can_be_taken_back(admin: Client, visit: Appointment) -> None:
    press(admin, "appointment.cancel", visit, reason="a slip")
    page = reverse("admin:appointments_appointment_change", args=[visit.pk])
    assert re.search("Cancel visit, .*, by ada: it can be taken back until", admin.get(page).content.decode())
    with later(61):
        assert "it can be taken back until" not in admin.get(page).content.decode()


def shown(admin: Client, visit: Appointment) -> str:
    return admin.get(reverse("admin:appointments_appointment_change", args=[visit.pk])).content.decode()


def test_where_nothing_follows_nothing_is_offered_to_go_out(admin: Client, visit: Appointment) -> None:
    undo = press(admin, "appointment.cancel", visit, reason="a slip")
    assert "Send now" not in shown(admin, visit)
    answer = admin.post(undo.replace("take-back", "send-now"), follow=True).content.decode()
    assert "It goes out now" not in answer


@pytest.mark.parametrize(
    ("silenced", "said"),
    [
        (
            lambda visit: consent.suppress(visit.customer.phone, source="staff"),
            "No text goes out: this number said stop",
        ),
        (lambda visit: kill_switch.stop(by="ada", reason=""), "all sending is switched off"),
        (lambda visit: Customer.objects.update(phone_usable=False), "No text goes out: "),
        (
            lambda visit: wrong_numbers.hold(visit.customer.phone, tenant_id="default"),
            "Texts wait: somebody else answers at this number",
        ),
        (lambda visit: None, "If a text follows from it, it goes out now"),
    ],
)
def test_send_now_says_that_nothing_goes_out_where_nothing_can(
    admin: Client, visit: Appointment, silenced: Callable[[Appointment], object], said: str
) -> None:
    silenced(visit)
    undo = press(admin, "appointment.move", visit, starts_at="2030-01-08T10:00")
    answer = admin.post(undo.replace("take-back", "send-now"), follow=True).content.decode()
    assert said in answer
    assert ("goes out now" in answer) is (said in str(SENT_NOW))


def test_only_what_can_be_taken_back_is_offered_and_says_which_it_is(admin: Client, visit: Appointment) -> None:
    press(admin, "appointment.move", visit, starts_at="2030-01-08T10:00")
    second = press(admin, "appointment.move", visit, starts_at="2030-01-09T10:00")
    page = shown(admin, visit)
    assert re.findall(r'action="([^"]*take-back[^"]*)"', page) == [second]
    assert re.search(r"Move, .* \(America/New_York\), by ada: nothing goes out before \d\d:\d\d:\d\d\.", page)


def test_who_asks_for_what_was_asked_for_already_takes_nobodys_undo_away(admin: Client, visit: Appointment) -> None:
    undo = press(admin, "deposit.request", visit)
    again = admin.post(reverse("admin:desk_act", args=["deposit.request", visit.pk]), follow=True).content.decode()
    assert again.count("take-back") == 1  # on the page, of the first
    assert "Taken back" in admin.post(undo, follow=True).content.decode()
    assert not Deposit.objects.exists()


def test_what_is_done_to_another_person_takes_nobodys_undo_away(admin: Client, visit: Appointment) -> None:
    other = CustomerFactory.create(phone="+12025550177")
    undo = press(admin, "customer.opt_out", visit.customer)
    press(admin, "customer.opt_out", other)
    assert "Taken back" in admin.post(undo, follow=True).content.decode()


def test_a_move_to_its_own_time_is_none(admin: Client, visit: Appointment) -> None:
    before, texts = everything(), kinds()
    same = f"{visit.starts_at.astimezone(ZoneInfo(visit.timezone)):%Y-%m-%dT%H:%M}"
    answer = admin.post(reverse("admin:desk_act", args=["appointment.move", visit.pk]), {"starts_at": same})
    assert (answer.status_code, "That is its time already" in answer.content.decode()) == (400, True)
    with pytest.raises(InvalidRequestError, match="time already"):
        bus.execute(
            command="appointment.move",
            payload={"appointment_id": str(visit.pk), "starts_at": visit.starts_at.isoformat()},
            actor="admin",
            actor_id="ada",
        )
    assert everything() == before
    tick.drain(LANES)
    assert kinds() == texts


def test_what_was_cancelled_already_is_said_so(admin: Client, visit: Appointment) -> None:
    press(admin, "appointment.cancel", visit, reason="a slip")
    answer = admin.post(reverse("admin:desk_act", args=["appointment.cancel", visit.pk]), {"reason": "x"}, follow=True)
    assert "The visit is cancelled already" in answer.content.decode()


def test_what_cannot_be_taken_back_any_more_is_not_kept(admin: Client, visit: Appointment) -> None:
    press(admin, "appointment.cancel", visit, reason="a slip")
    assert not undoing.tidy(clock.now())
    assert Undoable.objects.exists()
    undoing.tidy(clock.now() + timedelta(hours=2))
    assert not Undoable.objects.exists()


def test_get_takes_nothing_back(admin: Client, visit: Appointment) -> None:
    undo = press(admin, "appointment.cancel", visit, reason="a slip")
    assert admin.get(undo).status_code == 405
    assert Undoable.objects.exists()


def test_the_command_line_and_the_api_wait_only_when_they_say_so(visit: Appointment) -> None:
    payload = {"appointment_id": str(visit.pk)}
    answer = bus.execute(command="appointment.cancel", payload=payload, actor="admin", actor_id="cli")
    assert "undo" not in answer
    assert not Undoable.objects.exists()
    assert Appointment.objects.get().settles_at is None


def test_a_visit_that_stands_again_is_reminded_and_not_said_to_be_moved(visit: Appointment) -> None:
    with transaction.atomic():
        visits.cancel(visit, actor="admin", actor_id="ada")
    tick.drain(["events", "timers"])
    with transaction.atomic():
        standing_again.reopen(Appointment.objects.get(), actor="admin", actor_id="ada", reason="a slip")
    tick.drain(["events", "timers"])
    assert "moved" not in kinds()
    found = Appointment.objects.get()
    assert (found.moves, found.customer.reschedules, found.customer.cancellations) == (0, 0, 0)
    assert WorkflowInstance.objects.filter(
        definition="appointment-reminder-sequence", status__in=WorkflowInstance.LIVE
    ).exists()


def test_a_no_show_taken_back_by_the_booking_system_before_the_visit_has_its_reminders_again(
    visit: Appointment,
) -> None:
    for change in (visits.mark_no_show, standing_again.unmark_no_show):
        with transaction.atomic():
            change(Appointment.objects.get())
        tick.drain(["events", "timers"])
    assert "moved" not in kinds()
    assert WorkflowInstance.objects.filter(
        definition="appointment-reminder-sequence", status__in=WorkflowInstance.LIVE
    ).exists()
