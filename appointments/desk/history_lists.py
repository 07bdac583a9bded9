"""The list of every change of a visit's state."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from appointments.desk.of_visit import OfVisitAdmin
from appointments.desk.screens import STATUS_TONES
from appointments.models import Appointment, StatusChange
from aro.desk.show import NOTHING, badge, stacked
from compliance.models import Actor


@admin.register(StatusChange)
class StatusChangeAdmin(OfVisitAdmin):
    list_display = ("at", "patient", "visit", "was", "state", "who", "override")
    list_filter = ("after", "actor", "override")
    search_fields = (
        "appointment__customer__name_folded",
        "appointment__customer__phone",
        "appointment__external_id",
    )
    date_hierarchy = "at"
    ordering = ("-at",)
    about = "Every change of a visit's state, by whom, in order."

    @admin.display(description="Before", ordering="before")
    def was(self, row: StatusChange) -> str:
        known = dict(Appointment.Status.choices)
        return str(known.get(row.before) or NOTHING)

    @admin.display(description="Became", ordering="after")
    def state(self, row: StatusChange) -> SafeString:
        return badge(row.get_after_display(), STATUS_TONES.get(row.after, "grey"))

    @admin.display(description="By whom", ordering="actor")
    def who(self, row: StatusChange) -> str:
        """Whoever may open the list may read their names."""
        staff = row.actor_id if row.actor == Actor.ADMIN else ""
        return stacked(staff, row.get_actor_display()) if staff else row.get_actor_display()
