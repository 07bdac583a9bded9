"""The page that asks what became of the visits in doubt: one press says "all came", less those answered otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from appointments.models import Appointment
from aro.desk.show import shown_in_zone
from workflows.commands import visit_outcomes
from workflows.desk.actions.actions import ACTIONS

# A form may have a thousand fields; more wait for the next page.
MOST_AT_ONCE = 200
_FIELD = "visit-"


def say(request: HttpRequest) -> HttpResponse:
    """GET asks and changes nothing; POST carries out each answer."""
    if not ACTIONS[visit_outcomes.COMMANDS[visit_outcomes.CAME]].allowed(request.user):
        raise PermissionDenied
    if request.method == "POST":
        _carry_out(request)
        return HttpResponseRedirect(reverse("admin:appointments_escalation_changelist"))
    return TemplateResponse(request, "desk/outcomes.html", _context(request))


def _context(request: HttpRequest) -> dict[str, object]:
    waiting = list(visit_outcomes.waiting()[: MOST_AT_ONCE + 1])
    why = dict(visit_outcomes.cases().values_list("appointment_id", "title"))
    return admin.site.each_context(request) | {
        "title": "Did they come?",
        "rows": [_row(visit, why.get(visit.pk, "")) for visit in waiting[:MOST_AT_ONCE]],
        "more": len(waiting) > MOST_AT_ONCE,
        "back": reverse("admin:appointments_escalation_changelist"),
    }


def _row(visit: Appointment, why: str) -> dict[str, object]:
    when = shown_in_zone(visit.starts_at, visit.timezone)
    return {"field": f"{_FIELD}{visit.pk}", "visit": visit, "when": when, "why": why}


def _carry_out(request: HttpRequest) -> None:
    """Only what the page asked about: an answer for any other visit is left alone."""
    asked = set(visit_outcomes.waiting().values_list("pk", flat=True))
    answers = [(visit, answer) for visit, answer in _answers(request) if visit in asked]
    said = list(visit_outcomes.say(answers, actor_id=request.user.get_username(), ip=request.META.get("REMOTE_ADDR")))
    for one in said:
        if one.refused:
            messages.warning(request, one.refused)
    came, absent = (
        sum(one.answer == answer and not one.refused for one in said)
        for answer in (visit_outcomes.CAME, visit_outcomes.ABSENT)
    )
    messages.success(request, f"{came} came, {absent} did not. What was left open is asked again.")


def _answers(request: HttpRequest) -> Iterator[tuple[UUID, str]]:
    for name, value in request.POST.items():
        if name.startswith(_FIELD) and value in visit_outcomes.COMMANDS:
            try:
                yield UUID(name.removeprefix(_FIELD)), str(value)
            except ValueError:
                continue
