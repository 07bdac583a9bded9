"""Whom to ask for what one's own role does not include."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group
from django.utils.translation import gettext as _


def may(viewer: AbstractBaseUser | AnonymousUser, permission: str) -> bool:
    return bool(getattr(viewer, "has_perm", lambda name: False)(permission))


def roles_with(permission: str) -> str:
    """The roles of this installation that include it, and the admins: `Front desk, Manager or an admin`."""
    app, codename = permission.split(".")
    groups = Group.objects.filter(permissions__codename=codename, permissions__content_type__app_label=app)
    names = ", ".join(groups.order_by("name").values_list("name", flat=True))
    return _("{roles} or an admin").format(roles=names) if names else _("an admin")
