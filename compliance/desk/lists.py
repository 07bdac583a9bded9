"""What may be done and proof of what was: every list read-only, because these rows are evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from aro.desk.base import FactAdmin
from aro.desk.show import badge
from compliance.desk.screens import phone_column
from compliance.models import (
    AuditHead,
    AuditLog,
    Consent,
    Event,
    IdempotencyKey,
    SendingStop,
    StreamHead,
    StreamPosition,
    Suppression,
    WrongNumber,
)


@admin.register(Event)
class EventAdmin(FactAdmin):
    list_display = ("occurred_at", "type", "actor", "aggregate_type", "aggregate_id")
    list_filter = ("type", "actor", "aggregate_type")
    search_fields = ("aggregate_id", "correlation_id", "type")
    date_hierarchy = "occurred_at"
    ordering = ("-occurred_at",)
    about = "What happened, in order, never changed. Ids only: no names, phones or text."
    empty_list = "Nothing has happened yet. The first booking writes the first entry."


@admin.register(StreamPosition)
class StreamPositionAdmin(FactAdmin):
    list_display = ("cursor", "event", "tenant_id")
    list_select_related = ("event",)
    list_filter = ("tenant_id", "event__type")
    search_fields = ("event__id",)
    ordering = ("-cursor",)
    about = "Each event's place in the public stream (GET /v1/events)."


@admin.register(StreamHead)
class StreamHeadAdmin(FactAdmin):
    list_display = ("tenant_id", "cursor")
    search_fields = ("tenant_id",)
    ordering = ("tenant_id",)


@admin.register(AuditLog)
class AuditLogAdmin(FactAdmin):
    list_display = ("at", "action", "actor", "actor_id", "resource_type", "resource_id")
    list_filter = ("action", "actor", "resource_type")
    search_fields = ("resource_id", "actor_id", "action")
    date_hierarchy = "at"
    ordering = ("-seq",)
    about = "Who did what to which record. Chained and signed: `aro audit:verify` finds any change to it."


@admin.register(AuditHead)
class AuditHeadAdmin(FactAdmin):
    list_display = ("tenant_id", "seq")
    search_fields = ("tenant_id",)
    ordering = ("tenant_id",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(FactAdmin):
    list_display = ("created_at", "source", "key", "expires_at")
    list_filter = ("source",)
    search_fields = ("key",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    about = "Requests already answered: asked again with the same key, they get the same answer."


@admin.register(Consent)
class ConsentAdmin(FactAdmin):
    list_filter = ("given", "purpose", "channel", "method")
    search_fields = ("address",)
    date_hierarchy = "at"
    ordering = ("-at",)
    about = "Every statement of consent, or of its withdrawal. The newest one per number and purpose counts."
    empty_list = "No consent on record yet. A booking writes the first one."

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return ["at", phone_column(request.user, "address"), "state", "purpose", "channel", "method"]

    @admin.display(description="Consent", ordering="given")
    def state(self, row: Consent) -> SafeString:
        return badge("Given", "green") if row.given else badge("Withdrawn", "red")


@admin.register(Suppression)
class SuppressionAdmin(FactAdmin):
    list_filter = ("source", ("lifted_at", admin.EmptyFieldListFilter))
    search_fields = ("address",)
    date_hierarchy = "since"
    ordering = ("-since",)
    about = "Numbers that said stop. Nothing is sent to them. To lift one, open the patient and choose Opt in again."
    empty_list = "Nobody has opted out."

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return ["since", phone_column(request.user, "address"), "state", "source", "lifted_at"]

    @admin.display(description="State", ordering="lifted_at")
    def state(self, row: Suppression) -> SafeString:
        return badge("Lifted", "grey") if row.lifted_at else badge("No texts", "red")


@admin.register(SendingStop)
class SendingStopAdmin(FactAdmin):
    list_display = ("since", "by", "reason", "lifted_at", "lifted_by")
    search_fields = ("by", "reason")
    date_hierarchy = "since"
    ordering = ("-since",)
    about = "When all sending was switched off, by whom and why. `aro kill-switch:off` lets texts go again."
    empty_list = "Sending was never switched off."


@admin.register(WrongNumber)
class WrongNumberAdmin(FactAdmin):
    list_display = ("since", "settled_at", "settled_by")
    search_fields = ("settled_by",)
    date_hierarchy = "since"
    ordering = ("-since",)
    about = "Numbers at which somebody else answered. Nothing personal goes there until the case is settled."
    empty_list = "Nobody has said that a number is wrong."
