"""Why a case was closed, when no person did it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from appointments.case_reasons.reason import Change
from aro.desk.sentences import Words

ENDINGS: Final[Words] = {
    Change.CONFIRMED: _("The visit was confirmed."),
    Change.MOVED: _("The visit was moved to another time."),
    Change.CANCELLED: _("The visit was cancelled."),
    Change.CAME: _("The patient came, or the visit's time has passed."),
    Change.ABSENT: _("The visit was marked as a no-show."),
    Change.REACHABLE: _("The number or address was corrected."),
    Change.PAID: _("The deposit was paid."),
    Change.ARRIVED: _("The message arrived after all: the carrier said so later."),
    "all_settled": _("Each visit that it may be about has been settled since."),
    "none_to_come": _("No visit of theirs is to come."),
    "time_has_passed": _("The visit's time has passed."),
    "no_outcome": _('The visit\'s time has passed: it goes on as "Past, no outcome".'),
    "open_again": _("Each of the visits was moved or settled, or you are open then again."),
    "times_agree": _("The booking system has the same time now."),
    "text_told": _("A text told the patient since."),
    "they_know": _("The patient wrote that they know."),
    "booked_anew": _("The patient is booked anew."),
    "bank_decided": _("The bank has decided."),
    "one_given_back": _("One of the payments was given back."),
    "texts_wanted": _("Texts are wanted again."),
    "number_right": _("The number is right."),
    "number_corrected": _("The number was corrected."),
    "not_the_patient": _("It is not the patient."),
    "channel_resumed": _("Somebody pressed Resume: the channel is used again."),
    "provider_back": _("The provider answers again; what waited goes out now."),
    "carrier_took_it": _("The carrier has said since that it took the message."),
    "can_ask": _("ARO can ask again."),
    "all_applied": _("All could be applied."),
    "delivers": _("{name} delivers."),
}
