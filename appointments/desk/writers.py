"""Who wrote what a case is about, and their words: for a number that belongs to no patient, all that staff have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from appointments.desk.screens import person_column, written
from appointments.models import Escalation, Message
from aro.desk.show import stacked
from compliance.desk.screens import Viewer, phone_for

# A list shows the beginning; the case's own page has all of it.
_BEGINNING = 160
_MOST = 10


@dataclass(frozen=True, kw_only=True)
class Words:
    """One message, as it was received."""

    text: str
    message: Message


def may_read(viewer: Viewer) -> bool:
    """Whether this person sees what patients wrote."""
    return bool(getattr(viewer, "has_perm", lambda name: False)("appointments.view_message"))


def number_of(case: Escalation) -> str:
    """The phone that wrote; empty when nobody did, or under a carrier's id without a phone."""
    address = case.message.address if case.message else ""
    return address if address.startswith("+") else ""


def is_unknown(case: Escalation) -> bool:
    """Whether nobody but the message says who it is about."""
    return case.customer_id is None and case.message_id is not None and not case.visits.all()


def beginning(case: Escalation, viewer: Viewer) -> str:
    """The words' beginning, for a list."""
    text = written(case.message, texts=may_read(viewer)) if case.message else ""
    return text if len(text) <= _BEGINNING else text[: _BEGINNING - 1] + "…"


def words(case: Escalation, viewer: Viewer) -> list[Words]:
    """What was written: the message that the case is about, and what came from there since, the oldest first."""
    first = case.message
    if first is None:
        return []
    since = Message.objects.filter(
        tenant_id=case.tenant_id,
        address=first.address,
        direction=Message.Direction.IN,
        created_at__gte=first.created_at,
    )
    found = since.order_by("created_at")[:_MOST] if first.address else [first]
    texts = may_read(viewer)
    return [Words(text=text, message=one) for one in found if (text := written(one, texts=texts))]


def patient_column(viewer: Viewer) -> Callable[[Escalation], SafeString | str]:
    """The patient of a case; where none is known, the number that wrote."""
    known = person_column(viewer, "customer")

    @admin.display(description=_("Patient"), ordering="customer__name")
    def person(case: Escalation) -> SafeString | str:
        if not is_unknown(case):
            return known(case)
        return stacked(_("Not known who"), phone_for(viewer, number_of(case)))

    return person
