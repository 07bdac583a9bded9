"""An action that a text would follow says before and afterwards when none will: by what the guardrails would say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client, override_settings
from django.urls import reverse

from appointments.models import Appointment, Customer
from aro import clock
from aro.desk.sentences import quoted
from compliance import consent, kill_switch, wrong_numbers
from compliance.models import Channel, Purpose
from integrations.outbound import channels
from tests.admin import rows
from workflows.models import Undoable

Cause = Callable[[Customer], object]


def _no_phone(person: Customer) -> None:
    Customer.objects.filter(pk=person.pk).update(phone="")


CAUSES: Any = pytest.mark.parametrize(
    ("cause", "why"),
    [
        (lambda person: consent.suppress(person.phone, source="keyword"), "No text goes out: this number said stop."),
        (_no_phone, "No text goes out: the booking has no phone number."),
        (lambda person: wrong_numbers.hold(person.phone), "Texts wait: somebody else answers at this number"),
        (lambda person: kill_switch.stop(by="ada"), "Texts wait: all sending is switched off."),
        (
            lambda person: channels.stop("sms", code="30034", why=quoted("No."), tenant_id="default"),
            "Texts wait: the carrier does not let the clinic use this channel.",
        ),
        (lambda person: None, ""),
    ],
    ids=["stop", "no phone", "held", "kill switch", "channel stopped", "nothing"],
)


@pytest.fixture
def visit(admin: Client) -> Appointment:
    found = rows.visit()
    consent.give(found.customer.phone, Channel.SMS, Purpose.CARE, method="verbal")
    return found


def _page(client: Client, command: str, row: Any) -> str:
    return client.get(reverse("admin:desk_act", args=[command, row.pk])).content.decode()


def _pressed(client: Client, command: str, row: Any, **values: Any) -> str:
    answer = client.post(reverse("admin:desk_act", args=[command, row.pk]), values)
    return _said(answer)


def _said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


@CAUSES
@pytest.mark.parametrize(
    ("command", "promise"),
    [("deposit.request", "will be texted to the patient"), ("appointment.move", "Reminders follow the new time")],
)
def test_what_would_be_texted_is_said_not_to_be(  # noqa: PLR0913 - the parameters' product
    admin: Client, visit: Appointment, cause: Cause, why: str, command: str, promise: str
) -> None:
    cause(visit.customer)
    at = f"{clock.now() + timedelta(days=9):%Y-%m-%dT%H:%M}"
    values = {"starts_at": at, "anyway": "on"} if command == "appointment.move" else {}
    before = _page(admin, command, visit)
    said = _pressed(admin, command, visit, **values)
    if why:
        assert why in before
        assert why in said
        assert promise not in said
        assert why in admin.get(reverse("admin:appointments_appointment_change", args=[visit.pk])).content.decode()
    else:
        assert promise in said
        assert "No text goes out" not in before + said


@override_settings(UNDO_SECONDS=60)
@CAUSES
def test_send_now_does_not_say_that_it_goes_out_when_it_does_not(
    admin: Client, visit: Appointment, cause: Cause, why: str
) -> None:
    cause(visit.customer)
    _pressed(admin, "deposit.request", visit)
    kept = Undoable.objects.get()
    said = _said(admin.post(reverse("admin:desk_send_now", args=[kept.pk])))
    assert (why in said) if why else ("it goes out now" in said)


@pytest.mark.parametrize("command", ["customer.number_is_right", "customer.correct_phone", "customer.opt_in"])
def test_what_is_said_of_a_number_does_not_promise_what_the_kill_switch_keeps_back(
    admin: Client, visit: Appointment, command: str
) -> None:
    wrong_numbers.hold(visit.customer.phone)
    kill_switch.stop(by="ada")
    values = {"customer.correct_phone": {"phone": "+12025550199"}, "customer.opt_in": {"evidence": "on the phone"}}
    said = _pressed(admin, command, visit.customer, **values.get(command, {}))
    assert "goes out." not in said
    assert "goes there." not in said
    assert "Texts wait: all sending is switched off." in said or "No text goes out" in said
