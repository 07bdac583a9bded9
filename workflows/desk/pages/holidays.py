"""The page that shows public holidays as proposals: what is ticked and sent goes onto the list of closed days."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from appointments.services import businesses
from appointments.services.visit import holiday_proposals
from aro.errors import AroError
from aro.web import client
from compliance.models import Actor
from workflows.commands import bus

_MAY = "appointments.add_closedday"


def choose(request: HttpRequest) -> HttpResponse:
    """GET shows and changes nothing; POST accepts the ticked ones of what was shown."""
    if not getattr(request.user, "has_perm", lambda name: False)(_MAY):
        raise PermissionDenied
    if request.method == "POST":
        return _accept(request)
    return TemplateResponse(request, "desk/holidays.html", _context(request))


def _context(request: HttpRequest) -> dict[str, object]:
    try:
        proposals = holiday_proposals.propose(businesses.current())
    except AroError as error:
        messages.error(request, error.message)
        proposals = holiday_proposals.Proposals(region="", days={})
    return admin.site.each_context(request) | {
        "title": "Public holidays",
        "proposals": proposals,
        "back": reverse("admin:appointments_closedday_changelist"),
    }


def _accept(request: HttpRequest) -> HttpResponse:
    payload = {"shown": request.POST.get("shown", ""), "days": request.POST.getlist("day")}
    try:
        done = bus.execute(
            command="closed_days.accept",
            payload=payload,
            actor=Actor.ADMIN,
            actor_id=request.user.get_username(),
            ip=client.address(request) or None,
        )
    except AroError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(reverse("admin:desk_holidays"))
    messages.success(request, f"{len(done['closed_days'])} days are on the list of closed days now.")
    return HttpResponseRedirect(reverse("admin:appointments_closedday_changelist"))
