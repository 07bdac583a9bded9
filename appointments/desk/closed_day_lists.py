"""The clinic's own list of closed days. Public holidays come here only after a person has seen and accepted them."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise

from appointments.models import Business, ClosedDay
from appointments.services.visit import closed_visits
from appointments.services.visit.opening_hours import is_plausible
from aro.desk.base import DeskAdmin
from aro.desk.who_may import roles_with
from aro.web import client
from compliance.audit import chain
from compliance.models import Actor


class ClosedDayForm(forms.ModelForm[ClosedDay]):
    """A day and why. The database refuses the same day twice; the form says so first."""

    class Meta:
        model = ClosedDay
        fields: ClassVar[list[str]] = ["day", "name"]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not is_plausible(day):
            raise ValidationError("Choose a day from last year up to five years ahead. Check the year.")
        if ClosedDay.objects.filter(tenant_id=self.instance.tenant_id, day=day).exclude(pk=self.instance.pk).exists():
            raise ValidationError("This day is on the list already. Change that one.")
        return day


@admin.register(ClosedDay)
class ClosedDayAdmin(DeskAdmin):
    form = ClosedDayForm
    list_display = ("day", "name")
    search_fields = ("name",)
    date_hierarchy = "day"
    ordering = ("day",)
    about = (
        "Days on which nobody is there. A visit on one asks first, and review requests and offers wait for the next "
        "opening. Reminders go out all the same."
    )
    empty_list = "No closed days yet. Add one, or look at the public holidays and choose yours."
    fields = ("day", "name")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        link = {"about_link": reverse("admin:desk_holidays"), "about_words": "Look at the public holidays"}
        shown = link if self.has_add_permission(request) else {}
        return super().changelist_view(request, shown | (extra_context or {}))

    def empty_words(self, request: HttpRequest) -> str | Promise:
        if self.has_add_permission(request):
            return self.empty_list
        return f"No closed days yet. Ask {roles_with('appointments.add_closedday')} to add them."

    def save_model(self, request: HttpRequest, obj: ClosedDay, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        _audit(request, "closed_day.changed" if change else "closed_day.added", obj)
        _look_at_visits(obj.tenant_id)

    def delete_model(self, request: HttpRequest, obj: ClosedDay) -> None:
        _audit(request, "closed_day.removed", obj)
        super().delete_model(request, obj)
        _look_at_visits(obj.tenant_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ClosedDay]) -> None:
        for one in queryset:
            _audit(request, "closed_day.removed", one)
        tenants = set(queryset.values_list("tenant_id", flat=True))
        super().delete_queryset(request, queryset)
        for tenant in tenants:
            _look_at_visits(tenant)


def _look_at_visits(tenant_id: str) -> None:
    business = Business.objects.filter(tenant_id=tenant_id).first()
    if business is not None:
        closed_visits.look(business)


def _audit(request: HttpRequest, action: str, row: ClosedDay) -> None:
    chain.write(
        action=action,
        actor=Actor.ADMIN,
        actor_id=request.user.get_username(),
        resource_type="closed_day",
        resource_id=row.pk,
        after={"day": str(row.day), "name": row.name},
        ip=client.address(request) or None,
    )
