"""The admin's look and menu (django-unfold). The menu's order is the order of a day's work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

static_lazy = lazy(static, str)


def _may_view(app: str, model: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(getattr(request.user, "has_perm", lambda name: False)(f"{app}.view_{model}"))


def _item(title: str | Promise, icon: str, app: str, model: str, **more: Any) -> dict[str, Any]:
    link = reverse_lazy(f"admin:{app}_{model}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": _may_view(app, model), **more}


_FRONT_DESK = [
    {"title": _("Today"), "icon": "today", "link": reverse_lazy("admin:index")},
    _item(
        _("Needs attention"),
        "notification_important",
        "appointments",
        "escalation",
        badge="workflows.desk.menu.open_cases",
    ),
    _item(_("Visits"), "event", "appointments", "appointment"),
    _item(_("Patients"), "group", "appointments", "customer"),
    _item(_("Messages"), "sms", "appointments", "message"),
    _item(_("Replies"), "forum", "appointments", "replyclassification"),
    _item(_("Deposits"), "payments", "appointments", "deposit"),
]
_RULES = [
    _item(_("Business"), "storefront", "appointments", "business"),
    _item(_("Closed days"), "event_busy", "appointments", "closedday"),
    _item(_("Wording"), "edit_note", "appointments", "messagetemplate"),
    _item(_("WhatsApp templates"), "chat", "appointments", "whatsapptemplate"),
    _item(_("Risk weights"), "balance", "appointments", "riskmodel"),
    _item(_("Consent"), "thumb_up", "compliance", "consent"),
    _item(_("Said stop"), "do_not_disturb_on", "compliance", "suppression"),
    _item(_("Audit log"), "history_edu", "compliance", "auditlog"),
]
_MACHINE_ROOM = [
    _item(_("Dead letters"), "mark_email_unread", "aro", "deadletter"),
    _item(_("Workflows"), "account_tree", "workflows", "workflowinstance"),
    _item(_("Step log"), "list", "workflows", "steplog"),
    _item(_("Executions"), "outbox", "workflows", "execution"),
    _item(_("Due"), "schedule", "aro", "due"),
    _item(_("Heartbeats"), "monitor_heart", "aro", "heartbeat"),
    _item(_("Deliveries received"), "move_to_inbox", "integrations", "receipt"),
    _item(_("Provider states"), "dns", "integrations", "providerstate"),
    _item(_("Changed channels"), "alt_route", "appointments", "failedattempt"),
    _item(_("Stopped channels"), "block", "integrations", "channelstop"),
    _item(_("Provider pauses"), "pause_circle", "integrations", "breakerchange"),
    _item(_("Lists asked for"), "sync", "integrations", "syncstate"),
    _item(_("Seen in lists"), "visibility", "integrations", "syncseen"),
    _item(_("Imports"), "upload_file", "integrations", "importbatch"),
    _item(_("Imported visits"), "playlist_add_check", "integrations", "importedvisit"),
    _item(_("Events"), "bolt", "compliance", "event"),
    _item(_("Event stream"), "stream", "compliance", "streamposition"),
    _item(_("Status changes"), "swap_horiz", "appointments", "statuschange"),
    _item(_("Failed refunds, disputes"), "currency_exchange", "appointments", "moneyback"),
    _item(_("Booking names"), "tag", "appointments", "bookingref"),
    _item(_("Answered requests"), "key", "compliance", "idempotencykey"),
    _item(_("Periodic tasks"), "timer", "django_celery_beat", "periodictask"),
]
_PEOPLE = [
    _item(_("People"), "person", "auth", "user"),
    _item(_("Roles"), "badge", "auth", "group"),
    _item(_("Failed sign-ins"), "gpp_bad", "axes", "accessattempt"),
    _item(_("Sign-ins"), "login", "axes", "accesslog"),
]

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "ARO",
    "SITE_HEADER": "ARO front desk",
    "SITE_SUBHEADER": "workflows.desk.menu.business_line",
    "SITE_SYMBOL": "event_available",
    "SITE_FAVICONS": [{"rel": "icon", "href": static_lazy("desk/favicon.svg"), "type": "image/svg+xml"}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "COLORS": {
        # A calm teal; 600 on white has a contrast of 5.5:1, above WCAG AA's 4.5:1.
        "primary": {
            "50": "#f0fdfa",
            "100": "#ccfbf1",
            "200": "#99f6e4",
            "300": "#5eead4",
            "400": "#2dd4bf",
            "500": "#14b8a6",
            "600": "#0f766e",
            "700": "#115e59",
            "800": "#134e4a",
            "900": "#0f3f3c",
            "950": "#042f2e",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {"title": _("Front desk"), "items": _FRONT_DESK},
            {"title": _("Rules and proof"), "separator": True, "collapsible": True, "items": _RULES},
            {"title": _("Machine room"), "separator": True, "collapsible": True, "items": _MACHINE_ROOM},
            {"title": _("Who may log in"), "separator": True, "collapsible": True, "items": _PEOPLE},
        ],
    },
}
