"""Staff actions over HTTP. GET asks and changes nothing; POST hands the command to the bus and offers the way back."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

from aro.errors import AroError
from aro.web import client
from compliance.models import Actor
from workflows.commands import bus
from workflows.desk.actions import undoing
from workflows.desk.actions.action import StaffAction
from workflows.desk.actions.actions import ACTIONS
from workflows.desk.actions.forms import CommandForm
from workflows.desk.actions.replaying import MOST_AT_ONCE, SHOWN

_BATCHES = "desk_batches"
# How many bulk actions can still be taken back; the oldest is forgotten first.
_BATCHES_KEPT = 5


def act(request: HttpRequest, command: str, ref: UUID) -> HttpResponse:
    """One action on one row: the page that asks (GET), or the doing (POST)."""
    action = _action(request, command)
    row = get_object_or_404(action.target.model._default_manager.select_related(*action.target.related), pk=ref)
    sent = request.POST if request.method == "POST" else None
    form = action.form(sent, row=row, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        return _do(request, action, row, form)
    return _ask(request, action, row, form)


def _action(request: HttpRequest, command: str) -> StaffAction:
    action = ACTIONS.get(command)
    if action is None:
        raise Http404("There is no such action.")
    if not action.allowed(request.user):
        raise PermissionDenied
    return action


def _ask(request: HttpRequest, action: StaffAction, row: Model, form: CommandForm) -> HttpResponse:
    context = admin.site.each_context(request) | {
        "title": f"{action.label_for(row)}: {action.target.named(row)}",
        "label": action.label_for(row),
        "action": action,
        "row": row,
        "form": form,
        "forecast": action.forecast(row) if action.forecast else "",
        "back": _back(request, action, row),
    }
    return TemplateResponse(request, "desk/ask.html", context, status=400 if form.errors else 200)


def _do(request: HttpRequest, action: StaffAction, row: Model, form: CommandForm) -> HttpResponse:
    wait = timedelta(seconds=settings.UNDO_SECONDS) if action.waits_for(row) else timedelta(0)
    try:
        answer = run(request, action, str(row.pk), form.payload(), key=form.cleaned_data["key"], wait=wait)
    except AroError as error:
        messages.error(request, error.message)
    else:
        undo = answer.get("undo", "")
        messages.success(request, undoing.offer(request, action.says(row), undo) if undo else _done(action, row))
    return HttpResponseRedirect(_back(request, action, row))


def run(  # noqa: PLR0913 - what the bus wants to know
    request: HttpRequest,
    action: StaffAction,
    ref: str,
    payload: dict[str, Any],
    *,
    key: str = "",
    wait: timedelta = timedelta(0),
) -> dict[str, Any]:
    """Hands the command to the bus in the name of the person who is logged in. Raises `AroError`."""
    return bus.execute(
        command=action.command,
        payload={action.target.key: ref, **payload},
        actor=Actor.ADMIN,
        actor_id=request.user.get_username(),
        idempotency_key=key or str(uuid4()),
        ip=client.address(request) or None,
        wait=wait,
    )


def _done(action: StaffAction, row: Model) -> SafeString:
    if not action.undo:
        return format_html("{}", action.says(row))
    address = reverse("admin:desk_act", args=[action.undo, row.pk])
    return format_html('{} <a class="aro-undo" href="{}">Undo</a>', action.says(row), address)


def _back(request: HttpRequest, action: StaffAction, row: Model) -> str:
    """Where the person came from when that is here, else the row's page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse(action.target.page, args=[row.pk])


def run_batch(request: HttpRequest, command: str, refs: list[str], *, command_line: str = "") -> None:
    """The same action on many rows, each on its own: one that cannot be done does not stop the others. `command_line`:
    what does it to more than a page can answer for in time."""
    if len(refs) > MOST_AT_ONCE:
        more = f"For more, use the command line: {command_line}" if command_line else "Go on page by page."
        messages.warning(request, f"Choose at most {MOST_AT_ONCE} at once. {more}")
        return
    action, refused = ACTIONS[command], list[str]()
    done = [ref for ref in refs if _tried(request, action, ref, refused)]
    for words, count in Counter(refused).most_common(SHOWN):
        messages.warning(request, f"{count} refused: {words}" if len(refs) > 1 else words)
    if done and action.undo:
        address = reverse("admin:desk_undo_batch", args=[_remember(request, action.undo, done)])
        text = format_html(
            '{} of {}: {} <a class="aro-undo" href="{}">Undo</a>', len(done), len(refs), action.done, address
        )
        messages.success(request, text)
    elif done:
        messages.success(request, f"{len(done)} of {len(refs)}: {action.done}")


def _tried(request: HttpRequest, action: StaffAction, ref: str, refused: list[str]) -> bool:
    try:
        run(request, action, ref, {})
    except AroError as error:
        refused.append(error.message)
        return False
    return True


def _remember(request: HttpRequest, command: str, refs: list[str]) -> str:
    batch = uuid4().hex
    kept = [*request.session.get(_BATCHES, {}).items(), (batch, {"command": command, "refs": refs})]
    request.session[_BATCHES] = dict(kept[-_BATCHES_KEPT:])
    return batch


def undo_batch(request: HttpRequest, batch: str) -> HttpResponse:
    """Takes a bulk action back: asks first (GET), then does it (POST)."""
    found = request.session.get(_BATCHES, {}).get(batch)
    if found is None:
        raise Http404("This can no longer be taken back here. Open the rows one by one.")
    action = _action(request, found["command"])
    back = reverse(action.target.page.replace("_change", "_changelist"))
    if request.method == "POST":
        run_batch(request, action.command, found["refs"])
        return HttpResponseRedirect(back)
    title = f"{action.label}: {len(found['refs'])} rows"
    context = admin.site.each_context(request) | {
        "title": title,
        "label": action.label,
        "action": action,
        "form": None,
        "back": back,
    }
    return TemplateResponse(request, "desk/ask.html", context)
