"""Undo and Send now: for a minute after a change, beside the message that says it is done and on the row's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aro import clock
from aro.desk.show import shown_in_zone, zone_of
from aro.errors import AroError
from aro.web import client
from compliance.desk.screens import sees_staff_names
from compliance.models import Actor
from workflows.commands import bus, undo
from workflows.desk.actions import silence
from workflows.desk.actions.actions import ACTIONS, VISIT
from workflows.desk.actions.person_actions import PERSON
from workflows.models import Undoable

_BUTTON = (
    '<form class="aro-inline" method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    '<button type="submit" class="aro-undo">{}</button></form>'
)
TAKEN_BACK = "Taken back. Nothing was sent, and everything is as it was."
SENT_NOW = _("If a text follows from it, it goes out now, unless it has to wait. The page says what became of it.")


@dataclass(frozen=True, kw_only=True)
class Open:
    """Something that can still be taken back, ready for a template."""

    says: str
    buttons: SafeString


def offer(request: HttpRequest, done: str, ref: str) -> SafeString:
    """Said when the action is done."""
    kept = Undoable.objects.filter(pk=ref).first()
    return format_html("{} {}", done, _buttons(request, kept)) if kept else format_html("{}", done)


def open_about(request: HttpRequest, row: Model, zone: str) -> list[Open]:
    """For the row's page: what of it this person may still take back."""
    found = [kept for kept in undo.open_about(row, clock.now()) if _may(request, kept)]
    return [Open(says=_says(request, kept, zone), buttons=_buttons(request, kept)) for kept in found]


def _says(request: HttpRequest, kept: Undoable, zone: str) -> str:
    """What was done, when and by whom, and until when it can be taken back."""
    names = kept.actor_id and sees_staff_names(request.user)
    done = gettext("{what}, {when}, by {who}") if names else gettext("{what}, {when}")
    what = done.format(what=ACTIONS[kept.command].label, when=shown_in_zone(kept.at, zone), who=kept.actor_id)
    until = f"{kept.until.astimezone(zone_of(zone)):%H:%M:%S}"
    if _sends(kept):
        return gettext("{what}: nothing goes out before {until}.").format(what=what, until=until)
    return gettext("{what}: it can be taken back until {until}.").format(what=what, until=until)


def _sends(kept: Undoable) -> bool:
    return ACTIONS[kept.command].sends


def _sent_now(kept: Undoable | None) -> str:
    """What is said of Send now: whether a text can go out at all."""
    row = (kept.appointment or kept.customer) if kept else None
    return (silence.instead_of_sending(row) if row else "") or str(SENT_NOW)


def take_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    """POST: as if it had not been done."""
    return _act(request, ref, bus.take_back, lambda kept: TAKEN_BACK)


def send_now(request: HttpRequest, ref: UUID) -> HttpResponse:
    """POST: nobody waits any longer."""
    return _act(request, ref, bus.send_now, _sent_now)


def _act(request: HttpRequest, ref: UUID, act: bus.AboutUndo, done: Callable[[Undoable | None], str]) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    kept = Undoable.objects.select_related("customer").filter(pk=ref).first()
    if kept is not None and not _may(request, kept):
        raise PermissionDenied
    try:
        act(ref, actor=Actor.ADMIN, actor_id=request.user.get_username(), ip=client.address(request) or None)
    except AroError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done(kept))
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


def _buttons(request: HttpRequest, kept: Undoable) -> SafeString:
    """Undo; and Send now, where anything goes out."""
    offered = {"admin:desk_take_back": gettext("Undo")}
    if _sends(kept):
        offered["admin:desk_send_now"] = gettext("Send now")
    token = get_token(request)
    forms = ((reverse(page, args=[kept.pk]), token, words) for page, words in offered.items())
    return format_html('<span class="aro-actions">{}</span>', format_html_join(" ", _BUTTON, forms))
