"""Every reason for a case, and what ARO does with it: one table, read by all who open, close, rank or count cases.

To add a reason: add a `CaseReason` to the table where it belongs (`said`, `visit`, `reach`, `money`) and its name to
`names`, then open it with
`escalations.escalate(key=..., reason="its_code")`.
`title` and `next_step` are what the case says when its caller gives no words of its own; other words of a case get a
code in `titles`, `next_steps` or `endings`, and are given as `happened(code)`, `to_do(code)` and `because(code)` of
`words`. Then answer three questions:

- May it mean that the person does not come? `doubt=UNTIL_SAID`: the visit is not completed by itself, nothing thanks
  for it and no figure counts it until somebody says what became of it; closing the case without saying it changes
  nothing. `UNLESS_CONFIRMED`: the same while the case is open and the visit was not confirmed before it.
- What ends it? `closes_on`: the changes after which nobody need look. Nothing there: a person closes it.
- `says_so=True` beside a doubt: it says plainly that something is wrong. Coming within two days after a visit that ARO
  completed by itself, it takes that completion back until a person has spoken.
- `says_so_in_words=True` instead: what it tells may have happened since, a death or a fever; only a message that says
  that they had not come (config/not_there.toml) takes the completion back.
- `here=True`: written at the time of the visit it may say "I am here", so a no-show reported then is not believed.
- `unread=True`: what the patient sent waits for an answer, so neither a no-show nor a cancellation closes the case
  before somebody has opened it.
- `priority=URGENT` ranks it above everything; `whole_phone=True` makes its doubt one about everybody on that phone.
- `asks_to_cancel=True`: with it the patient has given the visit up, so that nobody need tell them when it is cancelled.
- `whose_number=True`: it asks whose the number is, so that staff are offered both ways out.
- `calls=True`: it asks to call the patient, so that it first says what to do while a death was told of at their number,
  or somebody else answers there.
- `reminders`: while it is open, does a reminder ask whether they come? `PLAIN` only tells the time, `NONE` is none.
  After a death and at a wrong number the guardrails hold everything back anyhow.
- `of_all_named=True`: where it could be about several visits, it holds for each of them.
- `asked_back=True`: a text of ours has asked the patient, so that their next words answer it. Every other doubt in what
  a patient said waits for a person: a mere "ok" after it neither confirms the visit nor closes the case.

A code that is not in the table has the caller's words, no doubt, and ends with its visit (`VISIT_CHANGES`).
"""

from __future__ import annotations

from typing import Final

from appointments.case_reasons.codes import (
    BOOKED_UNTOLD,
    CALLED_OFF,
    CANCELLED_UNTOLD,
    CLOSED_DAY,
    DECEASED,
    DID_NOT_COME,
    FORMER_NUMBER,
    GONE,
    HALF_MOVED,
    HELD_NUMBER,
    MOVED_INTO_PAST,
    NEW_NUMBER,
    NO_SHOW_EARLY,
    NO_TEXTS,
    NOT_REMINDED,
    NOT_TOLD,
    OTHER_TIME_THERE,
    OUTSIDE_HOURS,
    PAST_NO_OUTCOME,
    PERHAPS_OFF,
    SAID_STOP,
    STILL_CANCELLED,
    STILL_NO_SHOW,
)
from appointments.case_reasons.money import MONEY
from appointments.case_reasons.reach import REACH
from appointments.case_reasons.reason import (
    OUTCOMES,
    CaseReason,
    Change,
    Doubt,
    Reminders,
)
from appointments.case_reasons.said import SAID
from appointments.case_reasons.visit import VISIT

__all__ = [
    "ASKS_TO_CANCEL",
    "BOOKED_UNTOLD",
    "CALLED_OFF",
    "CALLS",
    "CANCELLED_UNTOLD",
    "CHANGES_REMINDERS",
    "CLOSED_DAY",
    "DECEASED",
    "DID_NOT_COME",
    "DOUBTFUL",
    "FORMER_NUMBER",
    "GONE",
    "HALF_MOVED",
    "HELD_NUMBER",
    "MAY_SAY_HERE",
    "MOVED_INTO_PAST",
    "NEW_NUMBER",
    "NOBODY_TO_CALL",
    "NOT_REMINDED",
    "NOT_TOLD",
    "NO_SHOW_EARLY",
    "NO_TEXTS",
    "OTHER_TIME_THERE",
    "OUTCOMES",
    "OUTLASTS_AN_OK",
    "OUTSIDE_HOURS",
    "PAST_NO_OUTCOME",
    "PERHAPS_OFF",
    "REASONS",
    "SAID_STOP",
    "STILL_CANCELLED",
    "STILL_NO_SHOW",
    "WHOLE_PHONE",
    "CaseReason",
    "Change",
    "Doubt",
    "Reminders",
    "of",
]

REASONS: Final[dict[str, CaseReason]] = {reason.code: reason for reason in (*SAID, *VISIT, *REACH, *MONEY)}


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
# They ask to call the patient.
CALLS: Final = frozenset(row.code for row in REASONS.values() if row.calls)
# What a patient said against coming, or what nobody has read yet: a mere "ok" after it settles nothing. After a death,
# and where somebody else answers, nothing is taken for an answer at all.
OUTLASTS_AN_OK: Final = frozenset(row.code for row in SAID if row.doubt != Doubt.NONE and not row.asked_back) - {
    DECEASED,
    "wrong_number",
}
# They hold for everybody on the phone.
WHOLE_PHONE: Final = frozenset(row.code for row in REASONS.values() if row.whole_phone)
# What may mean that nobody of the patient's is at their number.
NOBODY_TO_CALL: Final = frozenset({DECEASED, NEW_NUMBER, "wrong_number"})
