"""Lists of facts about a visit: whose it is, and when."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString

from appointments.desk.screens import visit_time
from aro.desk.base import FactAdmin


class OfVisitAdmin(FactAdmin):
    list_select_related = ("appointment__customer",)

    @admin.display(description="Patient", ordering="appointment__customer__name_folded")
    def patient(self, row: Any) -> str:
        return str(row.appointment.customer)

    @admin.display(description="Visit", ordering="appointment__starts_at")
    def visit(self, row: Any) -> SafeString | str:
        return visit_time(row.appointment)
