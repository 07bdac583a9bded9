"""The machine room's lists, and the third-party ones in the same look: people, schedules, sign-ins."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as PlainGroupAdmin
from django.contrib.auth.admin import UserAdmin as PlainUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.http import HttpRequest
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from aro.desk import lockout
from aro.desk.base import DeskAdmin, FactAdmin
from aro.desk.theme import PasswordForm, PersonAddForm, PersonForm
from aro.models import Due, Heartbeat, KeyProof


@admin.register(Due)
class DueAdmin(FactAdmin):
    list_display = ("lane", "due_at", "attempts", "lease", "ref")
    list_filter = ("lane",)
    search_fields = ("ref",)
    date_hierarchy = "due_at"
    ordering = ("due_at", "id")
    about = "Everything that must still happen, one row each. A row goes away when it is done."
    empty_list = "Nothing is waiting: no delivery to process, no timer, no text to send."


@admin.register(Heartbeat)
class HeartbeatAdmin(FactAdmin):
    list_display = ("name", "at")
    search_fields = ("name",)
    ordering = ("name",)
    about = "When each part of ARO was last seen at work."
    empty_list = "No part of ARO has reported yet. `aro up` starts them."


@admin.register(KeyProof)
class KeyProofAdmin(FactAdmin):
    list_display = ("name", "since")
    search_fields = ("name",)
    ordering = ("name",)
    about = "Proof that keys are this database's own. A host with other keys refuses to start."
    empty_list = "No key has been proved yet. `aro up` does it at its first start."


def _replace(model: type[Model], admin_class: type[admin.ModelAdmin[Model]]) -> None:
    if admin.site.is_registered(model):
        admin.site.unregister(model)
    admin.site.register(model, admin_class)


class _Role(admin.RelatedFieldListFilter):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.title = "role"


class PersonAdmin(PlainUserAdmin, DeskAdmin):  # type: ignore[type-arg,misc]
    form = PersonForm
    add_form = PersonAddForm
    change_password_form = PasswordForm
    list_display = ("username", "first_name", "last_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_superuser", "is_active", ("groups", _Role))
    about = "Who may log in. Give each person a role: it decides what they see and may do."

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        found = super().formfield_for_manytomany(db_field, request, **more)
        if found is not None and db_field.name == "groups":
            found.label, found.help_text = "Roles", "Whoever has a role may log in, and sees and does what it allows."
        return found

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """A role is enough to log in. Who shall not any more is no longer active."""
        super().save_related(request, form, formsets, change)
        User.objects.filter(pk=form.instance.pk, is_staff=False, groups__isnull=False).update(is_staff=True)


class RoleAdmin(PlainGroupAdmin, DeskAdmin):
    about = "What each role may see and do. `aro roles:sync` restores the roles ARO ships with."


class PeriodicTaskAdmin(FactAdmin):
    list_display = ("name", "task", "interval", "enabled", "last_run_at", "total_run_count")
    list_select_related = ("interval",)
    list_filter = ("enabled",)
    search_fields = ("name", "task")
    ordering = ("name",)
    about = (
        "What the beat says regularly. It only says go and look; what must happen is under Due. ARO makes these itself "
        "at every start; they cannot be changed here."
    )
    empty_list = "The beat has not started yet. `aro up` starts it."


class ScheduleAdmin(FactAdmin):
    about = "How often the beat says something. ARO makes these itself at every start."
    empty_list = "None is in use."


class ClockedAdmin(FactAdmin):
    about = "ARO never uses one-off schedules: they fire twice after a crash. Shown so that a stray one is seen."
    empty_list = "No one-off schedules, as it should be."


class SignInAdmin(FactAdmin):
    list_display = ("attempt_time", "username", "ip_address", "path_info")
    list_filter = ("attempt_time",)
    search_fields = ("username", "ip_address")
    date_hierarchy = "attempt_time"
    ordering = ("-attempt_time",)
    about = (
        f"{settings.AXES_FAILURE_LIMIT} failures lock a name at an address for 15 minutes; {lockout.NAME_LIMIT} lock a "
        f"name, {lockout.ADDRESS_LIMIT} an address."
    )
    empty_list = "No entries."


_LOOKS: dict[type[Model], type] = {
    User: PersonAdmin,
    Group: RoleAdmin,
    PeriodicTask: PeriodicTaskAdmin,
    IntervalSchedule: ScheduleAdmin,
    CrontabSchedule: ScheduleAdmin,
    SolarSchedule: ScheduleAdmin,
    ClockedSchedule: ClockedAdmin,
    AccessAttempt: SignInAdmin,
    AccessFailureLog: SignInAdmin,
    AccessLog: SignInAdmin,
}
for _model, _look in _LOOKS.items():
    _replace(_model, _look)
