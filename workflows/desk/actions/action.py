"""What a staff action is: its command, how it is offered, and what undoes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.functional import Promise

from compliance.desk.screens import Viewer
from workflows.desk.actions import forms

Look = Literal["primary", "plain", "danger"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What an action is about: the model, the payload's key for its id, and the page to go back to."""

    model: type[models.Model]
    key: str
    page: str
    related: tuple[str, ...] = ()
    named: Callable[[Any], str] = str
    # Texts may follow: what is done to it waits a while and can be taken back.
    waits: bool = False


def _always(row: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class StaffAction:
    """A button. `asks` opens a page first; without it one press does it. `undo` names the command back."""

    command: str
    target: Target
    label: str | Promise
    done: str | Promise
    permission: str
    explains: str | Promise = ""
    asks: bool = False
    form: type[forms.CommandForm] = forms.CommandForm
    look: Look = "plain"
    offered: Callable[[Any], bool] = _always
    undo: str = ""
    # What it would do to this row, said on the page that asks.
    forecast: Callable[[Any], str] | None = None
    # What it has done to this row, in place of `done`; empty when that is as always.
    otherwise: Callable[[Any], str] | None = None

    # Another label for this row; empty when it is as always.
    relabel: Callable[[Any], str] | None = None
    # A text may follow as soon as it is not taken back any more: Send now waits no longer.
    sends: bool = False
    # Of a target that does not always wait: whether texts may follow from it for this row.
    waits: Callable[[Any], bool] | None = None

    def waits_for(self, row: models.Model) -> bool:
        """Whether what follows waits a while, and it can be taken back until then."""
        return self.waits(row) if self.waits else self.target.waits

    def label_for(self, row: models.Model) -> str:
        """What its button says."""
        return (self.relabel(row) if self.relabel else "") or str(self.label)

    def says(self, row: models.Model) -> str:
        """What is said when it is done."""
        row.refresh_from_db()
        return (self.otherwise(row) if self.otherwise else "") or str(self.done)

    def allowed(self, viewer: Viewer) -> bool:
        """Whether this person's role includes the action."""
        may: bool = getattr(viewer, "has_perm", lambda name: False)(self.permission)
        return may
