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
from django.utils import dateformat
from django.utils.functional import Promise

from appointments.models import Business, ClosedDay
from appointments.services.visit import closed_visits
from appointments.services.visit.opening_hours import has_passed, is_plausible
from aro.desk.base import DeskAdmin
from aro.desk.theme import Line
from aro.desk.who_may import roles_with
from aro.web import client
from compliance.audit import chain
from compliance.models import Actor


class ClosedDayForm(forms.ModelForm[ClosedDay]):
    """A day and why. The database refuses the same day twice; the form says so first."""

    # In one spelling only, which every browser's own calendar sends: half of the world reads 07/12 the other way round.
    day = forms.DateField(
        input_formats=["%Y-%m-%d"],
        widget=Line({"type": "date"}),
        help_text="The whole day, by the clinic's clock.",
        error_messages={"invalid": "Choose the day, or write it as year-month-day, e.g. 2026-12-07."},
    )
    # Asked for only when the day has passed.
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput, label="We were closed on that past day")

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

    def clean(self) -> dict[str, Any]:
        """A day that has passed is a slip of the month, unless it is meant: what became of its visits is asked then."""
        cleaned = super().clean() or {}
        day = cleaned.get("day")
        if day is None or day == self.initial.get("day") or not has_passed(day, self.instance.tenant_id):
            return cleaned
        self.fields["anyway"].widget = forms.CheckboxInput()
        if not cleaned.get("anyway"):
            said = dateformat.format(day, "l j F Y")
            self.add_error("anyway", f"{said} has passed. Choose a day to come, or tick this.")
        return cleaned


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
    fields = ("day", "anyway", "name")

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
