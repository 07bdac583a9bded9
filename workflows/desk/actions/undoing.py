"""Undo and Send now: for a minute after a change, beside the message that says it is done and on the row's page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

from aro import clock
from aro.desk.show import shown_in_zone
from aro.errors import AroError
from aro.web import client
from compliance.models import Actor
from workflows.commands import bus, undo
from workflows.desk.actions.actions import ACTIONS, VISIT
from workflows.desk.actions.person_actions import PERSON
from workflows.models import Undoable

_BUTTON = (
    '<form class="aro-inline" method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    '<button type="submit" class="aro-undo">{}</button></form>'
)
TAKEN_BACK = "Taken back. Nothing was sent, and everything is as it was."
SENT_NOW = "It goes out now."


@dataclass(frozen=True, kw_only=True)
class Open:
    """Something that can still be taken back, ready for a template."""

    what: str
    until: str
    buttons: SafeString


def offer(request: HttpRequest, done: str, ref: str) -> SafeString:
    """Said when the action is done."""
    return format_html("{} {}", done, _buttons(request, ref))


def open_about(request: HttpRequest, row: Model, zone: str) -> list[Open]:
    """For the row's page: what of it this person may still take back."""
    found = [kept for kept in undo.open_about(row, clock.now()) if _may(request, kept)]
    return [
        Open(
            what=str(ACTIONS[kept.command].label),
            until=shown_in_zone(kept.until, zone),
            buttons=_buttons(request, str(kept.pk)),
        )
        for kept in found
    ]


def take_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    """POST: as if it had not been done."""
    return _act(request, ref, bus.take_back, TAKEN_BACK)


def send_now(request: HttpRequest, ref: UUID) -> HttpResponse:
    """POST: nobody waits any longer."""
    return _act(request, ref, bus.send_now, SENT_NOW)


def _act(request: HttpRequest, ref: UUID, act: bus.AboutUndo, done: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    kept = Undoable.objects.filter(pk=ref).first()
    if kept is not None and not _may(request, kept):
        raise PermissionDenied
    try:
        act(ref, actor=Actor.ADMIN, actor_id=request.user.get_username(), ip=client.address(request) or None)
    except AroError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return HttpResponseRedirect(_back(request, kept))


def _may(request: HttpRequest, kept: Undoable) -> bool:
    action = ACTIONS.get(kept.command)
    return action is not None and action.allowed(request.user)


def _back(request: HttpRequest, kept: Undoable | None) -> str:
    """The page it was pressed on, when that is one of ours."""
    came_from = str(request.META.get("HTTP_REFERER", ""))
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return came_from
    if kept is None:
        return reverse("admin:index")
    target = VISIT if kept.appointment_id else PERSON
    return reverse(target.page, args=[kept.appointment_id or kept.customer_id])


def _buttons(request: HttpRequest, ref: str) -> SafeString:
    token = get_token(request)
    back = format_html(_BUTTON, reverse("admin:desk_take_back", args=[ref]), token, "Undo")
    now = format_html(_BUTTON, reverse("admin:desk_send_now", args=[ref]), token, "Send now")
    return format_html('<span class="aro-actions">{} {}</span>', back, now)
