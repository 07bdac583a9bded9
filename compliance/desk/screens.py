"""Who sees how much of a phone number in a list, and who reads the names of staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from aro.desk.show import NOTHING
from compliance.phones import mask

Viewer = AbstractBaseUser | AnonymousUser
# Held by managers and admins only (workflows/desk/roles.py).
SEES_FULL_PHONES = "appointments.change_business"

# Held by whoever may read by whom a visit's state was changed.
SEES_STAFF_NAMES = "appointments.view_statuschange"


def sees_staff_names(viewer: Viewer) -> bool:
    """Whether this person may read who of the staff did something."""
    return bool(getattr(viewer, "has_perm", lambda name: False)(SEES_STAFF_NAMES))


def done_by(viewer: Viewer, actor_id: str, actor: str) -> str:
    """Who did it: `maria (Staff)` where staff did and the viewer may read their names, else only what they are."""
    return f"{actor_id} ({actor})" if actor_id and sees_staff_names(viewer) else actor


def phone_for(viewer: Viewer, address: str) -> str:
    """The address as `viewer` may see it in a list."""
    may: bool = getattr(viewer, "has_perm", lambda name: False)(SEES_FULL_PHONES)
    return (address if may else mask(address)) or NOTHING


def phone_column(viewer: Viewer, path: str, label: str = "Phone") -> Callable[[Any], str]:
    """A list column showing the address found at `path` (e.g. `customer.phone`) of each row."""

    @admin.display(description=label, ordering=path.replace(".", "__"))
    def phone(row: Any) -> str:
        for name in path.split("."):
            row = getattr(row, name, None) if row is not None else None
        return phone_for(viewer, row or "")

    return phone
