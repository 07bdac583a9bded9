"""The business's own lists. Visits, patients and cases, which staff act on, are in `workflows/desk`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString

from appointments.desk import (  # noqa: F401 - register their lists
    channel_lists,
    closed_day_lists,
    history_lists,
    money_lists,
    wording_lists,
)
from appointments.desk.forms import BusinessForm
from appointments.desk.screens import explanation, fate, message_badge
from appointments.models import (
    BookingRef,
    Business,
    Message,
    RiskModel,
    SenderId,
)
from appointments.services.visit import closed_visits
from aro.desk.base import DeskAdmin, FactAdmin
from aro.desk.plain import PlainWords
from aro.desk.show import NOTHING, badge, cell_in_zone, here, humanized
from aro.web import client
from compliance.audit import chain
from compliance.desk.screens import phone_column
from compliance.models import Actor

# What decides when somebody is at the clinic.
SAYS_WHO_IS_THERE = frozenset({"timezone", *(f"hours_{day}" for day in range(7))})


@admin.register(Business)
class BusinessAdmin(DeskAdmin):
    form = BusinessForm
    list_display = ("name", "timezone", "language", "deposit_threshold", "review_requests", "rebooking_offers")
    search_fields = ("name",)
    list_filter = ("timezone", "language")
    ordering = ("name",)
    fieldsets = (
        (
            "Who you are",
            {"fields": ("name", "phone", "email", "address", "timezone", "booked_visits", "language", "booking_url")},
        ),
        ("In an emergency", {"fields": ("emergency_phone", "emergency_email")}),
        ("Opening hours", {"fields": (*(f"hours_{day}" for day in range(7)), "holiday_region")}),
        ("Texts", {"fields": ("reminders", "default_channel", "texting_countries", "quiet_from", "quiet_until")}),
        ("Deposits", {"fields": ("deposit_threshold", "deposit_amount", "currency")}),
        (
            "After the visit",
            {
                "fields": (
                    "review_requests",
                    "review_delay_hours",
                    "google_place_id",
                    "rebooking_offers",
                    "rebooking_delay_hours",
                )
            },
        ),
        (
            "The booking form",
            {
                "fields": (
                    "booking_consent_care",
                    "booking_consent_email",
                    "booking_consent_marketing",
                    "phone_question",
                )
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One business per installation."""
        return super().has_add_permission(request) and not Business.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Business, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        """Saves and writes the audit entry; Django's admin holds both in one transaction."""
        before = {name: form.initial.get(name) for name in form.changed_data if name in form.initial}
        super().save_model(request, obj, form, change)
        if SAYS_WHO_IS_THERE & set(form.changed_data):
            closed_visits.look(obj)
        chain.write(
            action="business.changed" if change else "business.added",
            actor=Actor.ADMIN,
            actor_id=request.user.get_username(),
            resource_type="business",
            resource_id=obj.pk,
            before=before,
            after={name: form.cleaned_data.get(name) for name in form.changed_data},
            ip=client.address(request) or None,
        )


class Why(PlainWords):
    """The ledger's reasons."""

    @staticmethod
    def words(value: str) -> str:
        said = explanation(value)
        return said[:1].upper() + said[1:]


@admin.register(Message)
class MessageAdmin(FactAdmin):
    list_filter = ("direction", "status", ("kind", PlainWords), "channel", ("reason", Why))
    list_select_related = ("appointment", "customer")
    search_fields = ("customer__name_folded", "address", "body", "provider_id", "id")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    about = "Every text, sent or not, and why."
    empty_list = "No texts yet. The first booking sends a confirmation."

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return ["when", "about_what", "customer", phone_column(request.user, "address"), "state", "became"]

    @admin.display(description="Planned or received", ordering="created_at")
    def when(self, row: Message) -> SafeString | str:
        return cell_in_zone(row.created_at, row.appointment.timezone if row.appointment else here())

    @admin.display(description="Message", ordering="kind")
    def about_what(self, row: Message) -> str:
        arrow = "←" if row.direction == Message.Direction.IN else "→"
        return f"{arrow} {humanized(row.kind)}"

    @admin.display(description="State", ordering="status")
    def state(self, row: Message) -> SafeString:
        return message_badge(row)

    @admin.display(description="Why")
    def became(self, row: Message) -> str:
        return fate(row, row.appointment.timezone if row.appointment else here())


@admin.register(BookingRef)
class BookingRefAdmin(FactAdmin):
    list_display = ("source", "external_id", "appointment")
    list_filter = ("source",)
    list_select_related = ("appointment",)
    search_fields = ("external_id",)
    ordering = ("-id",)
    about = "Every name a booking system gave to a visit; a moved booking has two."


@admin.register(RiskModel)
class RiskModelAdmin(FactAdmin):
    list_display = ("fitted_at", "state", "visits", "held_out", "flagged", "caught", "wrongly_flagged", "told_apart")
    list_filter = ("active",)
    search_fields = ("id",)
    date_hierarchy = "fitted_at"
    ordering = ("-fitted_at",)
    about = (
        "Once a week ARO learns from your own visits how to weigh what it knows of a booking. It uses the result only "
        "when it was better on the newest visits. Arrows: from the weights then in use to the new ones."
    )
    empty_list = "The reference weights are in use. After about 500 visits, some of them missed, ARO learns your own."

    @admin.display(description="State", ordering="active")
    def state(self, row: RiskModel) -> SafeString:
        if row.active:
            return badge("In use", "green")
        return badge("Replaced", "grey") if row.activated_at else badge("Not better", "grey")

    @admin.display(description="Flagged")
    def flagged(self, row: RiskModel) -> str:
        return _change_of_share(row.before, row.after, "flagged")

    @admin.display(description="Missed visits caught")
    def caught(self, row: RiskModel) -> str:
        return _change_of_share(row.before, row.after, "caught")

    @admin.display(description="Flagged but kept")
    def wrongly_flagged(self, row: RiskModel) -> str:
        return _change_of_share(row.before, row.after, "wrongly_flagged")

    @admin.display(description="AUC", ordering="auc_after")
    def told_apart(self, row: RiskModel) -> str:
        return f"{row.auc_before:.3f} → {row.auc_after:.3f}"


def _change_of_share(before: dict[str, float | None], after: dict[str, float | None], name: str) -> str:
    """`10 % → 12 %`; a dash for a share of nothing."""
    shares = (before.get(name), after.get(name))
    return " → ".join(NOTHING if share is None else f"{100 * share:.0f} %" for share in shares)


@admin.register(SenderId)
class SenderIdAdmin(FactAdmin):
    list_display = ("since", "external_id")
    search_fields = ("external_id",)
    ordering = ("-since",)
    about = "Ids under which people write on WhatsApp, each with the number that came with it once."
    empty_list = "Nobody has written under an id of the carrier's yet."
