"""Somebody new, added as the README says."""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from workflows.desk import roles

PASSWORD = "a-long-and-odd-phrase-7"  # noqa: S105 - of nobody


def test_a_role_is_all_that_a_person_needs_to_log_in(admin: Client) -> None:
    roles.sync()
    new = {"username": "fay", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    admin.post(reverse("admin:auth_user_add"), new)
    fay = User.objects.get(username="fay")
    role = Group.objects.get(name=roles.FRONT_DESK)
    joined = {"date_joined_0": "2026-11-01", "date_joined_1": "09:00:00"}
    admin.post(
        reverse("admin:auth_user_change", args=[fay.pk]),
        {"username": "fay", "is_active": "on", "groups": [role.pk], **joined},
    )
    there = Client().post(reverse("admin:login"), {"username": "fay", "password": PASSWORD})
    assert there.status_code == 302, "shown the login page again"


def test_without_a_role_a_person_cannot_log_in(admin: Client) -> None:
    new = {"username": "fay", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    admin.post(reverse("admin:auth_user_add"), new)
    there = Client().post(reverse("admin:login"), {"username": "fay", "password": PASSWORD})
    assert there.status_code == 200


def test_the_page_of_a_person_calls_roles_by_that_name(admin: Client) -> None:
    fay = User.objects.create_user("fay")
    page = admin.get(reverse("admin:auth_user_change", args=[fay.pk])).content.decode()
    assert "Roles" in page
    assert "Groups" not in page
