"""Buttons for a row: a form that posts, or a link to the page that asks first. They work without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from compliance.desk.screens import Viewer
from workflows.desk.actions.action import StaffAction
from workflows.desk.actions.actions import offered_for

_IN_A_LIST = (
    '<button type="submit" class="aro-button aro-small" formmethod="post" formaction="{}" name="next" value="{}">'
    "{}</button>"
)


@dataclass(frozen=True, kw_only=True)
class Button:
    """An action on one row, ready for a template. `key` lets a press that is repeated count once."""

    action: StaffAction
    label: str
    address: str
    key: str


def buttons_for(row: Model, viewer: Viewer) -> list[Button]:
    """The buttons this person gets for this row, in the order of the table of actions."""
    return [
        Button(
            action=action,
            label=action.label_for(row),
            address=reverse("admin:desk_act", args=[action.command, row.pk]),
            key=str(uuid4()),
        )
        for action in offered_for(row, viewer)
    ]


def row_buttons(row: Model, viewer: Viewer, only: Sequence[str], back: str) -> SafeString:
    """Buttons inside a list. The list is one form already, so each button brings its own address to it."""
    wanted = [button for button in buttons_for(row, viewer) if button.action.command in only]
    parts = format_html_join(" ", _IN_A_LIST, ((b.address, back, b.label) for b in wanted))
    return format_html('<span class="aro-actions">{}</span>', parts)
