"""The wordings that a business wrote itself, and those that WhatsApp approved for it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString

from appointments.desk.wording_forms import TemplateForm, WhatsAppTemplateForm
from appointments.models import MessageTemplate, WhatsAppTemplate
from appointments.texts import fit
from appointments.texts.lint import unspoken
from aro.desk.base import DeskAdmin
from aro.desk.show import badge, stacked
from aro.web import client
from compliance.audit import chain
from compliance.models import Actor, Channel


class WordingAdmin(DeskAdmin):
    """What was sent must stay known: a wording is never changed, a new one takes its place, or none does."""

    actions = ("retire",)
    # What the audit log calls a change of one, and the row itself.
    resource: ClassVar[tuple[str, str]]
    # What patients get when one is used no longer.
    instead: ClassVar[str] = ""

    @staticmethod
    def wrong_with(row: Any) -> list[str]:
        """Why one that is in use cannot do its job: from before that was looked at."""
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="State", ordering="active")
    def state(self, row: Any) -> SafeString:
        if not row.active:
            return badge("No longer used", "grey")
        wrong = self.wrong_with(row)
        return stacked(badge("Not used", "red"), *wrong) if wrong else badge("In use", "green")

    @admin.action(description="Use no longer", permissions=["add"])
    def retire(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        """The way back: nothing else takes their place."""
        used = list(chosen.filter(active=True))
        with transaction.atomic():
            for row in used:
                row.active = False
                row.save(update_fields=["active"])
                self.audit(request, "retired", row, {"active": False})
        messages.success(request, f"No longer used: {len(used)}. {self.instead}")

    def audit(self, request: HttpRequest, what: str, row: Any, after: dict[str, Any]) -> None:
        action, resource_type = self.resource
        chain.write(
            action=f"{action}.{what}",
            actor=Actor.ADMIN,
            actor_id=request.user.get_username(),
            resource_type=resource_type,
            resource_id=row.pk,
            after=after,
            ip=client.address(request) or None,
        )


@admin.register(MessageTemplate)
class MessageTemplateAdmin(WordingAdmin):
    form = TemplateForm
    instead = "Patients get ARO's own wording again, unless another of yours is in use for the same text."
    resource = ("template", "message_template")
    list_display = ("name", "language", "tone", "channel", "version", "state", "created_at")
    list_filter = ("active", "language", "tone", "channel", "category")
    search_fields = ("name", "body")
    ordering = ("name", "language", "-version")
    about = (
        "Wording you changed. ARO's own wording is used wherever none is in use here. To go back to it, tick yours and "
        "choose Use no longer."
    )
    empty_list = "All texts still use ARO's own wording. Add a template to change one."
    fields = ("name", "language", "channel", "tone", "subject", "body")

    @staticmethod
    def wrong_with(row: MessageTemplate) -> list[str]:
        body, subject = row.body, row.subject
        return [*fit.problems(row.name, body, subject=subject, channel=row.channel), *unspoken(row.language)]

    def save_model(self, request: HttpRequest, obj: MessageTemplate, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        same = MessageTemplate.objects.filter(
            tenant_id=obj.tenant_id, name=obj.name, channel=obj.channel, language=obj.language, tone=obj.tone
        )
        newest = same.order_by("-version").values_list("version", flat=True).first()
        same.update(active=False)
        obj.version, obj.category = (newest or 0) + 1, obj.name.split("_")[0]
        super().save_model(request, obj, form, change)
        for warning in getattr(form, "warnings", []):
            messages.warning(request, warning)
        after = {"template": obj.name, "language": obj.language, "version": obj.version}
        self.audit(request, "added", obj, after)


@admin.register(WhatsAppTemplate)
class WhatsAppTemplateAdmin(WordingAdmin):
    form = WhatsAppTemplateForm
    instead = "Without an approved wording a WhatsApp message goes by SMS."
    resource = ("whatsapp_template", "whatsapp_template")
    list_display = ("kind", "language", "content_sid", "state", "created_at")
    list_filter = ("active", "language")
    search_fields = ("kind", "content_sid")
    ordering = ("kind", "language", "-created_at")
    about = "Wordings that WhatsApp approved. It wants one when a patient has not written there for a day."
    empty_list = "None yet. Without one, a WhatsApp message goes by SMS. See docs/how-to/whatsapp.md."
    fields = ("kind", "language", "content_sid", "wording")

    @staticmethod
    def wrong_with(row: WhatsAppTemplate) -> list[str]:
        return [*fit.problems(row.kind, row.wording, channel=Channel.WHATSAPP), *unspoken(row.language)]

    def save_model(self, request: HttpRequest, obj: WhatsAppTemplate, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        same = WhatsAppTemplate.objects.filter(tenant_id=obj.tenant_id, kind=obj.kind, language=obj.language)
        same.update(active=False)
        super().save_model(request, obj, form, change)
        after = {"kind": obj.kind, "language": obj.language, "content_sid": obj.content_sid}
        self.audit(request, "added", obj, after)
