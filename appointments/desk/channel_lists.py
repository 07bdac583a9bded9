"""The lists about channels: which messages had to change theirs, and what one text to a family names."""

from __future__ import annotations

from django.contrib import admin

from appointments.models import FailedAttempt, NamedVisit
from aro.desk.base import FactAdmin


@admin.register(FailedAttempt)
class FailedAttemptAdmin(FactAdmin):
    list_display = ("at", "message", "channel", "error_code")
    list_filter = ("channel", "error_code")
    list_select_related = ("message",)
    search_fields = ("provider_id", "message__id")
    date_hierarchy = "at"
    ordering = ("-at",)
    about = "Channels on which a message failed before it went on to another."
    empty_list = "No message had to change its channel."


@admin.register(NamedVisit)
class NamedVisitAdmin(FactAdmin):
    list_display = ("message", "appointment", "visit_start")
    list_select_related = ("message", "appointment")
    search_fields = ("message__id",)
    ordering = ("-visit_start",)
    about = "The visits that one text to a family names."
    empty_list = "None yet. When several of a family are due on one day, one text names them all."
