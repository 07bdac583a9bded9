"""The border's lists: what came in, and how the providers are doing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aro.desk.base import FactAdmin
from aro.desk.show import NOTHING, Tone, badge
from integrations.desk import channel_stops
from integrations.inbound.replays import judge
from integrations.models import (
    BreakerChange,
    ChannelStop,
    HourlyCount,
    ImportBatch,
    ImportedVisit,
    ProviderState,
    Receipt,
    SyncSeen,
    SyncState,
)
from workflows.commands.bulk import Kind
from workflows.desk.actions import replaying
from workflows.desk.actions.actions import ACTIONS

RECEIPTS = Kind(command="receipt.replay", key="receipt_id", judge=judge)
_RECEIPT_TONES: dict[str, Tone] = {"pending": "amber", "applied": "green", "failed": "red"}
_DELIVERY_TONES: dict[str, Tone] = {"on": "green", "failing": "amber", "renewing": "amber", "off": "red", "none": "red"}
_BREAKER_TONES: dict[str, Tone] = {"closed": "green", "half_open": "amber", "open": "red"}


@admin.register(Receipt)
class ReceiptAdmin(FactAdmin):
    list_display = ("received_at", "source", "state", "detail", "processed_at")
    list_filter = ("source", "outcome")
    search_fields = ("delivery_key", "path_ref", "id")
    date_hierarchy = "received_at"
    ordering = ("-received_at",)
    actions = ("replay",)
    about = "Every signed delivery from a booking system, carrier or payment provider, stored before anything is done."
    empty_list = "No delivery yet. Point a provider's webhook at this address, or book a visit in the sandbox."

    def get_queryset(self, request: HttpRequest) -> Any:
        # The body holds personal data and can be large; the list does not need it.
        return super().get_queryset(request).defer("body")

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.change_receipt")

    @admin.action(description="Try again", permissions=["act"])
    def replay(self, request: HttpRequest, queryset: QuerySet[Receipt]) -> HttpResponse | None:
        return replaying.confirm_or_run(self, request, queryset, kind=RECEIPTS, command_line="aro webhooks:replay")

    @admin.display(description="Outcome", ordering="outcome")
    def state(self, row: Receipt) -> SafeString:
        return badge(row.get_outcome_display(), _RECEIPT_TONES.get(row.outcome, "grey"))


@admin.register(ProviderState)
class ProviderStateAdmin(FactAdmin):
    list_display = ("name", "domain", "state", "last_ok_at", "opened_at", "last_error")
    list_filter = ("domain", "breaker")
    search_fields = ("name",)
    ordering = ("name",)
    about = "Whether ARO calls a provider now. After repeated failures it pauses, then tries again by itself."
    empty_list = "No provider has been called yet."

    @admin.display(description="State", ordering="breaker")
    def state(self, row: ProviderState) -> SafeString:
        return badge(row.get_breaker_display(), _BREAKER_TONES.get(row.breaker, "grey"))


@admin.register(BreakerChange)
class BreakerChangeAdmin(FactAdmin):
    list_display = ("at", "provider", "was", "became", "reason")
    list_filter = ("provider", "after")
    search_fields = ("provider", "reason")
    date_hierarchy = "at"
    ordering = ("-at",)
    about = "When a provider was paused and when it was back."
    empty_list = "No provider has been paused."

    @admin.display(description="Before", ordering="before")
    def was(self, row: BreakerChange) -> str:
        return _breaker_words(row.before)

    @admin.display(description="Became", ordering="after")
    def became(self, row: BreakerChange) -> SafeString:
        return badge(_breaker_words(row.after), _BREAKER_TONES.get(row.after, "grey"))


def _breaker_words(state: str) -> str:
    return str(dict(ProviderState.Breaker.choices).get(state, state))


@admin.register(HourlyCount)
class HourlyCountAdmin(FactAdmin):
    list_display = ("hour", "count", "name")
    search_fields = ("name",)
    ordering = ("-hour",)
    about = "How many messages went out in the last hour in which any did. `per_hour` in policy.toml caps it."
    empty_list = "No message has gone out yet."


@admin.register(ChannelStop)
class ChannelStopAdmin(FactAdmin):
    list_filter = ("channel",)
    search_fields = ("code",)
    date_hierarchy = "since"
    ordering = ("-since",)
    about = "Channels that the carrier does not let you use. Settle it with the carrier, then press Resume."
    empty_list = "No channel is stopped."

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """With the button for whoever may press it."""
        return ["since", "channel", "code", "lifted_at", "lifted_by", _resume_column(request)]


def _resume_column(request: HttpRequest) -> Callable[[ChannelStop], SafeString | str]:
    action, back = ACTIONS[channel_stops.RESUME], request.get_full_path()

    @admin.display(description="Settled?")
    def resume(row: ChannelStop) -> SafeString | str:
        if not (action.allowed(request.user) and action.offered(row)):
            return NOTHING
        address = reverse("admin:desk_act", args=[action.command, row.pk], query={"next": back})
        return format_html('<a class="aro-button aro-small" href="{}">{}</a>', address, action.label)

    return resume


@admin.register(SyncState)
class SyncStateAdmin(FactAdmin):
    list_display = ("provider", "last_done_at", "listed", "missed", "unlisted", "webhooks", "failures", "last_error")
    list_filter = ("deliveries",)
    search_fields = ("provider",)
    ordering = ("provider",)
    about = "Each booking system is asked for its list now and then. What its webhooks missed is taken over."
    empty_list = "No booking system has been asked yet."

    @admin.display(description="Webhooks", ordering="deliveries")
    def webhooks(self, row: SyncState) -> SafeString:
        return badge(row.deliveries or "not looked at", _DELIVERY_TONES.get(row.deliveries, "grey"))


@admin.register(SyncSeen)
class SyncSeenAdmin(FactAdmin):
    list_display = ("external_id", "state", "run", "seen_at")
    list_filter = ("state",)
    search_fields = ("external_id", "entry")
    list_select_related = ("state",)
    ordering = ("-seen_at",)
    about = "What the lists of the booking systems named, so that only what has changed is looked at again."
    empty_list = "No list has named anything yet."


@admin.register(ImportBatch)
class ImportBatchAdmin(FactAdmin):
    list_display = ("at", "id", "kind", "rows", "created", "changed", "unchanged", "refused", "undone_at")
    list_filter = ("kind",)
    search_fields = ("id", "digest")
    date_hierarchy = "at"
    ordering = ("-at",)
    about = "Files of bookings that were read in. `aro appointments:import --undo ID` takes one back."
    empty_list = "No file was imported. See docs/how-to/import-appointments.md."


@admin.register(ImportedVisit)
class ImportedVisitAdmin(FactAdmin):
    list_display = ("batch", "line", "appointment", "undone")
    list_filter = ("undone",)
    search_fields = ("batch__id", "appointment__id")
    list_select_related = ("batch", "appointment")
    ordering = ("-batch__at", "line")
    about = "The visits that an imported file created."
    empty_list = "No file was imported. See docs/how-to/import-appointments.md."
