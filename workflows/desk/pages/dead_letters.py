"""What could not be done: judged by a person, then tried again or put away."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aro.desk.base import PageAdmin
from aro.desk.plain import PlainWords
from aro.desk.show import NOTHING, badge, humanized, stacked
from aro.models import DeadLetter
from workflows.commands.bulk import Kind
from workflows.commands.replays import judge_letter
from workflows.desk.actions import replaying, views
from workflows.desk.actions.actions import ACTIONS
from workflows.desk.actions.buttons import buttons_for
from workflows.desk.pages.filters import LetterState

LETTERS = Kind(command="dead_letter.replay", key="dead_letter_id", judge=judge_letter)
_REPLAY, _ARCHIVE = "dead_letter.replay", "dead_letter.archive"
# What a lane does, as the beginning of a sentence about its failure.
_FAILED: dict[str, str] = {
    "lookups": "A delivery from a provider could not be completed with what it names",
    "receipts": "A delivery from a provider could not be processed",
    "events": "Something that happened could not be acted on",
    "timers": "A workflow's next step could not be done",
    "executions": "A text or payment link could not be handed over",
    "sweeps": "A regular check could not be done",
    "sync": "A booking system could not be asked for its list",
    "payments": "A deposit could not be compared with the payment provider",
    "dead_letter": "Staff could not be told of work that failed",
}


@admin.register(DeadLetter)
class DeadLetterAdmin(PageAdmin):
    page_template = "desk/dead_letter.html"
    list_display = ("what", "error_code", "attempts", "last_attempt_at", "state")
    list_filter = (LetterState, ("lane", PlainWords), ("error_code", PlainWords))
    search_fields = ("ref", "error_code", "error_message")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    actions = ("replay", "archive")
    about = "Work ARO gave up on after several attempts. Nothing is lost: try it again, or archive it."
    empty_list = "Nothing has failed for good. What fails once or twice is repeated by itself and never comes here."

    @admin.display(description="What failed", ordering="lane")
    def what(self, row: DeadLetter) -> SafeString:
        return stacked(format_html("<strong>{}</strong>", sentence(row)), row.error_message[:160])

    @admin.display(description="State")
    def state(self, row: DeadLetter) -> SafeString:
        if row.replayed_at:
            return badge("Tried again", "blue")
        return badge("Archived", "grey") if row.archived_at else badge("Waiting for you", "amber")

    def has_act_permission(self, request: HttpRequest) -> bool:
        return ACTIONS[_REPLAY].allowed(request.user)

    @admin.action(description="Try again", permissions=["act"])
    def replay(self, request: HttpRequest, queryset: QuerySet[DeadLetter]) -> HttpResponse | None:
        return replaying.confirm_or_run(self, request, queryset, kind=LETTERS, command_line="aro dlq:replay")

    @admin.action(description="Archive", permissions=["act"])
    def archive(self, request: HttpRequest, queryset: QuerySet[DeadLetter]) -> None:
        refs = [str(pk) for pk in queryset.values_list("pk", flat=True)]
        views.run_batch(request, _ARCHIVE, refs, command_line="aro dlq:archive")

    def page(self, request: HttpRequest, obj: DeadLetter) -> dict[str, Any]:
        return {
            "title": sentence(obj),
            "state": self.state(obj),
            "context": sorted(obj.context.items()) if isinstance(obj.context, dict) else [],
            "nothing": NOTHING,
            "buttons": buttons_for(obj, request.user),
        }


def sentence(letter: DeadLetter) -> str:
    """What failed, in plain words."""
    return _FAILED.get(letter.lane, f"{humanized(letter.lane)} could not be done")
