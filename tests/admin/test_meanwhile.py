"""Two people with one form open: the second Save takes nothing back that the first one changed."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from appointments.models import Appointment, Business, ClosedDay, Customer, ReplyClassification
from aro import clock
from compliance.models import AuditLog
from tests.admin import rows

CHANGED = "Somebody else changed this while you had the page open"
MOVED = "Somebody else moved this visit while you had the page open"


class Filled(HTMLParser):
    """The fields of a page, as a browser would send them back."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in ("select", "textarea"):
            self._within = told["name"]
        is_off = told.get("type") in ("checkbox", "radio", "submit") and "checked" not in told
        if tag == "input" and "name" in told and not is_off:
            self._keep(told["name"], told.get("value", "on" if "checked" in told else ""))
        if tag == "option" and "selected" in told:
            self._keep(self._within, told.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._within and self.get_starttag_text() is not None and "<textarea" in str(self.get_starttag_text()):
            self._keep(self._within, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        self._within = "" if tag in ("select", "textarea") else self._within

    def _keep(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\n", "\r\n"))


def filled(client: Client, address: str) -> dict[str, Any]:
    page = Filled()
    page.feed(client.get(address).content.decode())
    return dict(page.sent)


def page_of(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def business_page() -> str:
    return page_of(Business.objects.get())


def test_what_the_other_one_changed_stays_when_this_page_left_it_alone(admin: Client) -> None:
    first, second = filled(admin, business_page()), filled(admin, business_page())
    theirs = {"phone": "+16175550177", "quiet_from": "20:30", "hours_5": "10:00-14:00", "review_requests": ""}
    assert admin.post(business_page(), first | theirs).status_code == 302
    assert admin.post(business_page(), second | {"name": "Juniper Lane"}).status_code == 302
    business = Business.objects.get()
    assert (business.name, business.phone, f"{business.quiet_from:%H:%M}") == ("Juniper Lane", "+16175550177", "20:30")
    assert business.hours["5"]["open"] == "10:00"
    last = AuditLog.objects.filter(action="business.changed").latest("at")
    assert list(last.after) == ["name"]


def test_what_both_changed_is_refused_with_a_sentence(admin: Client) -> None:
    first, second = filled(admin, business_page()), filled(admin, business_page())
    admin.post(business_page(), first | {"phone": "+16175550177"})
    answer = admin.post(business_page(), second | {"phone": "+16175550188", "name": "Juniper Lane"})
    assert CHANGED in answer.content.decode()
    business = Business.objects.get()
    assert (business.phone, business.name) == ("+16175550177", "Fern Clinic")


def test_the_same_change_made_twice_is_no_quarrel(admin: Client) -> None:
    first, second = filled(admin, business_page()), filled(admin, business_page())
    for one in (first, second):
        assert admin.post(business_page(), one | {"phone": "+16175550177"}).status_code == 302


def test_an_address_of_several_lines_is_changed_like_any_other(admin: Client) -> None:
    Business.objects.update(address="1 Fern Lane\nBoston")
    assert admin.post(business_page(), filled(admin, business_page())).status_code == 302
    assert not AuditLog.objects.latest("at").after
    assert admin.post(business_page(), filled(admin, business_page()) | {"address": "2 Fern Lane"}).status_code == 302
    assert Business.objects.get().address == "2 Fern Lane"


def test_a_closed_day_that_was_renamed_meanwhile_keeps_its_name(admin: Client) -> None:
    day = ClosedDay.objects.create(day=clock.now().date() + timedelta(days=9), name="Staff day")
    stale = filled(admin, page_of(day))
    ClosedDay.objects.update(name="Training")
    later = day.day + timedelta(days=1)
    assert admin.post(page_of(day), stale | {"day": str(later)}).status_code == 302
    assert list(ClosedDay.objects.values_list("day", "name")) == [(later, "Training")]


def test_a_role_taken_away_meanwhile_does_not_come_back(admin: Client) -> None:
    person, role = User.objects.create_user("noor", password="not-a-real-password"), Group.objects.create(name="Desk")
    other = Group.objects.create(name="Other")
    person.groups.add(role)
    page = page_of(person)
    stale = filled(admin, page)
    person.groups.set([other])
    assert admin.post(page, stale | {"first_name": "Noor"}).status_code == 302
    person.refresh_from_db()
    assert (person.first_name, list(person.groups.all())) == ("Noor", [other])
    assert CHANGED in admin.post(page, stale | {"groups": []}).content.decode()


def test_a_page_carries_no_password(admin: Client) -> None:
    assert "initial-password" not in admin.get(page_of(User.objects.get(username="ada"))).content.decode()


def asks(command: str, row: Model) -> str:
    return reverse("admin:desk_act", args=[command, row.pk])


def test_a_visit_that_was_moved_meanwhile_says_so(admin: Client) -> None:
    visit = rows.visit()
    page = asks("appointment.move", visit)
    stale = filled(admin, page)
    moved = visit.starts_at + timedelta(days=1)
    Appointment.objects.update(starts_at=moved)
    for typed in (stale["starts_at"][0], f"{(clock.now() + timedelta(days=6)).date()}T15:00"):
        answer = admin.post(page, stale | {"starts_at": typed, "anyway": "on"})
        assert (answer.status_code, MOVED in answer.content.decode()) == (400, True)
    assert Appointment.objects.get().starts_at == moved


def test_a_move_pressed_twice_counts_once_and_is_no_quarrel(admin: Client) -> None:
    page = asks("appointment.move", rows.visit())
    sent = filled(admin, page) | {"starts_at": f"{(clock.now() + timedelta(days=6)).date()}T15:00", "anyway": "on"}
    assert [admin.post(page, sent).status_code for _ in range(2)] == [302, 302]
    assert AuditLog.objects.filter(action="appointment.move").count() == 1


def test_a_visit_in_an_hour_that_comes_twice_can_be_moved(admin: Client) -> None:
    visit = rows.visit(timezone="America/New_York")
    Appointment.objects.update(starts_at="2027-11-07T05:30:00Z")
    page = asks("appointment.move", visit)
    sent = filled(admin, page) | {"starts_at": f"{(clock.now() + timedelta(days=6)).date()}T15:00", "anyway": "on"}
    assert admin.post(page, sent).status_code == 302


@pytest.mark.parametrize(
    ("command", "change", "typed"),
    [
        ("customer.correct_phone", {"phone": "+12125550177"}, {"phone": "+12125550188"}),
        ("customer.correct_email", {"email": "a@clinic.example"}, {"email": "b@clinic.example"}),
        ("customer.choose_language", {"language": "es", "language_set_by": "staff"}, {"language": "en"}),
        ("customer.choose_channel", {"preferred_channel": "whatsapp"}, {"channel": "sms"}),
    ],
)
def test_what_another_corrected_meanwhile_is_not_silently_replaced(
    admin: Client, command: str, change: dict[str, str], typed: dict[str, str]
) -> None:
    person = rows.visit().customer
    page = asks(command, person)
    stale = filled(admin, page)
    Customer.objects.filter(pk=person.pk).update(**change)
    for sent in (stale, stale | typed):
        answer = admin.post(page, sent)
        assert (answer.status_code, CHANGED in answer.content.decode()) == (400, True)
    assert Customer.objects.filter(pk=person.pk, **change).exists()
    assert admin.post(page, filled(admin, page) | typed).status_code == 302


def test_a_number_corrected_twice_by_one_press_is_no_quarrel(admin: Client) -> None:
    page = asks("customer.correct_phone", rows.visit().customer)
    sent = filled(admin, page) | {"phone": "(212) 555-0177"}
    for answer in [admin.post(page, sent) for _ in range(2)]:
        assert CHANGED not in " ".join(str(one) for one in get_messages(answer.wsgi_request))
        assert answer.status_code == 302


def test_a_reading_that_another_corrected_meanwhile_is_not_silently_replaced(admin: Client) -> None:
    reply = rows.reply(rows.visit())
    page = asks("reply.correct", reply)
    stale = filled(admin, page)
    assert stale["label"] == [reply.label]
    ReplyClassification.objects.update(corrected_label="CANCEL")
    assert CHANGED in admin.post(page, stale | {"label": "RESCHEDULE"}).content.decode()
    assert ReplyClassification.objects.get().corrected_label == "CANCEL"
