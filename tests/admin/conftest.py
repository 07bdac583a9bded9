"""Who looks at the pages. Models are imported inside: pytest reads this file before Django is set up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client


@pytest.fixture
def clinic(db: None) -> None:
    from tests.admin import rows  # noqa: PLC0415

    rows.business()


@pytest.fixture
def admin(clinic: None) -> Client:
    """A browser in which an admin is logged in."""
    from django.contrib.auth.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.create_superuser("ada", "", "not-a-real-password"))
    return client


@pytest.fixture
def logged_in_as(clinic: None) -> Callable[[str], Client]:
    """A browser in which somebody with the given role is logged in."""
    from django.contrib.auth.models import Group, User  # noqa: PLC0415

    from workflows.desk import roles  # noqa: PLC0415

    roles.sync()

    def log_in(role: str) -> Client:
        user = User.objects.create_user(role.split()[0].lower(), "", "not-a-real-password", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        return client

    return log_in
