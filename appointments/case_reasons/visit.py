"""Reasons that lie in a visit: its time, its outcome, what its patient knows of it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from appointments.case_reasons.codes import (
    BOOKED_UNTOLD,
    CALLED_OFF,
    CANCELLED_UNTOLD,
    CLOSED_DAY,
    HALF_MOVED,
    MOVED_INTO_PAST,
    NO_SHOW_EARLY,
    NOT_REMINDED,
    NOT_TOLD,
    OTHER_TIME_THERE,
    OUTSIDE_HOURS,
    PAST_NO_OUTCOME,
    STILL_CANCELLED,
    STILL_NO_SHOW,
)
from appointments.case_reasons.reason import (
    BY_A_PERSON,
    HIGH,
    LOW,
    OUTCOMES,
    VISIT_CHANGES,
    CaseReason,
    Change,
    Doubt,
    Reminders,
)

VISIT: Final = (
    CaseReason(
        code=PAST_NO_OUTCOME,
        title=_("Past, no outcome: the patient may not have come."),
        next_step=_("Say whether they came. Until then nothing is sent and no figure counts this visit."),
        closes_on=OUTCOMES | {Change.MOVED},
        doubt=Doubt.UNTIL_SAID,
    ),
    CaseReason(
        code=HALF_MOVED,
        title=_("A visit was moved away, and its new time never came."),
        next_step=_("Look it up at the booking system or call the patient, then move or cancel the visit here."),
        priority=HIGH,
        doubt=Doubt.UNTIL_SAID,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code=NOT_TOLD,
        calls=True,
        title=_("A visit was moved, and the patient could not be told in time."),
        next_step=_("Call the patient and tell the new time, then confirm, move or cancel the visit."),
        priority=HIGH,
        closes_on=VISIT_CHANGES | {Change.ARRIVED},
        doubt=Doubt.UNTIL_SAID,
    ),
    # It asks what became of the visit itself: no second case does. See `services/past_moves.py`.
    CaseReason(
        code=MOVED_INTO_PAST,
        title=_("A visit was moved to a time that is over: the patient may still come at the time they know."),
        next_step=_(
            "If they have been there, say that they came. If it was a slip, move the visit back, here and at the "
            "booking system. If it does not take place, call the patient and cancel it."
        ),
        priority=HIGH,
        closes_on=OUTCOMES | {Change.MOVED},
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
    ),
    CaseReason(
        code=BOOKED_UNTOLD,
        calls=True,
        title=_("A visit was booked so late that no text can go out before it."),
        next_step=_("Call the patient if needed, then confirm, move or cancel the visit."),
        doubt=Doubt.UNTIL_SAID,
    ),
    # Its own cancellation opens it, so that it cannot end with one. Its words come from `services/cancellations.py`.
    CaseReason(
        code=CANCELLED_UNTOLD,
        calls=True,
        title=_("The clinic cancelled a visit, and the patient was not told."),
        next_step=_("Call the patient, and offer another time."),
        closes_on=frozenset({Change.MOVED, Change.CAME}),
    ),
    CaseReason(
        code=NO_SHOW_EARLY,
        title=_("A no-show was reported for a visit that has not begun yet."),
        next_step=_(
            "Look at the booking system. If the patient called the visit off, cancel it here; until then it "
            "stands and they are reminded."
        ),
        doubt=Doubt.UNTIL_SAID,
    ),
    CaseReason(
        code=OUTSIDE_HOURS,
        title=_("A visit is booked for a time at which you are closed."),
        next_step=_(
            "Look whether somebody is there then. If not, call the patient and move the visit. "
            "If you are open then, have a manager correct the opening hours or the closed days."
        ),
        priority=LOW,
        closes_on=OUTCOMES | {Change.MOVED},
    ),
    # About several visits: it ends when the last of them is settled. See `services/closed_visits.py`.
    CaseReason(
        code=CLOSED_DAY,
        title=_("Visits are booked for a day on which you are closed."),
        next_step=_(
            "Call the patients and move or cancel each visit: they are reminded as if nothing had changed. "
            "If somebody is there that day, press Done, or have a manager correct the hours or the closed days."
        ),
        closes_on=BY_A_PERSON,
    ),
    CaseReason(code="sync_gone", doubt=Doubt.UNTIL_SAID),
    CaseReason(
        code="moved_unclear",
        title=_("A visit was moved, but the booking system does not say which one."),
        next_step=_("Look at the patient's other visits and cancel the one that no longer takes place."),
        priority=HIGH,
        closes_on=BY_A_PERSON,
    ),
    CaseReason(
        code="seat_unclear",
        title=_("Somebody left a visit for several people, but the booking system does not say who."),
        next_step=_("Look in the booking system who still comes, then cancel the visit of whoever left."),
        priority=HIGH,
        closes_on=BY_A_PERSON,
        doubt=Doubt.UNTIL_SAID,
    ),
    CaseReason(
        code="declined",
        calls=True,
        title=_("What the patient asked for was declined: the visit is off, and they may come at the time they know."),
        next_step=_("Call the patient: agree on a time, or say that the visit does not take place."),
        priority=HIGH,
        closes_on=BY_A_PERSON,
    ),
    CaseReason(
        code="other_person",
        title=_("The booking system now names another person for a visit, with another phone number."),
        next_step=_(
            "Ask who comes. Cancel the visit of whoever does not. If only the details were wrong, correct them here."
        ),
        priority=HIGH,
        closes_on=OUTCOMES | {Change.CONFIRMED, Change.REACHABLE},
        doubt=Doubt.UNTIL_SAID,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code="still_booked",
        title=_("A visit that was cancelled here is booked at the booking system."),
        next_step=_("Find out whether the patient comes. Reopen the visit here, or cancel it at the booking system."),
        closes_on=OUTCOMES | {Change.MOVED},
    ),
    CaseReason(
        code=OTHER_TIME_THERE,
        title=_("A visit that was moved here has another time at the booking system."),
        next_step=_("Move it at the booking system as well. If the time there is the right one, move it here."),
        closes_on=OUTCOMES | {Change.MOVED},
    ),
    CaseReason(
        code=STILL_CANCELLED,
        title=_("A visit that was reopened here is cancelled at the booking system."),
        next_step=_("Find out whether the patient comes. Book it again at the booking system, or cancel it here."),
        closes_on=OUTCOMES | {Change.MOVED},
    ),
    CaseReason(
        code=STILL_NO_SHOW,
        title=_("A visit is marked as a no-show at the booking system, and here it was said that it is none."),
        next_step=_("Ask who is right. Take the mark away at the booking system, or mark the no-show here."),
        closes_on=frozenset({Change.ABSENT, Change.MOVED, Change.CANCELLED}),
    ),
    CaseReason(
        code="not_its_organizer",
        title=_("A calendar file cancels a visit, but it does not come from whoever runs that visit's event."),
        next_step=_("Find out whether the patient comes. If not, cancel the visit here; until then it stands."),
        priority=HIGH,
        doubt=Doubt.UNTIL_SAID,
    ),
    CaseReason(code="no_answer", calls=True),
    CaseReason(
        code=NOT_REMINDED,
        calls=True,
        title=_("Not confirmed, and no reminder went out in time."),
        next_step=_("Call the patient now, then confirm, move or cancel the visit."),
        priority=HIGH,
    ),
    CaseReason(
        code=CALLED_OFF,
        calls=True,
        title=_("Marked as a no-show, but the patient had written before that they would not come."),
        next_step=_("Call and offer another time. It does not count against them as a visit that they missed."),
        closes_on=frozenset({Change.MOVED, Change.CAME, Change.CANCELLED}),
    ),
    CaseReason(code="no_show_high_risk", calls=True, closes_on=frozenset({Change.MOVED, Change.CAME})),
    CaseReason(
        code="repeated_no_shows",
        calls=True,
        title=_("A patient has not come twice or more within a year."),
        next_step=_("Call and ask what would help: another hour, another reminder, or a deposit next time."),
        closes_on=frozenset({Change.MOVED, Change.CAME}),
    ),
)
