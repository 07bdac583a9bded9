"""Reasons that lie in what a patient said, sent or left unsaid."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from appointments.case_reasons.codes import DECEASED, DID_NOT_COME, GONE, NEW_NUMBER, PERHAPS_OFF
from appointments.case_reasons.reason import (
    BY_A_PERSON,
    HIGH,
    LOW,
    OUTCOMES,
    URGENT,
    CaseReason,
    Change,
    Doubt,
    Reminders,
)

SAID: Final = (
    CaseReason(
        code="emergency",
        title=_("A patient's message may be about an emergency."),
        next_step=_("Read the message and call the patient now."),
        priority=URGENT,
        closes_on=BY_A_PERSON,
        doubt=Doubt.UNTIL_SAID,
        says_so_in_words=True,
        whole_phone=True,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code=DECEASED,
        title=_("A message tells of a death: perhaps the patient's."),
        next_step=_(
            "Read the message. Cancel what is booked; until then nothing is sent to this number. "
            "If no patient of yours has died, press It is not the patient."
        ),
        priority=HIGH,
        closes_on=BY_A_PERSON,
        doubt=Doubt.UNTIL_SAID,
        says_so_in_words=True,
        whole_phone=True,
        asks_to_cancel=True,
    ),
    CaseReason(
        code=GONE,
        title=_("A message says that the patient does not come to you any more."),
        next_step=_(
            "Read the message. Cancel what is booked, here and at the booking system, or call and ask. "
            "Until then no reminder and no offer goes out."
        ),
        priority=HIGH,
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        asks_to_cancel=True,
        reminders=Reminders.NONE,
    ),
    # Of this visit only: who is cross and came is asked for a review like everybody else (16 CFR 465).
    CaseReason(
        code="complaint",
        title=_("A patient complains."),
        next_step=_("Read the message and call the patient."),
        priority=HIGH,
        closes_on=BY_A_PERSON,
        doubt=Doubt.UNTIL_SAID,
        reminders=Reminders.NONE,
        here=True,
    ),
    CaseReason(
        code="wrong_number",
        title=_("Somebody else answers at this number."),
        next_step=_("Find the patient's right number and correct it. Nothing personal goes to this one until then."),
        priority=HIGH,
        closes_on=BY_A_PERSON,
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        whole_phone=True,
        whose_number=True,
        # Reminders are planned as always: the number itself is held, and what still helps goes out once it is settled.
        reminders=Reminders.AS_PLANNED,
    ),
    # The number they write from is held like a wrong one, and what they write counts as always.
    CaseReason(
        code=NEW_NUMBER,
        title=_("A patient has a new number: their message names it."),
        next_step=_(
            "Read the message and press Correct the number. What is planned waits until then; if texts are to go "
            "on to the former number, press The number is right."
        ),
        priority=HIGH,
        closes_on=BY_A_PERSON,
        whose_number=True,
    ),
    CaseReason(
        code="cancel_request",
        title=_("A patient cannot come."),
        next_step=_("Cancel the visit here and at the booking system, or call to find another time."),
        priority=HIGH,
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        asks_to_cancel=True,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code=PERHAPS_OFF,
        title=_("A message says that the visit is perhaps off."),
        next_step=_(
            "Read the message and call. Then confirm, move or cancel the visit; until then no reminder goes out."
        ),
        priority=HIGH,
        doubt=Doubt.UNTIL_SAID,
        says_so_in_words=True,
        of_all_named=True,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code="cancel_word",
        title=_("A patient texted just CANCEL: texts to them are stopped, the visit stands."),
        next_step=_("Call and ask whether the visit is to be cancelled too."),
        priority=HIGH,
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        asks_to_cancel=True,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code="reschedule_request",
        title=_("A patient wants another time."),
        next_step=_("Offer a time, or check that they moved the visit with the link."),
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code=DID_NOT_COME,
        title=_("The family writes that this patient did not come."),
        next_step=_("Read the message, then press No-show or cancel the visit, and offer another time."),
        closes_on=OUTCOMES | {Change.MOVED},
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code="unclear_reply",
        title=_("A reply that ARO does not understand for sure."),
        next_step=_("Read the message, then confirm, move or cancel the visit, or answer."),
        doubt=Doubt.UNTIL_SAID,
        says_so_in_words=True,
        reminders=Reminders.PLAIN,
        here=True,
    ),
    CaseReason(
        code="call_wanted",
        title=_("A patient asks to be called, or says that it is urgent."),
        next_step=_("Read the message and call."),
        priority=HIGH,
        closes_on=OUTCOMES,
        doubt=Doubt.UNTIL_SAID,
        reminders=Reminders.PLAIN,
        here=True,
        unread=True,
    ),
    CaseReason(
        code="which_visit",
        title=_("A reply could mean more than one visit on this phone."),
        next_step=_("Read the message, call if needed, and set the right visit yourself."),
        doubt=Doubt.UNTIL_SAID,
        asked_back=True,
        reminders=Reminders.PLAIN,
        here=True,
    ),
    CaseReason(
        code="question",
        title=_("A patient asks something."),
        next_step=_("Read the message and answer or call."),
        closes_on=OUTCOMES,
        doubt=Doubt.UNLESS_CONFIRMED,
        reminders=Reminders.PLAIN,
        here=True,
        unread=True,
    ),
    CaseReason(
        code="media",
        title=_("A patient sent something without words."),
        next_step=_("Open it in the text carrier's message log, then answer or call."),
        closes_on=OUTCOMES,
        doubt=Doubt.UNLESS_CONFIRMED,
        reminders=Reminders.PLAIN,
        here=True,
        unread=True,
    ),
    CaseReason(
        code="machine",
        title=_("An automatic reply came from this phone (driving, out of office or the like)."),
        next_step=_("Read it. If a person wrote it after all, answer or call."),
        priority=LOW,
    ),
    CaseReason(
        code="running_late",
        title=_("A patient is running late."),
        next_step=_("Tell the team; call if the time is short."),
        priority=HIGH,
        closes_on=OUTCOMES | {Change.MOVED},
        reminders=Reminders.PLAIN,
        here=True,
    ),
    # An hour, or longer than the visit: nobody knows whether it still takes place.
    # Read by workflows/replies/meanings/delay.py.
    CaseReason(
        code="very_late",
        title=_("A patient will be so late that the visit may not take place."),
        next_step=_("Call now: keep the visit, move it or cancel it."),
        priority=HIGH,
        closes_on=OUTCOMES | {Change.MOVED},
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        reminders=Reminders.PLAIN,
    ),
    CaseReason(
        code="confirmed_cancelled",
        title=_("A patient confirmed a visit that is cancelled."),
        next_step=_("Call the patient and offer a new time."),
        closes_on=frozenset({Change.MOVED, Change.CAME}),
    ),
)
