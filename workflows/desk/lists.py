"""The engine's own lists; importing `workflows.desk` registers the front desk's."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from aro.desk.base import FactAdmin, FactInline
from aro.desk.show import Tone, badge, cell_in_zone, here
from workflows.commands.bulk import Kind
from workflows.commands.replays import judge_execution
from workflows.desk.actions import replaying
from workflows.desk.pages import appointments, customers, dead_letters, escalations, replies
from workflows.desk.words import run_words, step_words, workflow_words
from workflows.models import Execution, StepLog, Undoable, WorkflowInstance

DESK = (appointments, customers, dead_letters, escalations, replies)
EXECUTIONS = Kind(command="execution.replay", key="execution_id", judge=judge_execution)
_RUN_TONES: dict[str, Tone] = {
    "failed": "red",
    "retrying": "amber",
    "completed": "green",
    "waiting": "blue",
    "running": "blue",
}
_EXECUTION_TONES: dict[str, Tone] = {"done": "green", "failed": "red", "unknown": "amber", "sending": "blue"}


class StepInline(FactInline):
    model = StepLog
    fields = ("seq", "name", "outcome", "at")
    ordering = ("seq",)


@admin.register(WorkflowInstance)
class WorkflowInstanceAdmin(FactAdmin):
    list_display = ("what", "patient", "state", "step_shown", "wakes", "attempt", "started_at")
    list_filter = ("definition", "status", "version")
    list_select_related = ("appointment", "customer")
    search_fields = ("customer__name_folded", "customer__phone", "appointment__external_id", "id", "correlation_id")
    date_hierarchy = "started_at"
    ordering = ("-started_at",)
    inlines = (StepInline,)
    about = "What ARO is doing for each visit, and when it looks at it next."
    empty_list = "No workflow has run yet. The first booking starts one."

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkflowInstance]:
        return super().get_queryset(request).prefetch_related("appointment__deposits")

    @admin.display(description="Workflow", ordering="definition")
    def what(self, row: WorkflowInstance) -> str:
        return f"{workflow_words(row.definition)} (v{row.version})"

    @admin.display(description="Patient", ordering="customer__name_folded")
    def patient(self, row: WorkflowInstance) -> str:
        return str(row.customer) if row.customer else self.get_empty_value_display()

    @admin.display(description="State", ordering="status")
    def state(self, row: WorkflowInstance) -> SafeString:
        return badge(run_words(row), _RUN_TONES.get(row.status, "grey"))

    @admin.display(description="Step", ordering="step")
    def step_shown(self, row: WorkflowInstance) -> str:
        return step_words(row) or self.get_empty_value_display()

    @admin.display(description="Next look", ordering="wake_at")
    def wakes(self, row: WorkflowInstance) -> SafeString | str:
        return cell_in_zone(row.wake_at, row.appointment.timezone if row.appointment else here())


@admin.register(StepLog)
class StepLogAdmin(FactAdmin):
    list_display = ("at", "instance", "seq", "name", "outcome")
    list_filter = ("instance__definition", "name")
    list_select_related = ("instance",)
    search_fields = ("instance__id", "outcome")
    date_hierarchy = "at"
    ordering = ("-at", "-id")
    about = "Every step every workflow has taken."


@admin.register(Undoable)
class UndoableAdmin(FactAdmin):
    list_display = ("at", "command", "actor_id", "until")
    list_filter = ("command",)
    search_fields = ("command", "actor_id")
    ordering = ("-at",)
    about = "What staff did in the last hour and could take back for a minute."
    empty_list = "Nothing was done in the last hour that could be taken back."


@admin.register(Execution)
class ExecutionAdmin(FactAdmin):
    list_display = ("created_at", "command_type", "state", "attempt", "error_code", "finished_at")
    list_filter = ("command_type", "status")
    search_fields = ("id", "key", "provider_id", "correlation_id")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    actions = ("replay",)
    about = "Texts and payment links ARO means to hand to a provider, and what became of each."
    empty_list = "Nothing has been handed to a provider yet."

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("workflows.change_execution")

    @admin.action(description="Try again", permissions=["act"])
    def replay(self, request: HttpRequest, queryset: QuerySet[Execution]) -> HttpResponse | None:
        rows = queryset.select_related("message")
        return replaying.confirm_or_run(self, request, rows, kind=EXECUTIONS, command_line="aro executions:replay")

    @admin.display(description="State", ordering="status")
    def state(self, row: Execution) -> SafeString:
        return badge(row.get_status_display(), _EXECUTION_TONES.get(row.status, "grey"))
