"""The lists about channels: what WhatsApp approved, and which messages had to change their channel."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from appointments.desk.forms import WhatsAppTemplateForm
from appointments.models import FailedAttempt, NamedVisit, WhatsAppTemplate
from aro.desk.base import DeskAdmin, FactAdmin
from aro.web import client
from compliance.audit import chain
from compliance.models import Actor


@admin.register(WhatsAppTemplate)
class WhatsAppTemplateAdmin(DeskAdmin):
    form = WhatsAppTemplateForm
    list_display = ("kind", "language", "content_sid", "active", "created_at")
    list_filter = ("active", "language")
    search_fields = ("kind", "content_sid")
    ordering = ("kind", "language", "-created_at")
    about = "Wordings that WhatsApp approved. It wants one when a patient has not written there for a day."
    empty_list = "None yet. Without one, a WhatsApp message goes by SMS. See docs/how-to/whatsapp.md."
    fields = ("kind", "language", "content_sid", "wording")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was sent with it must stay known: a new one takes its place."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: WhatsAppTemplate, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        same = WhatsAppTemplate.objects.filter(tenant_id=obj.tenant_id, kind=obj.kind, language=obj.language)
        same.update(active=False)
        super().save_model(request, obj, form, change)
        chain.write(
            action="whatsapp_template.added",
            actor=Actor.ADMIN,
            actor_id=request.user.get_username(),
            resource_type="whatsapp_template",
            resource_id=obj.pk,
            after={"kind": obj.kind, "language": obj.language, "content_sid": obj.content_sid},
            ip=client.address(request) or None,
        )


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
