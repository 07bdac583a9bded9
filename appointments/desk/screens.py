"""How the business's facts look on a page: colours of states, and a message's fate in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from appointments import failures, states
from appointments.media import in_words
from appointments.models import Appointment, Customer, Deposit, Escalation, Message
from appointments.services import escalations
from appointments.texts.values import first_name
from aro.desk.show import NOTHING, Tone, badge, cell_in_zone, day_and_time, humanized, stacked
from compliance.desk.screens import Viewer, phone_for, sees_staff_names
from compliance.reasons import EXPLANATIONS, Reason

STATUS_TONES: dict[str, Tone] = {
    Appointment.Status.BOOKED: "blue",
    Appointment.Status.CONFIRMED: "green",
    Appointment.Status.RESCHEDULED: "amber",
    Appointment.Status.CANCELLED: "grey",
    Appointment.Status.NO_SHOW: "red",
    Appointment.Status.IN_PROGRESS: "violet",
    Appointment.Status.COMPLETED: "grey",
}
DEPOSIT_TONES: dict[str, Tone] = {
    Deposit.Status.OPEN: "amber",
    Deposit.Status.REQUESTED: "amber",
    Deposit.Status.PROCESSING: "blue",
    Deposit.Status.PAID: "green",
    Deposit.Status.DISPUTED: "red",
    Deposit.Status.LOST: "red",
}
MESSAGE_TONES: dict[str, Tone] = {
    Message.Status.DELIVERED: "green",
    Message.Status.READ: "green",
    Message.Status.SENT: "green",
    Message.Status.QUEUED: "blue",
    Message.Status.HELD: "amber",
    Message.Status.UNKNOWN: "amber",
    Message.Status.FAILED: "red",
    Message.Status.UNDELIVERED: "red",
}
PRIORITY_TONES: dict[int, Tone] = {
    Escalation.Priority.URGENT: "red",
    Escalation.Priority.HIGH: "red",
    Escalation.Priority.MEDIUM: "amber",
    Escalation.Priority.LOW: "grey",
}
# As carriers' own apps show them: one tick handed over, two delivered.
TICKS: dict[str, str] = {
    Message.Status.QUEUED: "✓",
    Message.Status.SENT: "✓",
    Message.Status.DELIVERED: "✓✓",
    Message.Status.READ: "✓✓",
    Message.Status.FAILED: "!",
    Message.Status.UNDELIVERED: "!",
}
# The risk score's starting point is listed among its reasons but tells a reader nothing (appointments/risk/score.py).
SAYS_NOTHING = "where every visit starts"
# From here on the rank is spoken of as medium and high (spec of the score: 70 is the riskiest tenth).
MEDIUM_RISK, HIGH_RISK = 40, 70


def status_badge(visit: Appointment) -> SafeString:
    """The visit's state as a coloured word."""
    return badge(visit.get_status_display(), STATUS_TONES.get(visit.status, "grey"))


def visit_time(visit: Appointment | None) -> SafeString | str:
    """The visit's start for a table's cell, in the visit's own zone."""
    return cell_in_zone(visit.starts_at, visit.timezone) if visit else NOTHING


def family_links(case: Escalation) -> SafeString:
    """A link to each visit of a family that the case may be about, the earliest first; empty for all other cases."""
    visits = sorted(_still_open(case), key=lambda visit: (visit.starts_at, visit.pk))
    if not visits:
        return SafeString("")
    items = format_html_join("", '<li><a href="{}">{}, {}</a></li>', (_link(visit) for visit in visits))
    return format_html('<ul class="aro-list" aria-label="{}">{}</ul>', _("Visits that it may be about"), items)


def _still_open(case: Escalation) -> list[Appointment]:
    """Of an open case those that nobody has settled since; where none is left, and once it is closed, all of them."""
    named = list(case.visits.all())
    if case.status != Escalation.Status.OPEN:
        return named
    waiting = [one for one in named if one.status not in states.TERMINAL and one.time_set_at <= case.created_at]
    return waiting or named


def _link(visit: Appointment) -> tuple[str, str, str]:
    address = reverse("admin:appointments_appointment_change", args=[visit.pk])
    name = first_name(visit.customer.name) or str(visit.customer)
    return address, name, day_and_time(visit.starts_at, visit.timezone)


def closed_by(case: Escalation, viewer: Viewer) -> str:
    """Who of the staff pressed Done; empty when nobody did, and for who may not read their names."""
    staff = "" if case.resolved_by in escalations.SYSTEMS else case.resolved_by
    return staff if sees_staff_names(viewer) else ""


def deposit_badge(visit: Appointment, newest: Deposit | None) -> SafeString | str:
    """What is known of the visit's deposit."""
    if newest is not None:
        state = badge(newest.state_words, DEPOSIT_TONES.get(newest.status, "grey"))
        return stacked(state, f"{newest.amount} {newest.currency}")
    if visit.deposit_paid:
        return badge(_("Paid"), "green")
    return badge(_("To be asked"), "amber") if visit.deposit_required else NOTHING


def risk_words(score: int) -> tuple[str, Tone]:
    """The rank in a word, with its colour."""
    if score >= HIGH_RISK:
        return _("High"), "red"
    return (_("Medium"), "amber") if score >= MEDIUM_RISK else (_("Low"), "green")


def risk_badge(score: int) -> SafeString:
    """`High 82`: the word first, the rank behind it."""
    word, tone = risk_words(score)
    return badge(f"{word} {score}", tone)


def telling(reasons: Sequence[str]) -> list[str]:
    """The reasons worth showing, the weightiest first."""
    return [reason for reason in reasons if reason != SAYS_NOTHING]


def risk_cell(score: int, reasons: Sequence[str]) -> SafeString:
    """The rank and its two strongest reasons."""
    return stacked(risk_badge(score), *telling(reasons)[:2])


def explanation(reason: str) -> str:
    """The ledger's sentence for a stored reason."""
    return str(EXPLANATIONS[Reason(reason)]) if reason in set(Reason) else humanized(reason).lower()


def fate(message: Message, zone: str) -> str:
    """What became of a planned message, and why, in one sentence. Times in `zone`."""
    status, why = message.status, f": {explanation(message.reason)}" if message.reason else ""
    if status == Message.Status.BLOCKED:
        return _("Not sent{why}.").format(why=why)
    if status == Message.Status.HELD:
        if not message.held_until:
            return _("Held{why}.").format(why=why)
        return _("Held until {when}{why}.").format(when=day_and_time(message.held_until, zone), why=why)
    if status in (Message.Status.FAILED, Message.Status.UNDELIVERED):
        said = failures.in_words(message)
        return f"{message.get_status_display()}{f': {said}' if said else why}."
    return f"{message.get_status_display()}{why}."


def written(message: Message, *, texts: bool) -> str:
    """What was written, and in brackets what came along; without `texts` only that."""
    came = f"[{in_words(message.media)}]" if message.media else ""
    return " ".join(part for part in (message.body.strip() if texts else "", came) if part)


def message_badge(message: Message) -> SafeString:
    """The message's state as a coloured word."""
    return badge(message.get_status_display(), MESSAGE_TONES.get(message.status, "grey"))


def priority_badge(case: Escalation) -> SafeString:
    """The case's priority as a coloured word."""
    return badge(case.get_priority_display(), PRIORITY_TONES.get(case.priority, "grey"))


def person_column(viewer: Viewer, path: str, label: str = "Patient") -> Callable[[Any], SafeString | str]:
    """A list column: the person found at `path` of each row (the row itself for an empty one), the phone below."""

    @admin.display(description=label, ordering=f"{path}__name" if path else "name")
    def person(row: Any) -> SafeString | str:
        found: Customer | None = getattr(row, path) if path else row
        if found is None:
            return NOTHING
        return stacked(found, phone_for(viewer, found.phone))

    return person
