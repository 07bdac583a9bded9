from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment, Business, Message
from aro import clock
from aro.models import Due
from compliance import kill_switch
from tests.admin import rows
from workflows.desk import roles
from workflows.desk.pages import today

TODAY = "/admin/"
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # 12:00 in New York


def _collect(now: datetime = NOON) -> today.Today:
    return today.collect(now=now, user=User(is_superuser=True, is_active=True))


def _busy(count: int) -> None:
    for number in range(count):
        about = rows.visit(Appointment.objects.count(), starts_at=clock.now(), risk_score=90)
        rows.case(about=about).visits.add(about)
        rows.message(about)
        instance = rows.run(about)
        Due.objects.create(lane="timers", ref=instance.pk, due_at=clock.now() + timedelta(minutes=number))


def test_a_day_of_300_visits_takes_no_more_queries_than_one_of_10(admin: Client) -> None:
    _busy(10)
    few = _queries(admin)
    _busy(290)
    assert _queries(admin) == few


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(TODAY)
    assert answer.status_code == 200
    assert len(answer.context["today"].visits) >= 10
    return len(captured)


def test_the_day_is_the_businesss_own(clinic: None) -> None:
    evening, next_day = datetime(2026, 11, 25, 4, 30, tzinfo=UTC), datetime(2026, 11, 25, 5, 30, tzinfo=UTC)
    late = rows.visit(1, starts_at=evening)
    rows.visit(2, starts_at=next_day)
    assert [visit.id for visit in _collect().visits] == [str(late.pk)]


def test_a_day_on_which_the_clocks_change_has_25_hours() -> None:
    start, end = today.day_of(datetime(2026, 11, 1, 12, tzinfo=UTC), "America/New_York")
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=25)


def test_a_visit_in_another_zone_names_it(clinic: None) -> None:
    rows.visit(starts_at=NOON, timezone="America/Los_Angeles")
    found = _collect().visits[0]
    assert (found.time, found.zone) == ("09:00", "PST (America/Los_Angeles)")


def test_figures_count_what_they_say(clinic: None) -> None:
    confirmed = rows.visit(1, starts_at=NOON, status="confirmed", confirmation_received=True)
    rows.visit(2, starts_at=NOON)
    rows.visit(3, starts_at=NOON, status="cancelled")
    rows.message(confirmed, sent_at=NOON, created_at=NOON)
    rows.message(confirmed, sent_at=NOON, created_at=NOON, status=Message.Status.FAILED)
    rows.message(confirmed, sent_at=NOON - timedelta(days=1), created_at=NOON - timedelta(days=1))
    rows.case(about=confirmed)
    figures = _collect().figures
    assert (figures.visits, figures.confirmed, figures.unanswered, figures.cases) == (2, 1, 1, 1)
    assert (figures.texts_sent, figures.texts_failed) == (1, 1)


def test_the_next_things_aro_does_are_told_in_words(clinic: None) -> None:
    about = rows.visit(starts_at=NOON + timedelta(days=3), timezone="America/Chicago")
    instance = rows.run(about, step="remind_friendly")
    Due.objects.create(lane="timers", ref=instance.pk, due_at=NOON + timedelta(days=1))
    found = _collect().upcoming[0]
    assert (found.what, found.when) == ("Send the first reminder", "Wed 25 Nov 2026, 11:00 CST")


def test_only_unconfirmed_visits_above_the_threshold_are_at_risk(clinic: None) -> None:
    soon = NOON + timedelta(days=1)
    risky = rows.visit(1, starts_at=soon, risk_score=90)
    rows.visit(2, starts_at=soon, risk_score=90, status="confirmed")
    rows.visit(3, starts_at=soon, risk_score=69)
    assert [row.id for row in _collect().at_risk] == [str(risky.pk)]


def test_an_empty_day_explains_itself(admin: Client) -> None:
    page = admin.get(TODAY).content.decode()
    assert "No visits today." in page
    assert "Nobody is waiting for you." in page
    assert "Nothing is planned." in page


@pytest.mark.django_db
def test_without_a_business_the_page_says_how_to_set_it_up() -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("ada", "", "not-a-real-password"))
    assert "No business is set up yet." in client.get(TODAY).content.decode()


def test_the_front_desk_sees_two_digits_of_a_phone(logged_in_as: Callable[[str], Client]) -> None:
    rows.case(about=rows.visit(7))
    page = logged_in_as(roles.FRONT_DESK).get(TODAY).content.decode()
    assert "*** 07" in page
    assert "+12025560007" not in page


def test_that_all_sending_is_off_is_said_on_top(admin: Client, clinic: None) -> None:
    assert "All sending is switched off" not in admin.get(TODAY).content.decode()
    kill_switch.stop(by="cli kill-switch:on", reason="wrong <texts>")
    shown = admin.get(TODAY).content.decode()
    assert "All sending is switched off" in shown
    assert "by cli kill-switch:on (wrong &lt;texts&gt;). 0 texts wait." in shown
    kill_switch.lift(by="cli kill-switch:off")
    assert "All sending is switched off" not in admin.get(TODAY).content.decode()


def test_no_figure_counts_a_visit_of_which_nobody_knows_whether_it_took_place(clinic: None) -> None:
    came = rows.visit(1, starts_at=NOON - timedelta(hours=3), status="confirmed", confirmation_received=True)
    doubtful = rows.visit(2, starts_at=NOON - timedelta(hours=3), status="confirmed", confirmation_received=True)
    rows.case(about=doubtful, reason="emergency", created_at=doubtful.time_set_at)
    figures = _collect().figures
    assert (figures.visits, figures.confirmed) == (1, 1)
    assert {came.pk, doubtful.pk} == set(Appointment.objects.values_list("pk", flat=True))


def test_an_emergency_is_the_first_case_of_all(clinic: None) -> None:
    rows.case(1, priority=1, created_at=NOON - timedelta(days=3))
    rows.case(2, reason="emergency", priority=0, title="Emergency")
    assert _collect().cases[0].title == "Emergency"


def test_every_line_of_the_day_is_in_a_figure_and_says_what_is_known(clinic: None) -> None:
    before, later = NOON - timedelta(hours=3), NOON + timedelta(hours=3)
    lines = {
        "quiet": rows.visit(1, starts_at=later),
        "asked": rows.visit(2, starts_at=later, last_reply_label="QUESTION"),
        "off": rows.visit(3, starts_at=later, last_reply_label="CANCEL"),
        "took it back": rows.visit(4, starts_at=later, status="confirmed", confirmation_received=True),
        "over": rows.visit(5, starts_at=before),
        "gone": rows.visit(6, starts_at=later, status="cancelled"),
        "there": rows.visit(7, starts_at=before, status="in_progress"),
        "sure": rows.visit(8, starts_at=later, status="confirmed", confirmation_received=True),
    }
    for name in ("off", "took it back", "over", "gone", "there"):
        rows.case(about=lines[name], reason="cancel_request")
    found = _collect()
    words = {line.id: re.sub("<[^>]*>", "", line.answer) for line in found.visits}
    assert {name: words[str(row.pk)] for name, row in lines.items()} == {
        "quiet": "No answer yet",
        "asked": "Wrote, not confirmed",
        "off": "May not come",
        "took it back": "May not come",
        "over": "Outcome not known",
        "gone": "",
        "there": "",
        "sure": "",
    }
    figures = found.figures
    assert (figures.visits, figures.unknown, figures.cancelled) == (6, 1, 1)
    assert (figures.confirmed, figures.unanswered, figures.in_doubt) == (1, 1, 2)


def test_the_page_shows_what_it_does_not_count(admin: Client) -> None:
    with time_machine.travel(NOON, tick=True):
        rows.case(about=rows.visit(1, starts_at=NOON + timedelta(hours=3)), reason="cancel_request")
        rows.visit(2, starts_at=NOON, status="cancelled")
        page = admin.get(TODAY).content.decode()
    assert "<strong>1</strong> may not come" in page
    assert "<strong>1</strong> cancelled" in page
    assert "outcome not known" not in page


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.OPERATOR, roles.FRONT_DESK, roles.MANAGER])
@pytest.mark.parametrize("busy", [True, False])
def test_no_link_of_the_page_is_closed_to_its_reader(
    logged_in_as: Callable[[str], Client],
    role: str,
    busy: bool,  # noqa: FBT001
) -> None:
    if busy:
        _busy(2)
        rows.letter()
    client = logged_in_as(role)
    page = client.get(TODAY).content.decode()
    links = set(re.findall(r'href="(/admin/(?:appointments|aro|workflows|desk)[^"]*)"', page))
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.OPERATOR])
def test_who_may_open_no_patient_reads_no_patients_name(logged_in_as: Callable[[str], Client], role: str) -> None:
    _busy(2)
    client = logged_in_as(role)
    page = client.get(TODAY).content.decode()
    assert "Person " not in page
    assert "Visits are not part of your role. Ask Front desk, Manager or an admin." in page
    assert "Cases are not part of your role. Ask Front desk, Manager or an admin." in page
    assert "<strong>2</strong> need attention" in page


def test_who_may_not_set_up_the_business_is_told_who_can(clinic: None, logged_in_as: Callable[[str], Client]) -> None:
    client = logged_in_as(roles.AUDITOR)
    Business.objects.all().delete()
    page = client.get(TODAY).content.decode()
    assert "Ask an admin to do it." in page
    assert "Set it up" not in page


def test_who_may_not_add_closed_days_reads_who_can(logged_in_as: Callable[[str], Client]) -> None:
    address = "/admin/appointments/closedday/"
    assert "Ask Manager or an admin to add them." in logged_in_as(roles.FRONT_DESK).get(address).content.decode()
    assert "Add one, or look at" in logged_in_as(roles.MANAGER).get(address).content.decode()
