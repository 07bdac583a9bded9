"""The list of patients and the page of one: the conversation, the record, and whether texts may go out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.safestring import SafeString

from appointments.desk.screens import person_column, risk_badge, risk_cell, status_badge, telling
from appointments.models import Business, Customer
from appointments.services.person.customers import typed_phone
from aro.desk.base import PageAdmin
from aro.desk.show import Tone, badge, shown_in_zone
from compliance import consent, wrong_numbers
from compliance.models import Channel, Purpose, Suppression
from workflows.commands.people import agreed_to_email
from workflows.desk.actions import undoing
from workflows.desk.actions.buttons import Button, buttons_for
from workflows.desk.pages import conversation, reading
from workflows.desk.pages.filters import RiskBand

_SAYS_STOP = Suppression.objects.filter(lifted_at=None, address=OuterRef("phone")).exclude(address="")
_MOST_VISITS = 20
_CONSENT: dict[bool | None, tuple[str, Tone]] = {
    True: ("Given", "green"),
    False: ("Withdrawn", "red"),
    None: ("Not on record", "grey"),
}


@admin.register(Customer)
class CustomerAdmin(PageAdmin):
    page_template = "desk/customer.html"
    list_filter = (RiskBand, "risk_category", "payment_status", "requires_deposit", "phone_usable", "review_status")
    search_fields = ("name_folded", "phone", "email", "id")
    date_hierarchy = "created_at"
    ordering = ("name", "id")
    about = "Everyone who ever booked. A family may share a phone; stopping texts holds for the phone."
    empty_list = "No patients yet. The first booking brings the first one."

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(says_stop=Exists(_SAYS_STOP))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [
            person_column(request.user, "", "Patient"),
            _texts_column(),
            "risk",
            "completed_visits",
            "no_shows",
            "cancellations",
        ]

    @admin.display(description="Risk", ordering="risk_score")
    def risk(self, row: Customer) -> SafeString:
        return risk_cell(row.risk_score, row.risk_reasons)

    def page(self, request: HttpRequest, obj: Customer) -> dict[str, Any]:
        reading.record(request, "customer", obj.pk)
        zone = obj.timezone or _business_zone(obj.tenant_id)
        texts = request.user.has_perm("appointments.view_message")
        stopped = bool(obj.phone) and consent.is_suppressed(obj.phone, tenant_id=obj.tenant_id)
        unwanted, by_email = obj.texting == Customer.Texting.UNWANTED, agreed_to_email(obj)
        return {
            "bubbles": conversation.of(obj, zone=zone, texts=texts),
            "zone": zone,
            "risk": risk_badge(obj.risk_score),
            "reasons": telling(obj.risk_reasons),
            "stopped": stopped,
            "unwanted": unwanted,
            "wrong_number": wrong_numbers.is_held(obj.phone, tenant_id=obj.tenant_id),
            "consents": _consents(obj),
            "buttons": _fitting(buttons_for(obj, request.user), stopped=stopped or unwanted, by_email=by_email),
            "channel": obj.get_preferred_channel_display() if obj.preferred_channel else "",
            "typed": typed_phone(obj),
            "visits": _visits(obj),
            "undoable": undoing.open_about(request, obj, zone),
            "family": _family(obj),
        }


def _texts_column() -> Callable[[Customer], SafeString]:
    """The numbers in question are asked for once, whatever the list shows."""
    held = wrong_numbers.all_held()

    @admin.display(description="Texts")
    def texts(row: Customer) -> SafeString:
        if getattr(row, "says_stop", False):
            return badge("Stopped", "red")
        if not row.phone:
            return badge("No phone", "amber")
        if consent.address_hmac(row.phone) in held:
            return badge("Wait: number in question", "amber")
        if row.texting == Customer.Texting.UNWANTED:
            return badge("Not wanted, a booking says", "amber")
        return badge("Allowed", "green") if row.phone_usable else badge("Cannot be texted", "amber")

    return texts


def _business_zone(tenant_id: str) -> str:
    return Business.objects.filter(tenant_id=tenant_id).values_list("timezone", flat=True).first() or "UTC"


def _fitting(buttons: list[Button], *, stopped: bool, by_email: bool) -> list[Button]:
    """Either the way out or the way back, never both."""
    unfitting = {
        "customer.opt_out" if stopped else "customer.opt_in",
        "customer.email_opt_in" if by_email else "customer.email_opt_out",
    }
    return [button for button in buttons if button.action.command not in unfitting]


def _consents(person: Customer) -> list[tuple[str, SafeString]]:
    wanted = [(purpose.label, person.phone, Channel.SMS, purpose) for purpose in Purpose] if person.phone else []
    wanted += [("E-mail", person.email, Channel.EMAIL, Purpose.CARE)] if person.email else []
    return [
        (label, badge(*_CONSENT[consent.state(address, channel, purpose, tenant_id=person.tenant_id)]))
        for label, address, channel, purpose in wanted
    ]


def _visits(person: Customer) -> list[dict[str, Any]]:
    newest = person.appointments.order_by("-starts_at")[:_MOST_VISITS]
    return [
        {"visit": visit, "when": shown_in_zone(visit.starts_at, visit.timezone), "status": status_badge(visit)}
        for visit in newest
    ]


def _family(person: Customer) -> list[Customer]:
    """Others on the same phone."""
    if not person.phone:
        return []
    same = Customer.objects.filter(tenant_id=person.tenant_id, phone=person.phone, deleted_at=None)
    return list(same.exclude(pk=person.pk).order_by("name")[:_MOST_VISITS])
