"""Every reason for a case, and what ARO does with it: one table, read by all who open, close, rank or count cases.

To add a reason: add a `CaseReason` to `REASONS`, then open it with `escalations.escalate(key=..., reason="its_code")`.
`title` and `next_step` are what the case says when its caller gives no words of its own. Then answer three questions:

- May it mean that the person does not come? `doubt=UNTIL_SAID`: the visit is not completed by itself, nothing thanks
  for it and no figure counts it until somebody says what became of it; closing the case without saying it changes
  nothing. `UNLESS_CONFIRMED`: the same while the case is open and the visit was not confirmed before it.
- What ends it? `closes_on`: the changes after which nobody need look. Nothing there: a person closes it.
- `says_so=True` beside a doubt: it says plainly that something is wrong. Coming within two days after a visit that ARO
  completed by itself, it takes that completion back until a person has spoken.
- `here=True`: written at the time of the visit it may say "I am here", so a no-show reported then is not believed.
- `unread=True`: what the patient sent waits for an answer, so neither a no-show nor a cancellation closes the case
  before somebody has opened it.
- `priority=URGENT` ranks it above everything; `whole_phone=True` makes its doubt one about everybody on that phone.
- `asks_to_cancel=True`: with it the patient has given the visit up, so that nobody need tell them when it is cancelled.
- `whose_number=True`: it asks whose the number is, so that staff are offered both ways out.
- `reminders`: while it is open, does a reminder ask whether they come? `PLAIN` only tells the time, `NONE` is none.
  After a death and at a wrong number the guardrails hold everything back anyhow.

A code that is not in the table has the caller's words, no doubt, and ends with its visit (`VISIT_CHANGES`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from appointments.models import Escalation

HIGH, MEDIUM, LOW = Escalation.Priority.HIGH, Escalation.Priority.MEDIUM, Escalation.Priority.LOW
URGENT = Escalation.Priority.URGENT


class Change(StrEnum):
    """What can happen to a visit, as far as its cases care."""

    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CAME = "came"
    ABSENT = "absent"
    REACHABLE = "reachable"
    PAID = "paid"
    ARRIVED = "arrived"


WHY: Final[dict[Change, str]] = {
    Change.CONFIRMED: "The visit was confirmed.",
    Change.MOVED: "The visit was moved to another time.",
    Change.CANCELLED: "The visit was cancelled.",
    Change.CAME: "The patient came, or the visit's time has passed.",
    Change.ABSENT: "The visit was marked as a no-show.",
    Change.REACHABLE: "The number or address was corrected.",
    Change.PAID: "The deposit was paid.",
    Change.ARRIVED: "The message arrived after all: the carrier said so later.",
}
VISIT_CHANGES: Final = frozenset({Change.CONFIRMED, Change.MOVED, Change.CANCELLED, Change.CAME, Change.ABSENT})
OUTCOMES: Final = frozenset({Change.CAME, Change.ABSENT, Change.CANCELLED})
BY_A_PERSON: Final[frozenset[Change]] = frozenset()


class Doubt(StrEnum):
    """Whether a case makes it doubtful that the person comes."""

    NONE = "none"
    UNLESS_CONFIRMED = "unless_confirmed"
    UNTIL_SAID = "until_said"


class Reminders(IntEnum):
    """How the person is reminded while a case is open; a higher one outweighs."""

    AS_PLANNED = 0
    PLAIN = 1
    NONE = 2


@dataclass(frozen=True, kw_only=True)
class CaseReason:
    """See the module's text."""

    code: str
    title: str = ""
    next_step: str = ""
    priority: int = MEDIUM
    closes_on: frozenset[Change] = VISIT_CHANGES
    doubt: Doubt = Doubt.NONE
    says_so: bool = False
    here: bool = False
    unread: bool = False
    whole_phone: bool = False
    asks_to_cancel: bool = False
    whose_number: bool = False
    reminders: Reminders = Reminders.AS_PLANNED

    def ends(self, change: Change, *, opened: bool) -> bool:
        """Whether this change closes a case of this reason, which somebody has `opened` or not."""
        waits = self.unread and not opened and change in (Change.ABSENT, Change.CANCELLED)
        return change in self.closes_on and not waits

    @property
    def urgent(self) -> bool:
        return self.priority == URGENT


PAST_NO_OUTCOME: Final = "past_no_outcome"
DECEASED: Final = "deceased"
HALF_MOVED: Final = "half_moved"
NOT_TOLD: Final = "not_told"
BOOKED_UNTOLD: Final = "booked_untold"
OUTSIDE_HOURS: Final = "outside_hours"
CLOSED_DAY: Final = "closed_day"
CANCELLED_UNTOLD: Final = "cancelled_untold"
SAID_STOP: Final = "said_stop"
NO_SHOW_EARLY: Final = "no_show_early"
HELD_NUMBER: Final = "held_number"
NEW_NUMBER: Final = "new_number"
NOT_REMINDED: Final = "not_reminded"

_WHAT_THE_PATIENT_SAID: Final = (
    CaseReason(
        code="emergency",
        title="A patient's message may be about an emergency.",
        next_step="Read the message and call the patient now.",
        priority=URGENT,
        closes_on=BY_A_PERSON,
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        whole_phone=True,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code=DECEASED,
        title="A message tells of a death: perhaps the patient's.",
        next_step="Read the message. Cancel what is booked; until then nothing is sent to this number. "
        "If no patient of yours has died, press It is not the patient.",
        priority=HIGH,
        closes_on=BY_A_PERSON,
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        whole_phone=True,
        asks_to_cancel=True,
    ),
    CaseReason(
        code="no_longer_patient",
        title="A message says that the patient does not come to you any more.",
        next_step="Read the message. Ask whether the visit is to be cancelled.",
        priority=HIGH,
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        asks_to_cancel=True,
        reminders=Reminders.NONE,
    ),
    # Of this visit only: who is cross and came is asked for a review like everybody else (16 CFR 465).
    CaseReason(
        code="complaint",
        title="A patient complains.",
        next_step="Read the message and call the patient.",
        priority=HIGH,
        closes_on=BY_A_PERSON,
        doubt=Doubt.UNTIL_SAID,
        reminders=Reminders.NONE,
        here=True,
    ),
    CaseReason(
        code="wrong_number",
        title="Somebody else answers at this number.",
        next_step="Find the patient's right number and correct it. Nothing personal goes to this one until then.",
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
        title="A patient has a new number: their message names it.",
        next_step="Read the message and press Correct the number. What is planned waits until then; if texts are to go "
        "on to the former number, press The number is right.",
        priority=HIGH,
        closes_on=BY_A_PERSON,
        whose_number=True,
    ),
    CaseReason(
        code="cancel_request",
        title="A patient cannot come.",
        next_step="Cancel the visit here and at the booking system, or call to find another time.",
        priority=HIGH,
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        asks_to_cancel=True,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code="cancel_word",
        title="A patient texted just CANCEL: texts to them are stopped, the visit stands.",
        next_step="Call and ask whether the visit is to be cancelled too.",
        priority=HIGH,
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        asks_to_cancel=True,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code="reschedule_request",
        title="A patient wants another time.",
        next_step="Offer a time, or check that they moved the visit with the link.",
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code="unclear_reply",
        title="A reply that ARO does not understand for sure.",
        next_step="Read the message, then confirm, move or cancel the visit, or answer.",
        doubt=Doubt.UNTIL_SAID,
        reminders=Reminders.PLAIN,
        here=True,
    ),
    CaseReason(
        code="call_wanted",
        title="A patient asks to be called, or says that it is urgent.",
        next_step="Read the message and call.",
        priority=HIGH,
        closes_on=OUTCOMES,
        doubt=Doubt.UNTIL_SAID,
        reminders=Reminders.PLAIN,
        here=True,
        unread=True,
    ),
    CaseReason(
        code="which_visit",
        title="A reply could mean more than one visit on this phone.",
        next_step="Read the message, call if needed, and set the right visit yourself.",
        doubt=Doubt.UNTIL_SAID,
        reminders=Reminders.PLAIN,
        here=True,
    ),
    CaseReason(
        code="question",
        title="A patient asks something.",
        next_step="Read the message and answer or call.",
        closes_on=OUTCOMES,
        doubt=Doubt.UNLESS_CONFIRMED,
        reminders=Reminders.PLAIN,
        here=True,
        unread=True,
    ),
    CaseReason(
        code="media",
        title="A patient sent something without words.",
        next_step="Open it at the carrier, then answer or call.",
        closes_on=OUTCOMES,
        doubt=Doubt.UNLESS_CONFIRMED,
        reminders=Reminders.PLAIN,
        here=True,
        unread=True,
    ),
    CaseReason(
        code="machine",
        title="An automatic reply came from this phone (driving, out of office or the like).",
        next_step="Read it. If a person wrote it after all, answer or call.",
        priority=LOW,
    ),
    CaseReason(
        code="running_late",
        title="A patient is running late.",
        next_step="Tell the team; call if the time is short.",
        priority=HIGH,
        closes_on=OUTCOMES | {Change.MOVED},
        reminders=Reminders.PLAIN,
        here=True,
    ),
    # An hour, or longer than the visit: nobody knows whether it still takes place. See workflows/replies/delay.py.
    CaseReason(
        code="very_late",
        title="A patient will be so late that the visit may not take place.",
        next_step="Call now: keep the visit, move it or cancel it.",
        priority=HIGH,
        closes_on=OUTCOMES | {Change.MOVED},
        doubt=Doubt.UNTIL_SAID,
        says_so=True,
        reminders=Reminders.PLAIN,
    ),
    CaseReason(
        code="confirmed_cancelled",
        title="A patient confirmed a visit that is cancelled.",
        next_step="Call the patient and offer a new time.",
        closes_on=frozenset({Change.MOVED, Change.CAME}),
    ),
)

_THE_VISIT: Final = (
    CaseReason(
        code=PAST_NO_OUTCOME,
        title="Past, no outcome: the patient may not have come.",
        next_step="Say whether they came. Until then nothing is sent and no figure counts this visit.",
        closes_on=OUTCOMES | {Change.MOVED},
        doubt=Doubt.UNTIL_SAID,
    ),
    CaseReason(
        code=HALF_MOVED,
        title="A visit was moved away, and its new time never came.",
        next_step="Look it up at the booking system or call the patient, then move or cancel the visit here.",
        priority=HIGH,
        doubt=Doubt.UNTIL_SAID,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code=NOT_TOLD,
        title="A visit was moved, and the patient could not be told in time.",
        next_step="Call the patient and tell the new time, then confirm, move or cancel the visit.",
        priority=HIGH,
        closes_on=VISIT_CHANGES | {Change.ARRIVED},
        doubt=Doubt.UNTIL_SAID,
    ),
    CaseReason(
        code=BOOKED_UNTOLD,
        title="A visit was booked so late that no text can go out before it.",
        next_step="Call the patient if needed, then confirm, move or cancel the visit.",
        doubt=Doubt.UNTIL_SAID,
    ),
    # Its own cancellation opens it, so that it cannot end with one. Its words come from `services/cancellations.py`.
    CaseReason(
        code=CANCELLED_UNTOLD,
        title="The clinic cancelled a visit, and the patient was not told.",
        next_step="Call the patient, and offer another time.",
        closes_on=frozenset({Change.MOVED, Change.CAME}),
    ),
    CaseReason(
        code=NO_SHOW_EARLY,
        title="A no-show was reported for a visit that has not begun yet.",
        next_step="Look at the booking system. If the patient called the visit off, cancel it here; until then it "
        "stands and they are reminded.",
        doubt=Doubt.UNTIL_SAID,
    ),
    CaseReason(
        code=OUTSIDE_HOURS,
        title="A visit is booked for a time at which you are closed.",
        next_step="Look whether somebody is there then. If not, call the patient and move the visit. "
        "If you are open then, correct the opening hours or the closed days.",
        priority=LOW,
        closes_on=OUTCOMES | {Change.MOVED},
    ),
    # About several visits: it ends when the last of them is settled. See `services/closed_visits.py`.
    CaseReason(
        code=CLOSED_DAY,
        title="Visits are booked for a day on which you are closed.",
        next_step="Call the patients and move or cancel each visit: they are reminded as if nothing had changed. "
        "If somebody is there that day, press Done, or correct the hours or the closed days.",
        closes_on=BY_A_PERSON,
    ),
    CaseReason(code="sync_gone", doubt=Doubt.UNTIL_SAID),
    CaseReason(
        code="moved_unclear",
        title="A visit was moved, but the booking system does not say which one.",
        next_step="Look at the patient's other visits and cancel the one that no longer takes place.",
        priority=HIGH,
        closes_on=BY_A_PERSON,
    ),
    CaseReason(
        code="seat_unclear",
        title="Somebody left a visit for several people, but the booking system does not say who.",
        next_step="Look in the booking system who still comes, then cancel the visit of whoever left.",
        priority=HIGH,
        closes_on=BY_A_PERSON,
        doubt=Doubt.UNTIL_SAID,
    ),
    CaseReason(
        code="declined",
        title="What the patient asked for was declined: the visit is off, and they may come at the time they know.",
        next_step="Call the patient: agree on a time, or say that the visit does not take place.",
        priority=HIGH,
        closes_on=BY_A_PERSON,
    ),
    CaseReason(
        code="other_person",
        title="The booking system now names another person for a visit, with another phone number.",
        next_step="Ask who comes. Cancel the visit of whoever does not. "
        "If only the details were wrong, correct them here.",
        priority=HIGH,
        closes_on=OUTCOMES | {Change.CONFIRMED, Change.REACHABLE},
        doubt=Doubt.UNTIL_SAID,
        reminders=Reminders.NONE,
    ),
    CaseReason(
        code="still_booked",
        title="A visit that was cancelled here is booked at the booking system.",
        next_step="Find out whether the patient comes. Reopen the visit here, or cancel it at the booking system.",
        closes_on=OUTCOMES | {Change.MOVED},
    ),
    CaseReason(code="no_answer"),
    CaseReason(
        code=NOT_REMINDED,
        title="Not confirmed, and no reminder went out in time.",
        next_step="Call the patient now, then confirm, move or cancel the visit.",
        priority=HIGH,
    ),
    CaseReason(code="no_show_high_risk", closes_on=frozenset({Change.MOVED, Change.CAME})),
    CaseReason(
        code="repeated_no_shows",
        title="A patient has not come twice or more within a year.",
        next_step="Call and ask what would help: another hour, another reminder, or a deposit next time.",
        closes_on=frozenset({Change.MOVED, Change.CAME}),
    ),
)

_REACHING_PEOPLE: Final = (
    CaseReason(
        code="no_phone",
        title="A booking came without a phone number, so nobody can be reminded.",
        next_step="Find the number and add it with Correct the number, or remind them by e-mail.",
        closes_on=OUTCOMES | {Change.CONFIRMED, Change.REACHABLE},
    ),
    CaseReason(
        code="unreadable_phone",
        title="A booking came with a phone number that cannot be read, so nobody can be reminded.",
        next_step="Look at what was typed and press Correct the number, or ask the patient by e-mail.",
        closes_on=OUTCOMES | {Change.CONFIRMED, Change.REACHABLE},
    ),
    CaseReason(
        code="stop_taken_along",
        title="A patient who had stopped texts has another number now: texts to it are stopped as well.",
        next_step="Ask whether they want texts there, then press Allow texts. Until then remind them by phone.",
        closes_on=VISIT_CHANGES - {Change.MOVED},
    ),
    CaseReason(code="not_delivered", closes_on=VISIT_CHANGES | {Change.REACHABLE, Change.ARRIVED}),
    CaseReason(
        code=SAID_STOP,
        title="A patient has a visit and cannot be reminded: this number said STOP.",
        next_step="Call them before the visit. Who wants texts again sends START from their phone.",
        priority=LOW,
        closes_on=frozenset({Change.REACHABLE}),
    ),
    CaseReason(
        code=HELD_NUMBER,
        title="A visit was booked with a number that may not be the patient's: it is not confirmed or reminded.",
        next_step="Ask whose number it is. Correct it for whoever has another one, then press The number is right. "
        "Until then nothing about a visit goes there.",
        closes_on=OUTCOMES | {Change.CONFIRMED, Change.REACHABLE},
        whose_number=True,
    ),
    CaseReason(code="phone_unusable", closes_on=VISIT_CHANGES | {Change.REACHABLE}),
    CaseReason(code="wrong_address", priority=LOW, closes_on=frozenset({Change.REACHABLE, Change.ARRIVED})),
    CaseReason(code="no_template", priority=LOW, closes_on=BY_A_PERSON),
    CaseReason(code="unsafe_text", closes_on=BY_A_PERSON),
    CaseReason(code="other_country", closes_on=VISIT_CHANGES | {Change.REACHABLE}),
    CaseReason(code="never_texted", closes_on=VISIT_CHANGES | {Change.REACHABLE}),
    CaseReason(
        code="hourly_cap",
        title="So many messages went out this hour that the rest waits for the next one.",
        next_step="Look at the latest bookings. If somebody books to make ARO text, run aro kill-switch:on.",
        priority=HIGH,
        closes_on=BY_A_PERSON,
    ),
    CaseReason(code="channel_stopped", priority=HIGH, closes_on=BY_A_PERSON),
)

_DEPOSIT_OVER: Final = OUTCOMES | {Change.MOVED, Change.PAID}
_MONEY: Final = (
    CaseReason(code="deposit_unpaid", closes_on=_DEPOSIT_OVER),
    CaseReason(code="deposit_link_failed", closes_on=_DEPOSIT_OVER),
    CaseReason(code="deposit_dispute_won", priority=LOW, closes_on=BY_A_PERSON),
    # Money that has moved is looked at, whatever becomes of the visit.
    *(
        CaseReason(code=code, priority=HIGH, closes_on=BY_A_PERSON)
        for code in (
            "deposit_link_on",
            "deposit_disputed",
            "deposit_dispute_asked",
            "deposit_dispute_lost",
            "deposit_refund_failed",
            "deposit_suspected",
            "deposit_payment_failed",
            "deposit_mismatch",
            "deposit_paid_late",
            "deposit_paid_twice",
        )
    ),
)

REASONS: Final[dict[str, CaseReason]] = {
    reason.code: reason for reason in (*_WHAT_THE_PATIENT_SAID, *_THE_VISIT, *_REACHING_PEOPLE, *_MONEY)
}


def of(code: str) -> CaseReason:
    """The row of a code; the default for one that has none."""
    return REASONS.get(code) or CaseReason(code=code)


# While one of these is open (or was closed without a word about the visit), nobody knows whether the person comes.
DOUBTFUL: Final = frozenset(row.code for row in REASONS.values() if row.doubt != Doubt.NONE)
# With one of these the patient gave the visit up.
ASKS_TO_CANCEL: Final = frozenset(row.code for row in REASONS.values() if row.asks_to_cancel)
# While one of these is open, the next reminder is another one than was planned.
CHANGES_REMINDERS: Final = frozenset(row.code for row in REASONS.values() if row.reminders)
# What was written while the visit was to begin, and may say that the patient is there.
MAY_SAY_HERE: Final = frozenset(row.code for row in REASONS.values() if row.here)
