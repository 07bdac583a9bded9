"""Reasons that lie in reaching people: numbers, addresses, channels, caps."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from appointments.case_reasons.codes import FORMER_NUMBER, HELD_NUMBER, NO_TEXTS, SAID_STOP
from appointments.case_reasons.reason import BY_A_PERSON, HIGH, LOW, OUTCOMES, VISIT_CHANGES, CaseReason, Change

REACH: Final = (
    CaseReason(
        code="no_phone",
        title=_("A booking came without a phone number, so nobody can be reminded."),
        next_step=_("Find the number and press Add the number, or remind them by e-mail."),
        closes_on=OUTCOMES | {Change.CONFIRMED, Change.REACHABLE},
    ),
    CaseReason(
        code="unreadable_phone",
        title=_("A booking came with a phone that cannot be read or texted, so nobody can be reminded."),
        next_step=_("Look at what was typed and press Correct the number, or ask the patient by e-mail."),
        closes_on=OUTCOMES | {Change.CONFIRMED, Change.REACHABLE},
    ),
    CaseReason(
        code="stop_taken_along",
        title=_("A patient who had stopped texts has another number now: texts to it are stopped as well."),
        next_step=_("Ask whether they want texts there, then press Opt in again. Until then remind them by phone."),
        closes_on=VISIT_CHANGES - {Change.MOVED},
    ),
    CaseReason(code="not_delivered", calls=True, closes_on=VISIT_CHANGES | {Change.REACHABLE, Change.ARRIVED}),
    CaseReason(
        code=SAID_STOP,
        calls=True,
        title=_("A patient has a visit and cannot be reminded: this number said STOP."),
        next_step=_("Call them before the visit. Who wants texts again sends START from their phone."),
        priority=LOW,
        closes_on=frozenset({Change.REACHABLE}),
    ),
    CaseReason(
        code=NO_TEXTS,
        title=_("A booking says not to text this patient: nothing automatic goes to them by text."),
        next_step=_("Remind them by phone or e-mail. If they do want texts, open the patient and press Opt in again."),
        closes_on=BY_A_PERSON,
    ),
    CaseReason(
        code=HELD_NUMBER,
        title=_("A visit was booked with a number that may not be the patient's: it is not confirmed or reminded."),
        next_step=_(
            "Ask whose number it is. Correct it for whoever has another one, then press The number is right. "
            "Until then nothing about a visit goes there."
        ),
        closes_on=OUTCOMES | {Change.CONFIRMED, Change.REACHABLE},
        whose_number=True,
    ),
    # Whoever has it now speaks for nobody: no doubt about the visit, and its reminders go on to the present number.
    CaseReason(
        code=FORMER_NUMBER,
        title=_("A patient's former number wrote, and not the one they have now."),
        next_step=_(
            "Read the message. Nothing was confirmed, moved, cancelled or answered. If the patient may have "
            "written it, call them; if that number is theirs after all, press Correct the number."
        ),
        closes_on=VISIT_CHANGES | {Change.REACHABLE},
    ),
    CaseReason(code="phone_unusable", calls=True, closes_on=VISIT_CHANGES | {Change.REACHABLE}),
    CaseReason(code="wrong_address", priority=LOW, closes_on=frozenset({Change.REACHABLE, Change.ARRIVED})),
    CaseReason(code="no_template", priority=LOW, closes_on=BY_A_PERSON),
    CaseReason(code="unsafe_text", closes_on=BY_A_PERSON),
    CaseReason(code="other_country", calls=True, closes_on=VISIT_CHANGES | {Change.REACHABLE}),
    CaseReason(code="never_texted", calls=True, closes_on=VISIT_CHANGES | {Change.REACHABLE}),
    CaseReason(
        code="hourly_cap",
        title=_("So many messages went out this hour that the rest waits for the next one."),
        next_step=_("Look at the latest bookings. If somebody books to make ARO text, run aro kill-switch:on."),
        priority=HIGH,
        closes_on=BY_A_PERSON,
    ),
    CaseReason(
        code="older_database",
        title=_("An older backup was put back: texts that went out since are not in it. Automatic texts wait."),
        next_step=_(
            "Take over bookings with aro sync:appointments, compare Opt-outs with the text carrier's list, look at "
            "what is due, then press Done: what still helps goes out within a quarter of an hour."
        ),
        priority=HIGH,
        closes_on=BY_A_PERSON,
    ),
    CaseReason(code="channel_stopped", priority=HIGH, closes_on=BY_A_PERSON),
)
