"""Deposits and what became of their money: the lists, and a deposit's own page in the list's words."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from appointments.desk.of_visit import OfVisitAdmin
from appointments.desk.screens import DEPOSIT_TONES
from appointments.models import Deposit, MoneyBack
from appointments.services.money import deposits
from aro.desk.base import FactAdmin
from aro.desk.show import NOTHING, badge


@admin.register(Deposit)
class DepositAdmin(OfVisitAdmin):
    list_display = ("created_at", "patient", "visit", "state", "amount", "paid_amount", "refunded_amount", "currency")
    # Its own page: what staff need, in the words of the list.
    fields = (
        "patient",
        "visit",
        "state",
        "amount",
        "paid_amount",
        "refunded_amount",
        "currency",
        "payment_link",
        "created_at",
        "paid_at",
        "closed_at",
        "link_id",
        "payment_intent",
    )
    readonly_fields = ("patient", "visit", "state", "payment_link")
    list_filter = ("status", "currency")
    search_fields = ("appointment__customer__name_folded", "appointment__customer__phone", "link_id", "payment_intent")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    about = "Payment links asked for a visit. ARO asks; it never charges."
    empty_list = "No deposit has been asked for."

    @admin.display(description="State", ordering="status")
    def state(self, row: Deposit) -> SafeString:
        return badge(row.state_words, DEPOSIT_TONES.get(row.status, "grey"))

    @admin.display(description="Payment link")
    def payment_link(self, row: Deposit) -> str:
        return row.url if row.status in deposits.OPEN and row.url else NOTHING


@admin.register(MoneyBack)
class MoneyBackAdmin(FactAdmin):
    list_display = ("at", "state", "amount", "deposit", "ref")
    list_filter = ("state",)
    list_select_related = ("deposit",)
    search_fields = ("ref",)
    ordering = ("-at",)
    about = "Refunds that did not arrive, and disputes with how they ended. What to do about one is a case."
    empty_list = "No refund has failed and nobody has disputed a payment."
