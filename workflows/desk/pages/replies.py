"""How replies were understood, with a way to say what they really meant."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from appointments.desk.screens import written
from appointments.models import ReplyClassification
from aro.desk.base import FactAdmin
from aro.desk.show import NOTHING, badge, humanized
from workflows.desk.actions.actions import ACTIONS

_CORRECT = ACTIONS["reply.correct"]


@admin.register(ReplyClassification)
class ReplyClassificationAdmin(FactAdmin):
    list_filter = ("label", "source", "acted", ("corrected_label", admin.EmptyFieldListFilter))
    list_select_related = ("message__customer",)
    search_fields = (
        "message__customer__name_folded",
        "message__address",
        "message__body",
        "label",
        "corrected_label",
    )
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    about = "Every reply and how it was read. Correct what is wrong: the share of corrections is the error rate."
    empty_list = "No replies yet."

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        wording = ["wording"] if request.user.has_perm("appointments.view_message") else []
        correct = ["correct"] if _CORRECT.allowed(request.user) else []
        return ["created_at", "patient", *wording, "read_as", "confidence", "source", "said_by_staff", *correct]

    @admin.display(description="Patient", ordering="message__customer__name_folded")
    def patient(self, row: ReplyClassification) -> str:
        return str(row.message.customer or NOTHING)

    @admin.display(description="Reply")
    def wording(self, row: ReplyClassification) -> str:
        return written(row.message, texts=True)[:80]

    @admin.display(description="Read as", ordering="label")
    def read_as(self, row: ReplyClassification) -> SafeString:
        return badge(humanized(row.label.lower()), "amber" if row.corrected_label else "blue")

    @admin.display(description="Staff say", ordering="corrected_label")
    def said_by_staff(self, row: ReplyClassification) -> str:
        return humanized(row.corrected_label.lower()) or NOTHING

    @admin.display(description="Wrong?")
    def correct(self, row: ReplyClassification) -> SafeString:
        back = reverse("admin:appointments_replyclassification_changelist")
        address = reverse("admin:desk_act", args=[_CORRECT.command, row.pk])
        return format_html('<a class="aro-button aro-small" href="{}?next={}">{}</a>', address, back, _CORRECT.label)
