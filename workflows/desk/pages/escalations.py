"""The work list: what needs a person, the most urgent and oldest first, each with its next step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments import case_reasons
from appointments.case_reasons import Change
from appointments.case_reasons.names import name_of
from appointments.desk import writers
from appointments.desk.screens import closed_by, family_links, priority_badge, visit_time
from appointments.models import Escalation
from appointments.services import escalations
from appointments.services.person import customers
from aro import clock
from aro.desk.base import PageAdmin
from aro.desk.show import age, day_and_time, here, shown_in_zone, stacked
from workflows import emergency_alerts
from workflows.commands import visit_outcomes
from workflows.desk.actions import views
from workflows.desk.actions.actions import ACTIONS
from workflows.desk.actions.buttons import buttons_for, row_buttons
from workflows.desk.pages import case_search, reading
from workflows.desk.pages.filters import CaseReasons, CaseState

_DONE, _REOPEN, _CORRECT_PHONE = "escalation.resolve", "escalation.reopen", "customer.correct_phone"
_NUMBER_IS_RIGHT = "customer.number_is_right"


@admin.register(Escalation)
class EscalationAdmin(PageAdmin):
    page_template = "desk/escalation.html"
    list_filter = (CaseState, "priority", ("reason", CaseReasons))
    list_select_related = ("appointment__customer", "customer", "message")
    search_fields = (
        "title",
        "customer__name_folded",
        "customer__phone",
        "visits__customer__name_folded",
        "visits__customer__phone",
        "message__address",
        "reason",
    )
    ordering = ("priority", "created_at")
    actions = ("mark_done", "reopen")
    about = _(
        "Work from the top: the most urgent and oldest come first. Press Done when it is settled; Undo is offered."
    )
    empty_list = _(
        "Nobody is waiting for you. Cases appear here when a patient asks for a change, does not answer, "
        "or when something could not be sent."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Escalation]:
        return super().get_queryset(request).prefetch_related("visits__customer")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Escalation], search_term: str
    ) -> tuple[QuerySet[Escalation], bool]:
        """The columns hold codes: what is looked for stands in their words."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        seen = case_search.saying(queryset, search_term)
        return (found | queryset.filter(pk__in=seen)) if seen else found, duplicates

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [
            _case_column(request),
            _urgency_column(request),
            writers.patient_column(request.user),
            "visit",
            _buttons_column(request),
        ]

    @admin.display(description=_("Visit"), ordering="appointment__starts_at")
    def visit(self, row: Escalation) -> SafeString | str:
        return family_links(row) or visit_time(row.appointment)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        asked = visit_outcomes.waiting().count()
        link = (
            {
                "about_link": reverse("admin:desk_outcomes"),
                "about_words": gettext("Did they come? ({count})").format(count=asked),
            }
            if asked
            else {}
        )
        return super().changelist_view(request, link | (extra_context or {}))

    def has_act_permission(self, request: HttpRequest) -> bool:
        return ACTIONS[_DONE].allowed(request.user)

    @admin.action(description=_("Mark as done"), permissions=["act"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet[Escalation]) -> None:
        views.run_batch(request, _DONE, [str(pk) for pk in queryset.values_list("pk", flat=True)])

    @admin.action(description=_("Reopen"), permissions=["act"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Escalation]) -> None:
        views.run_batch(request, _REOPEN, [str(pk) for pk in queryset.values_list("pk", flat=True)])

    def page(self, request: HttpRequest, obj: Escalation) -> dict[str, Any]:
        family = family_links(obj)
        if obj.customer_id or family or obj.message_id:
            reading.record(request, "escalation", obj.pk)
        escalations.opened(obj, by=request.user.get_username())
        obj.refresh_from_db(fields=["opened_at", "opened_by"])
        zone = obj.appointment.timezone if obj.appointment else here()
        return {
            "title": obj.title,
            "urgency": priority_badge(obj),
            "reason": name_of(obj.reason),
            "since": shown_in_zone(obj.created_at, zone),
            "visit_when": shown_in_zone(obj.appointment.starts_at, zone) if obj.appointment else "",
            "family": family,
            "wrote_from": writers.number_of(obj),
            "wrote": [
                (words.text, day_and_time(words.message.created_at, zone)) for words in writers.words(obj, request.user)
            ],
            "one_of_them": _whose_conversation(obj),
            "typed": customers.typed_phone(obj.customer) if obj.customer else "",
            "correct_phone": _CORRECT_PHONE if _asks_for_number(obj, request) else "",
            "number_label": ACTIONS[_CORRECT_PHONE].label_for(obj.customer) if obj.customer else "",
            "number_is_right": _NUMBER_IS_RIGHT if _is_doubted(obj, request) else "",
            "resolved": shown_in_zone(obj.resolved_at, zone),
            "ended": _ended(obj, request),
            "told": emergency_alerts.told(obj),
            "buttons": buttons_for(obj, request.user),
        }


def _whose_conversation(case: Escalation) -> UUID | None:
    """One of a family stands for the conversation of their phone; visits of strangers to each other have none."""
    people = [visit.customer for visit in case.visits.all()]
    one_phone = len({person.phone for person in people}) == 1 and bool(people[0].phone)
    return people[0].pk if one_phone or len({person.pk for person in people}) == 1 else None


def _asks_for_number(case: Escalation, request: HttpRequest) -> bool:
    """Whether the right number would end the case, and this reader may enter it."""
    reason = case_reasons.of(case.reason)
    ends = Change.REACHABLE in reason.closes_on or reason.whose_number
    return bool(case.customer_id) and ends and ACTIONS[_CORRECT_PHONE].allowed(request.user)


def _is_doubted(case: Escalation, request: HttpRequest) -> bool:
    """Whether the patient's number is said not to be theirs, and this reader may say otherwise."""
    allowed = case_reasons.of(case.reason).whose_number and ACTIONS[_NUMBER_IS_RIGHT].allowed(request.user)
    return allowed and case.customer is not None and ACTIONS[_NUMBER_IS_RIGHT].offered(case.customer)


def _case_column(request: HttpRequest) -> Callable[[Escalation], SafeString]:
    @admin.display(description=_("What happened, and what to do"), ordering="title")
    def case(row: Escalation) -> SafeString:
        again = gettext(" ({count} times)").format(count=row.times) if row.times > 1 else ""
        quote = writers.beginning(row, request.user) if writers.is_unknown(row) else ""
        notes = (row.next_step, format_html("<q>{}</q>", quote)) if quote else (row.next_step,)
        return stacked(format_html("<strong>{}{}</strong>", row.title, again), *notes)

    return case


def _urgency_column(request: HttpRequest) -> Callable[[Escalation], SafeString]:
    @admin.display(description=_("Priority"), ordering="priority")
    def urgency(row: Escalation) -> SafeString:
        waiting = _ended(row, request) if row.status == Escalation.Status.RESOLVED else age(row.created_at, clock.now())
        return stacked(priority_badge(row), waiting)

    return urgency


def _ended(case: Escalation, request: HttpRequest) -> str:
    who = closed_by(case, request.user)
    return gettext("Done by {who}").format(who=who) if who else gettext("Done")


def _buttons_column(request: HttpRequest) -> Callable[[Escalation], SafeString]:
    @admin.display(description=_("Settle"))
    def settle(row: Escalation) -> SafeString:
        return row_buttons(row, request.user, (_DONE, _REOPEN), request.get_full_path())

    return settle
