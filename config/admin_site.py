"""The front desk's site: the Today page first, then every list, and the addresses of staff actions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path

from aro import clock
from aro.desk.theme import AdminSite
from workflows.desk.actions import undoing, views
from workflows.desk.pages import holidays, outcomes, today


class FrontDesk(AdminSite):
    site_title = "ARO"
    site_header = "ARO front desk"
    index_title = "Today"
    empty_value_display = "–"
    enable_nav_sidebar = True

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Today's work instead of a list of tables."""
        shown = {"today": today.collect(now=clock.now(), user=request.user)}
        context = {**self.each_context(request), "title": self.index_title, **shown, **(extra_context or {})}
        return TemplateResponse(request, "desk/today.html", context)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        act, bulk = self.admin_view(views.act), self.admin_view(views.undo_batch)
        return [
            path("desk/outcomes/", self.admin_view(outcomes.say), name="desk_outcomes"),
            path("desk/holidays/", self.admin_view(holidays.choose), name="desk_holidays"),
            path("desk/undo/<str:batch>/", bulk, name="desk_undo_batch"),
            path("desk/take-back/<uuid:ref>/", self.admin_view(undoing.take_back), name="desk_take_back"),
            path("desk/send-now/<uuid:ref>/", self.admin_view(undoing.send_now), name="desk_send_now"),
            path("desk/<str:command>/<uuid:ref>/", act, name="desk_act"),
            *super().get_urls(),
        ]
