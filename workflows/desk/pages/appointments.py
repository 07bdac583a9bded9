"""The list of visits and the page of one visit."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.safestring import SafeString

from appointments import sources, states
from appointments.desk.screens import deposit_badge, person_column, risk_cell, status_badge, telling, visit_time
from appointments.models import Appointment, Deposit
from aro.desk.base import PageAdmin
from aro.desk.show import NOTHING, cell_in_zone, shown_in_zone
from compliance.desk.screens import phone_for
from workflows.desk.actions import silence, undoing
from workflows.desk.actions.buttons import buttons_for
from workflows.desk.pages import reading, timeline
from workflows.desk.pages.filters import RiskBand, VisitDay
from workflows.desk.words import run_words, step_words, workflow_words
from workflows.models import WorkflowInstance

_REMINDERS = WorkflowInstance.objects.filter(
    definition="appointment-reminder-sequence", status__in=WorkflowInstance.LIVE, wake_at__isnull=False
).order_by("wake_at")
_DEPOSITS = Deposit.objects.order_by("-created_at")


@admin.register(Appointment)
class AppointmentAdmin(PageAdmin):
    page_template = "desk/appointment.html"
    list_filter = (VisitDay, "status", RiskBand, "deposit_required", "source", "confirmation_received")
    list_select_related = ("customer",)
    search_fields = ("customer__name_folded", "customer__phone", "customer__email", "external_id", "id")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at", "id")
    about = "Times are shown in each visit's own zone; the days in the bar above are days of the business's zone."
    empty_list = (
        "No visits yet. They come in by themselves when a booking system is connected, or book one in the sandbox."
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        reminders = Prefetch("workflows", queryset=_REMINDERS, to_attr="live_reminders")
        deposits = Prefetch("deposits", queryset=_DEPOSITS, to_attr="newest_deposits")
        return super().get_queryset(request).prefetch_related(reminders, deposits)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return ["visit", person_column(request.user, "customer"), "state", "risk", "deposit", "next_reminder"]

    @admin.display(description="Visit", ordering="starts_at")
    def visit(self, row: Appointment) -> SafeString | str:
        return visit_time(row)

    @admin.display(description="State", ordering="status")
    def state(self, row: Appointment) -> SafeString:
        return status_badge(row)

    @admin.display(description="Risk", ordering="risk_score")
    def risk(self, row: Appointment) -> SafeString:
        return risk_cell(row.risk_score, row.risk_reasons)

    @admin.display(description="Deposit", ordering="deposit_required")
    def deposit(self, row: Appointment) -> SafeString | str:
        newest: list[Deposit] = getattr(row, "newest_deposits", [])
        return deposit_badge(row, newest[0] if newest else None)

    @admin.display(description="Next look")
    def next_reminder(self, row: Appointment) -> SafeString | str:
        runs: list[WorkflowInstance] = getattr(row, "live_reminders", [])
        return cell_in_zone(runs[0].wake_at, row.timezone) if runs else NOTHING

    def page(self, request: HttpRequest, obj: Appointment) -> dict[str, Any]:
        reading.record(request, "appointment", obj.pk)
        newest: list[Deposit] = getattr(obj, "newest_deposits", [])
        texts = request.user.has_perm("appointments.view_message")
        return {
            "title": f"{obj.customer}, {shown_in_zone(obj.starts_at, obj.timezone)}",
            "status": status_badge(obj),
            "when": shown_in_zone(obj.starts_at, obj.timezone),
            "booked_through": sources.in_words(obj.source),
            "risk": risk_cell(obj.risk_score, ()),
            "reasons": telling(obj.risk_reasons),
            "deposit": deposit_badge(obj, newest[0] if newest else None),
            "silent": silence.about(obj.customer, obj) if obj.status in states.UPCOMING else "",
            "buttons": buttons_for(obj, request.user),
            "undoable": undoing.open_about(request, obj, obj.timezone),
            "entries": timeline.of(obj, request.user),
            "runs": [_run(run, obj) for run in obj.workflows.order_by("-started_at")],
            "phone": phone_for(request.user, obj.customer.phone) if not texts else obj.customer.phone,
        }


def _run(run: WorkflowInstance, visit: Appointment) -> dict[str, str]:
    return {
        "name": f"{workflow_words(run.definition)} (version {run.version})",
        "state": run_words(run),
        "step": step_words(run),
        "wakes": shown_in_zone(run.wake_at, visit.timezone) if run.wake_at else NOTHING,
        "error": run.error,
    }
