from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from appointments.models import Business, Escalation
from aro import clock
from compliance.models import AuditLog
from tests.admin import rows
from workflows.desk import roles

LIST = "/admin/appointments/escalation/"


def test_the_most_urgent_and_oldest_case_comes_first(admin: Client) -> None:
    now = clock.now()
    newer = rows.case(1, priority=Escalation.Priority.HIGH, created_at=now)
    low = rows.case(2, priority=Escalation.Priority.LOW, created_at=now - timedelta(days=2))
    older = rows.case(3, priority=Escalation.Priority.HIGH, created_at=now - timedelta(days=1))
    shown = [case.pk for case in admin.get(LIST).context["cl"].result_list]
    assert shown == [older.pk, newer.pk, low.pk]


def test_settled_cases_are_not_in_the_way(admin: Client) -> None:
    rows.case(1, status=Escalation.Status.RESOLVED)
    waiting = rows.case(2)
    assert [case.pk for case in admin.get(LIST).context["cl"].result_list] == [waiting.pk]


def test_my_own_settled_cases_can_be_found(admin: Client) -> None:
    mine = rows.case(1, status=Escalation.Status.RESOLVED, resolved_by="ada")
    rows.case(2, status=Escalation.Status.RESOLVED, resolved_by="bob")
    assert [case.pk for case in admin.get(LIST, {"state": "mine"}).context["cl"].result_list] == [mine.pk]


def test_many_cases_are_settled_at_once_and_taken_back(admin: Client) -> None:
    cases = [rows.case(number) for number in range(3)]
    answer = admin.post(LIST, {"action": "mark_done", "_selected_action": [str(case.pk) for case in cases]})
    assert Escalation.objects.filter(status=Escalation.Status.RESOLVED).count() == 3
    said = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    batch = next(iter(admin.session["desk_batches"]))
    undo = reverse("admin:desk_undo_batch", args=[batch])
    assert undo in said
    assert admin.get(undo).status_code == 200
    assert Escalation.objects.filter(status=Escalation.Status.RESOLVED).count() == 3
    admin.post(undo)
    assert Escalation.objects.filter(status=Escalation.Status.OPEN).count() == 3


def test_one_case_that_cannot_be_reopened_does_not_stop_the_others(admin: Client) -> None:
    rows.case(1, key="same")
    twin = rows.case(2, key="same", status=Escalation.Status.RESOLVED)
    other = rows.case(3, status=Escalation.Status.RESOLVED)
    admin.post(LIST + "?state=all", {"action": "reopen", "_selected_action": [str(twin.pk), str(other.pk)]})
    twin.refresh_from_db()
    other.refresh_from_db()
    assert (twin.status, other.status) == (Escalation.Status.RESOLVED, Escalation.Status.OPEN)


def test_somebody_elses_bulk_action_cannot_be_taken_back(admin: Client) -> None:
    assert admin.post(reverse("admin:desk_undo_batch", args=["made-up"])).status_code == 404


def test_a_row_of_the_list_has_its_own_button(admin: Client) -> None:
    case = rows.case()
    page = admin.get(LIST).content.decode()
    assert f'formaction="{reverse("admin:desk_act", args=["escalation.resolve", case.pk])}"' in page


def test_the_button_leads_back_to_the_list(admin: Client) -> None:
    address = reverse("admin:desk_act", args=["escalation.resolve", rows.case().pk])
    assert admin.post(address, {"next": LIST + "?priority=1"})["Location"] == LIST + "?priority=1"


@pytest.mark.parametrize(("role", "seen"), [(roles.FRONT_DESK, "*** 09"), (roles.MANAGER, "+12025560009")])
def test_a_list_shows_as_much_of_a_phone_as_the_role_allows(
    logged_in_as: Callable[[str], Client], role: str, seen: str
) -> None:
    rows.case(about=rows.visit(9))
    page = logged_in_as(role).get(LIST).content.decode()
    assert seen in page
    assert ("+12025560009" in page) == (role == roles.MANAGER)


def _familys_case() -> tuple[Escalation, list[str]]:
    """A case about two of a family, and the links to their visits as they are written; the later is stored first."""
    day = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    case = rows.case(1, reason="which_visit")
    visits = [
        rows.visit(
            n, customer=rows.person(n, name=name, phone="+12025560001"), starts_at=day + n * timedelta(minutes=30)
        )
        for n, name in ((1, "Amy Ray"), (0, "Tom <b>Ray"))
    ]
    case.visits.set(visits)
    links = [f'<a href="{reverse("admin:appointments_appointment_change", args=[one.pk])}">' for one in visits]
    return case, [f"{links[1]}Tom, Tue 1 Dec 2026, 10:00 EST</a>", f"{links[0]}Amy, Tue 1 Dec 2026, 10:30 EST</a>"]


@pytest.mark.parametrize("page", ["the case", "the list", "today"])
def test_a_familys_case_links_each_visit_it_may_be_about_wherever_it_is_shown(admin: Client, page: str) -> None:
    case, links = _familys_case()
    addresses = {"the case": reverse("admin:appointments_escalation_change", args=[case.pk]), "today": "/admin/"}
    shown = admin.get(addresses.get(page, LIST)).content.decode()
    assert (
        f'<ul class="aro-list" aria-label="Visits that it may be about"><li>{links[0]}</li><li>{links[1]}</li></ul>'
        in shown
    )


def test_a_familys_case_leads_to_the_conversation_and_who_opened_it_is_kept(admin: Client) -> None:
    case, _ = _familys_case()
    page = admin.get(reverse("admin:appointments_escalation_change", args=[case.pk])).content.decode()
    whose = {str(pk) for pk in case.visits.values_list("customer_id", flat=True)}
    (found,) = re.findall(r'href="/admin/appointments/customer/([^/]+)/change/">Open the conversation', page)
    assert found in whose
    assert AuditLog.objects.filter(action="escalation.viewed", resource_id=str(case.pk)).exists()


def test_a_case_about_visits_of_several_patients_opens_no_ones_conversation(admin: Client) -> None:
    case = rows.case(1, reason="closed_day")
    case.visits.set([rows.visit(1), rows.visit(2)])
    page = admin.get(reverse("admin:appointments_escalation_change", args=[case.pk])).content.decode()
    assert "Open the conversation" not in page
    assert page.count("/admin/appointments/appointment/") >= 2


def test_a_familys_case_is_told_on_each_of_its_visits(admin: Client) -> None:
    case, _ = _familys_case()
    for visit in case.visits.all():
        page = admin.get(reverse("admin:appointments_appointment_change", args=[visit.pk])).content.decode()
        assert f"For staff: {case.title}" in page


def test_a_case_about_one_visit_or_none_has_no_such_list(admin: Client) -> None:
    rows.case(2)
    one = rows.case(1, about=rows.visit(1))
    for address in (LIST, "/admin/", reverse("admin:appointments_escalation_change", args=[one.pk])):
        assert "Visits that it may be about" not in admin.get(address).content.decode()


def test_a_case_shows_when_the_person_would_like_to_come(admin: Client) -> None:
    case = rows.case(1, reason="reschedule_request", wish=[{"words": "Tuesday, Dec 8, after 15:00"}])
    page = admin.get(reverse("admin:appointments_escalation_change", args=[case.pk])).content.decode()
    assert "<dt>Asks for</dt><dd>Tuesday, Dec 8, after 15:00</dd>" in page


def test_who_opens_an_emergency_is_kept_and_the_page_says_who_was_told(admin: Client) -> None:
    case = rows.case(1, reason="emergency")
    page = admin.get(reverse("admin:appointments_escalation_change", args=[case.pk])).content.decode()
    case.refresh_from_db()
    assert case.opened_by
    assert f"Opened by {case.opened_by}." in page
    assert "Emergencies reach nobody away from this screen" in page


def test_today_says_when_an_emergency_would_reach_nobody(admin: Client) -> None:
    words = "Emergencies reach nobody away from this screen"
    assert words in admin.get(reverse("admin:index")).content.decode()
    Business.objects.update(emergency_phone="+12025550177")
    assert words not in admin.get(reverse("admin:index")).content.decode()
