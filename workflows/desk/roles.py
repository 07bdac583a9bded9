"""The roles ARO ships with: what each sees and may do. Admins are superusers and need no role.

Full phone numbers in lists come with the right to change the business (compliance/desk/screens.py). Texts are shown to
those who may view messages: an operator keeps the machine running without reading them.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

FRONT_DESK, MANAGER, OPERATOR, AUDITOR = "Front desk", "Manager", "Operator", "Auditor"

_DESK_VIEWS = (
    "appointments.view_appointment",
    "appointments.view_customer",
    "appointments.view_escalation",
    "appointments.view_message",
    "appointments.view_replyclassification",
    "appointments.view_deposit",
    "appointments.view_statuschange",
    "appointments.view_business",
    "appointments.view_closedday",
    "workflows.view_workflowinstance",
)
_DESK_ACTIONS = (
    "appointments.change_appointment",
    "appointments.change_escalation",
    "appointments.change_customer",
    "appointments.change_replyclassification",
)
_MACHINE_VIEWS = (
    "aro.view_due",
    "aro.view_deadletter",
    "aro.view_heartbeat",
    "workflows.view_workflowinstance",
    "workflows.view_steplog",
    "workflows.view_execution",
    "integrations.view_receipt",
    "integrations.view_providerstate",
    "integrations.view_breakerchange",
    "integrations.view_syncstate",
    "integrations.view_syncseen",
    "integrations.view_importbatch",
    "integrations.view_importedvisit",
    "integrations.view_channelstop",
    "appointments.view_failedattempt",
    "compliance.view_event",
    "django_celery_beat.view_periodictask",
)
_PROOF_VIEWS = (
    "compliance.view_auditlog",
    "compliance.view_consent",
    "compliance.view_suppression",
    "compliance.view_event",
    "appointments.view_riskmodel",
    "appointments.view_statuschange",
    "axes.view_accessattempt",
    "axes.view_accesslog",
)
ROLES: dict[str, frozenset[str]] = {
    FRONT_DESK: frozenset({*_DESK_VIEWS, *_DESK_ACTIONS}),
    MANAGER: frozenset(
        {
            *_DESK_VIEWS,
            *_DESK_ACTIONS,
            *_PROOF_VIEWS,
            "appointments.change_business",
            "appointments.add_closedday",
            "appointments.change_closedday",
            "appointments.delete_closedday",
            "appointments.view_messagetemplate",
            "appointments.add_messagetemplate",
            "appointments.view_whatsapptemplate",
            "appointments.add_whatsapptemplate",
            "aro.view_deadletter",
            "aro.change_deadletter",
            "integrations.view_channelstop",
            "integrations.change_channelstop",
        }
    ),
    OPERATOR: frozenset(
        {
            *_MACHINE_VIEWS,
            "aro.change_deadletter",
            "integrations.change_channelstop",
            "integrations.change_receipt",
            "workflows.change_execution",
        }
    ),
    AUDITOR: frozenset(_PROOF_VIEWS),
}


def sync() -> list[str]:
    """Creates the roles and gives each exactly its permissions; returns the roles' names. Safe to repeat."""
    for name, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(wanted))
    return list(ROLES)


def _permissions(wanted: frozenset[str]) -> list[Permission]:
    """Raises `ValueError` for a permission that does not exist, so that a renamed model cannot silently lose one."""
    named = Q()
    for permission in wanted:
        app, codename = permission.split(".")
        named |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(named))
    if len(found) != len(wanted):
        known = {f"{p.content_type.app_label}.{p.codename}" for p in found}
        raise ValueError(f"No such permission: {', '.join(sorted(wanted - known))}. Run the migrations first.")
    return found
